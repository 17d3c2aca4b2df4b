// The tests that make sense on Windows, run by a Windows Node under Wine: `npm run test:windows`, or with the starts of
// paths as `npm test` takes them. Where Wine cannot be had they are skipped, and the reason is said. On Windows itself
// `npm test` runs them.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitStatus, requireCurrentNode, root } from './run.mjs';
import { isInstalled, provideTestTools } from './test-tools.mjs';
import { add, finish, nothing, readReport, sentence } from './totals.mjs';
import { provideWindowsNode } from './windows-node.mjs';
import { startWine, windowsPath, windowsUrl } from './wine.mjs';

requireCurrentNode();

/** Whole folders, or single files of folders whose other tests need Linux, a browser, or much more time. */
const suites = [
  'test/windows/',
  'test/program/contract-for-scripts',
  'test/program/serve',
  'test/program/settings',
  'test/app-data/',
  'test/conformance/',
  'test/core/',
  'test/server/answers',
  'test/server/attacks',
  'test/server/docs',
  'test/server/events',
  'test/server/guard',
  'test/server/http-client',
  'test/server/life',
  'test/paths/',
  'test/settings/',
];
const fileTimeoutMs = 360_000;

function chooseFiles(wanted) {
  const all = readdirSync(join(root, 'test'), { recursive: true })
    .map((path) => `test/${path}`)
    .filter((path) => path.endsWith('.test.ts'));
  const ours = suites.flatMap((start) => all.filter((path) => path.startsWith(start)).sort());
  return wanted.length === 0 ? ours : ours.filter((path) => wanted.some((start) => path.startsWith(start)));
}

async function prepare(files) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { obstacle: `Wine runs them on Linux on x64, not on ${process.platform} on ${process.arch}` };
  }
  await provideTestTools(files);
  if (!isInstalled('wine')) return { obstacle: 'Wine is not installed' };
  try {
    return { node: provideWindowsNode(), wine: startWine() };
  } catch (thrown) {
    return { obstacle: `no Windows Node could be started: ${thrown instanceof Error ? thrown.message : thrown}` };
  }
}

async function tryFile(file, { node, wine, scratch }) {
  const name = file.replaceAll('/', '-');
  const output = join(scratch, `${name}.txt`);
  const report = join(scratch, `${name}.json`);
  const startedAt = performance.now();
  const status = await wine.run(
    node.nodeExe,
    [
      '--no-warnings',
      '--test',
      '--test-isolation=none',
      // A pipe or socket to a program that was killed stays open there for good now and then.
      '--test-force-exit',
      '--test-timeout=180000',
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      `--test-reporter=${windowsUrl(join(root, 'scripts', 'totals-reporter.mjs'))}`,
      `--test-reporter-destination=${windowsPath(report)}`,
      file,
    ],
    {
      cwd: root,
      output,
      timeoutMs: fileTimeoutMs,
      env: {
        NODE_PATH: windowsPath(node.modules),
        NODE_OPTIONS: `--require=${windowsPath(join(root, 'scripts', 'wine-shim.cjs')).replaceAll('\\', '/')}`,
        UNDER_WINE: '1',
        TEST_SHARE: wine.share,
        TEST_SHARE_FOLDER: wine.shareFolder,
      },
    },
  );
  const totals = readReport(report);
  const isOk = status === 0 && totals.failed === 0;
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${isOk ? '✔' : '✖'} ${file}: ${sentence(totals)} (${seconds} s)\n`);
  if (isOk) return { isOk, totals };
  process.stdout.write(readFileSync(output, 'utf8'));
  if (status === null) process.stdout.write(`${file} was still running after ${fileTimeoutMs / 1000} s.\n`);
  return { isOk, totals: totals.failed > 0 ? totals : { ...totals, failed: 1 } };
}

/** Wine itself stumbles now and then (a process that never ends, a start that takes too long), so a file that failed is
 * run once more, and the run says so. What fails twice has failed. */
async function runFile(file, context) {
  const first = await tryFile(file, context);
  if (first.isOk) return first.totals;
  process.stdout.write(`${file} is tried a second time.\n`);
  const second = await tryFile(file, context);
  return second.totals;
}

async function runAll(files, context) {
  let totals = nothing;
  const runEach = async (some) => {
    for (const file of some) {
      const counted = await runFile(file, context);
      totals = add(totals, counted);
    }
  };
  // Starting the program takes Wine seconds, and the program gives up on a part of it that takes ten: one at a time.
  const startsProgram = (file) => file.startsWith('test/program/');
  const lanes = [files.filter(startsProgram), files.filter((file) => !startsProgram(file))];
  if (availableParallelism() > 1) await Promise.all(lanes.map(runEach));
  else for (const lane of lanes) await runEach(lane);
  return totals;
}

const files = chooseFiles(process.argv.slice(2));
if (files.length === 0) {
  process.stderr.write('No test file matches.\n');
  process.exit(1);
}
const buildStatus = await exitStatus('scripts/build.mjs', ['--quiet']);
const prepared = await prepare(files);
if (prepared.obstacle !== undefined) {
  process.stdout.write(`The tests under Windows are skipped: ${prepared.obstacle}.\n`);
  finish({ ...nothing, skipped: files.length });
} else {
  const scratch = mkdtempSync(join(tmpdir(), 'weightroom-windows-'));
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      prepared.wine.end();
      process.exit(130);
    });
  }
  try {
    const totals = await runAll(files, { ...prepared, scratch });
    finish(buildStatus === 0 ? totals : { ...totals, failed: totals.failed + 1 });
  } finally {
    prepared.wine.end();
    rmSync(scratch, { recursive: true, force: true });
  }
}
