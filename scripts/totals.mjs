import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

/** How many tests of a run passed, failed and were skipped. */
export function add(one, other) {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  };
}

export const nothing = { passed: 0, failed: 0, skipped: 0 };

/** What `totals-reporter.mjs` wrote; a run that died before it could write counts as one failure. */
export function readReport(file) {
  if (!existsSync(file)) return { ...nothing, failed: 1 };
  const last = readFileSync(file, 'utf8').trim().split('\n').at(-1);
  if (!last) return { ...nothing, failed: 1 };
  const { passed, failed, cancelled, skipped, todo } = JSON.parse(last);
  // What is still to be done may fail; it counts as passed here as it does for the exit status.
  return { passed: passed + todo, failed: failed + cancelled, skipped };
}

export const sentence = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed, ${skipped} skipped`;

/**
 * Ends a script that ran tests or checks: says the totals, alone on a line, and leaves them for `ci.mjs`, which adds up
 * what several scripts counted.
 */
export function finish(totals) {
  const file = process.env.TOTALS_FILE;
  if (file) writeFileSync(file, JSON.stringify(totals));
  process.stdout.write(`\n${sentence(totals)}\n`);
  process.exitCode = totals.failed === 0 ? 0 : 1;
}

/** Reads and forgets what a script left. */
export function takeTotals(file) {
  if (!existsSync(file)) return null;
  const totals = JSON.parse(readFileSync(file, 'utf8'));
  rmSync(file);
  return totals;
}

/** A path of our own below `.cache`, where nothing is now. */
export function scratchFile(name) {
  const folder = join(root, '.cache', 'totals');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.${process.pid}.json`);
  rmSync(file, { force: true });
  return file;
}
