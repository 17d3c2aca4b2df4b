// All tests, or those whose path starts with an argument: `npm test`, `npm test -- test/cli`. Installs what they need
// where it can; what is missing makes its tests skip with the reason. Ends with the counts. Those of test/windows run on
// Windows only; `npm run test:windows` runs them elsewhere.
import { spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { exitStatus, requireCurrentNode, root } from './run.mjs';
import { provideTestTools } from './test-tools.mjs';
import { add, finish, nothing, readReport, scratchFile } from './totals.mjs';

requireCurrentNode();

/** A browser takes all processors for seconds, and these wait with deadlines or measure: they run one after the other. */
const alone = ['test/crash/', 'test/faults/', 'test/program/event-loop', 'test/server/browser-lab', 'test/e2e/'];
const inBrowser = 'test/e2e/';

const startsWithOne = (starts) => (path) => starts.some((start) => path.startsWith(start));

function chooseFiles(wanted) {
  const all = readdirSync(join(root, 'test'), { recursive: true })
    .map((path) => `test/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.test.ts'))
    .filter((path) => process.platform === 'win32' || !path.startsWith('test/windows/'))
    .sort();
  return wanted.length === 0 ? all : all.filter(startsWithOne(wanted.map((start) => start.replace(/^\.\//, ''))));
}

/** Resolves with the counts; a run that ended badly without a failed test counts as one failure. */
function runTests(some, concurrency) {
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
      `--test-concurrency=${concurrency}`,
      ...flags,
      ...some,
    ],
    { cwd: root, stdio: 'inherit' },
  );
  return new Promise((resolve) => {
    child.on('exit', (code) => {
      const totals = readReport(report);
      rmSync(report, { force: true });
      resolve(code === 0 || totals.failed > 0 ? totals : { ...totals, failed: 1 });
    });
  });
}

/** A browser stumbles now and then on a busy machine, so a file that failed is run once more, and the run says so. What
 * fails twice has failed. */
async function runInBrowser(file) {
  const first = await runTests([file], 1);
  if (first.failed === 0) return first;
  process.stdout.write(`\n${file} is tried a second time.\n`);
  const second = await runTests([file], 1);
  if (second.failed === 0) atSecondTry.push(file);
  return second;
}

const words = process.argv.slice(2);
const flags = words.filter((word) => word.startsWith('-'));
const files = chooseFiles(words.filter((word) => !word.startsWith('-')));
if (files.length === 0) {
  process.stderr.write('No test file matches.\n');
  process.exit(1);
}
await provideTestTools(files);
// Tests of the program as people run it need it built; all others say more than a build that fails.
const buildStatus = await exitStatus('scripts/build.mjs', ['--quiet']);

const atSecondTry = [];
let totals = buildStatus === 0 ? nothing : { ...nothing, failed: 1 };
const isAlone = startsWithOne(alone);
const browserFiles = files.filter((file) => file.startsWith(inBrowser));
const lonelyFiles = files.filter((file) => isAlone(file) && !browserFiles.includes(file));
const otherFiles = files.filter((file) => !isAlone(file));
if (otherFiles.length > 0) totals = add(totals, await runTests(otherFiles, availableParallelism()));
if (lonelyFiles.length > 0) totals = add(totals, await runTests(lonelyFiles, 1));
for (const file of browserFiles) totals = add(totals, await runInBrowser(file));
for (const file of atSecondTry) process.stdout.write(`\n${file} passed at the second try.\n`);
finish(totals);
