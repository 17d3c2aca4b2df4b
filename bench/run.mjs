// The program against its peers: `npm run bench -- [--profile XS|S|M|L] [--only ROWS] [--rounds N] [--quick]
// [--million] [--dir FOLDER] [--out FILE]`. A full run on profile L writes docs/performance.md. Ends with status 1 when
// an answer is wrong or a bar that must hold does not.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { requireCurrentNode } from '../scripts/run.mjs';

requireCurrentNode();

const { createBench } = await import('./bench.mjs');
const { profileNames } = await import('./library/profiles.mjs');
const { pageOfResults } = await import('./page-of-results.mjs');
const { watchOtherWork } = await import('./measure/other-work.mjs');
const { chooseRows } = await import('./rows.mjs');
const { figureTable, verdictTable } = await import('./table.mjs');

const { values } = parseArgs({
  options: {
    profile: { type: 'string', default: 'L' },
    only: { type: 'string' },
    rounds: { type: 'string' },
    quick: { type: 'boolean', default: false },
    million: { type: 'boolean', default: false },
    dir: { type: 'string' },
    out: { type: 'string' },
  },
});
if (!profileNames.includes(values.profile)) stop(`--profile is one of ${profileNames.join(', ')}.`);
const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
if (!Number.isInteger(rounds) || rounds < 1) stop('--rounds is a whole number from 1.');
const chosen = chooseRows(values.only);
if (chosen.length === 0) stop(`No row fits --only ${values.only}.`);

const startedAt = new Date();
let mostOtherWork = 0;
const say = (text) => process.stderr.write(`${text}\n`);
const bench = openBench({
  profile: values.profile,
  rounds,
  isQuick: values.quick,
  withMillion: values.million,
  cacheFolder: values.dir,
  say,
});
const rows = [];
for (const row of chosen) rows.push(await runRow(row));

process.stdout.write(`\n${figureTable(rows)}\n\n${verdictTable(rows)}\n`);
if (values.profile !== 'L')
  process.stdout.write(`\nThe bars are set for profile L; on ${values.profile} only wrong answers count.\n`);
const page = values.out ?? pageOfFullRun();
if (page !== null) {
  const minutes = (Date.now() - startedAt.getTime()) / 60_000;
  writeFileSync(page, pageOfResults({ rows, bench, startedAt, minutes, mostOtherWork }));
  say(`\nWritten: ${page}`);
}
process.exitCode = rows.some(isFailure) ? 1 : 0;

async function runRow(row) {
  say(`\nRow ${row.number}: ${row.work}`);
  const skipped = row.obstacle?.(bench) ?? null;
  if (skipped !== null) {
    say(`  skipped: ${skipped}`);
    return { ...row, results: [], bars: [], skipped };
  }
  const otherWorkOfRow = watchOtherWork();
  try {
    return { ...row, ...(await row.run(bench)) };
  } catch (error) {
    say(`  FAILED: ${error.stack}`);
    const failure = { name: row.work, isOurs: true, samples: [], error: error.message };
    const bar = { level: 'must', text: 'runs', measured: error.message, isMet: false };
    return { ...row, results: [failure], bars: [bar] };
  } finally {
    noteOtherWork(row, otherWorkOfRow());
  }
}

/** A browser and its helpers cannot be told from other programs. */
function noteOtherWork({ usesBrowser = false }, share) {
  if (usesBrowser) return;
  say(`  other work took ${(share * 100).toFixed(0)} % of the machine`);
  mostOtherWork = Math.max(mostOtherWork, share);
}

function isFailure({ results, bars }) {
  const isMissed = values.profile === 'L' && bars.some(({ level, isMet }) => level === 'must' && isMet === false);
  return isMissed || results.some(({ error }) => error);
}

function openBench(options) {
  try {
    return createBench(options);
  } catch (error) {
    return stop(error.message);
  }
}

function pageOfFullRun() {
  if (values.profile !== 'L' || values.only !== undefined || values.quick) return null;
  return join(import.meta.dirname, '..', 'docs', 'performance.md');
}

function stop(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(2);
}
