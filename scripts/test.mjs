// All tests, or those whose path starts with an argument: `npm test`, `npm test -- test/cli`. Installs what they need
// where it can; what is missing makes its tests skip with the reason. Ends with the counts. Those of test/windows run on
// Windows only; `npm run test:windows` runs them elsewhere.
import { spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { exitStatus, requireCurrentNode, root } from './run.mjs';
import { provideTestTools } from './test-tools.mjs';
import { finish, readReport, scratchFile } from './totals.mjs';

requireCurrentNode();

function chooseFiles(wanted) {
  const all = readdirSync(join(root, 'test'), { recursive: true })
    .map((path) => `test/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.test.ts'))
    .filter((path) => process.platform === 'win32' || !path.startsWith('test/windows/'));
  if (wanted.length === 0) return all.sort();
  return all.filter((path) => wanted.some((start) => path.startsWith(start.replace(/^\.\//, '')))).sort();
}

const files = chooseFiles(process.argv.slice(2).filter((word) => !word.startsWith('-')));
if (files.length === 0) {
  process.stderr.write('No test file matches.\n');
  process.exit(1);
}
await provideTestTools(files);
// Tests of the program as people run it need it built; all others say more than a build that fails.
const buildStatus = await exitStatus('scripts/build.mjs', ['--quiet']);

const report = scratchFile('report');
const child = spawn(
  process.execPath,
  [
    '--test',
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    `--test-reporter=${new URL('totals-reporter.mjs', import.meta.url)}`,
    `--test-reporter-destination=${report}`,
    '--test-timeout=600000',
    `--test-concurrency=${availableParallelism()}`,
    ...process.argv.slice(2).filter((word) => word.startsWith('-')),
    ...files,
  ],
  { cwd: root, stdio: 'inherit' },
);
child.on('exit', (code) => {
  const totals = readReport(report);
  rmSync(report, { force: true });
  const isClean = code === 0 && buildStatus === 0;
  finish(isClean || totals.failed > 0 ? totals : { ...totals, failed: 1 });
});
