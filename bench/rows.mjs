import { whyNotCold } from './measure/cold-cache.mjs';
import { compareFromDisk, compareFromIndex } from './rows/compare.mjs';
import { firstScanCold, firstScanOfLarge, firstScanOfMany, firstScanOfMedium, secondScan } from './rows/duplicates.mjs';
import { eventLoop } from './rows/event-loop.mjs';
import { firstIndex } from './rows/first-index.mjs';
import { growth } from './rows/growth.mjs';
import { hashCold, hashWarm } from './rows/hashing.mjs';
import { memory } from './rows/memory.mjs';
import { page } from './rows/page.mjs';
import { journalCost, longQueue, planMirror, stopCopy } from './rows/queue.mjs';
import { rescan } from './rows/rescan.mjs';
import { search } from './rows/search.mjs';
import { startUp } from './rows/start.mjs';
import { copyLarge, copyReflink, copyTree, mirrorMissing, whyNoReflink } from './rows/transfers.mjs';

const noBrowser = ({ peers }) => (peers.chromium ? null : 'no Chromium on this machine');

/** The rows in the order in which they run. `obstacle` says why one cannot run here, or null. */
const rows = [
  { number: '1', work: 'first index, warm', run: (bench) => firstIndex(bench, { isCold: false }) },
  { number: '2', work: 'first index, cold', obstacle: whyNotCold, run: (bench) => firstIndex(bench, { isCold: true }) },
  { number: '3', work: 're-scan in the server, nothing changed', run: rescan },
  { number: '4', work: 'hash large files, warm', run: hashWarm },
  { number: '5', work: 'hash a tree, cold', obstacle: whyNotCold, run: hashCold },
  { number: '6', work: 'first duplicate scan, large files', run: firstScanOfLarge },
  {
    number: '6 cold',
    work: 'the same, cold',
    obstacle: whyNotCold,
    run: (bench) => firstScanCold(bench, bench.hashLibrary),
  },
  { number: '6 M', work: 'first duplicate scan, 20,000 sparse files', run: firstScanOfMedium },
  { number: '7', work: 'first duplicate scan, many files', run: firstScanOfMany },
  {
    number: '7 cold',
    work: 'the same, cold',
    obstacle: whyNotCold,
    run: (bench) => firstScanCold(bench, bench.library),
  },
  { number: '8', work: 'second duplicate scan, many files', run: (bench) => secondScan(bench, bench.library, null) },
  { number: '9', work: 'second duplicate scan, large files', run: (bench) => secondScan(bench, bench.hashLibrary, 50) },
  {
    number: '10',
    work: 'compare from disk, hashes known, warm',
    run: (bench) => compareFromDisk(bench, { isCold: false }),
  },
  {
    number: '10 cold',
    work: 'compare from disk, hashes known, cold',
    obstacle: whyNotCold,
    run: (bench) => compareFromDisk(bench, { isCold: true }),
  },
  { number: '11', work: 'compare from the index', run: compareFromIndex },
  { number: '12', work: 'copy large files, durable, hashed', run: (bench) => copyLarge(bench, { readsBack: false }) },
  { number: '13', work: 'copy and read back', run: (bench) => copyLarge(bench, { readsBack: true }) },
  { number: '14', work: 'copy a tree, hashed and journaled', run: copyTree },
  { number: '15', work: 'mirror what is missing', run: mirrorMissing },
  { number: '16', work: 'copy where blocks can be shared', obstacle: whyNoReflink, run: copyReflink },
  { number: 'plan', work: 'plan of a mirror', run: planMirror },
  { number: 'stop', work: 'pause and cancel while large files are copied', run: stopCopy },
  { number: 'journal', work: 'what the journal costs', run: journalCost },
  { number: 'queue', work: 'a long queue', run: longQueue },
  { number: '23', work: 'search keystroke', run: search },
  { number: '24', work: 'key → painted rows', usesBrowser: true, obstacle: noBrowser, run: (bench) => page(bench, 24) },
  { number: '25', work: 'first rows painted', usesBrowser: true, obstacle: noBrowser, run: (bench) => page(bench, 25) },
  { number: '26', work: 'scroll all rows', usesBrowser: true, obstacle: noBrowser, run: (bench) => page(bench, 26) },
  { number: '27', work: 'server start → first answer', run: startUp },
  { number: '28', work: 'memory', run: memory },
  { number: 'growth', work: 'cost by number of files', run: growth },
  { number: 'loop', work: 'event loop during a first scan', run: eventLoop },
];

/** @param only `1,3,growth`, also `24-26`; all rows when left out. */
export function chooseRows(only) {
  if (only === undefined) return rows;
  const wanted = only.split(',').flatMap((word) => {
    const range = /^(\d+)-(\d+)$/.exec(word.trim());
    if (!range) return [word.trim()];
    const [from, to] = [Number(range[1]), Number(range[2])];
    return Array.from({ length: Math.max(0, to - from + 1) }, (_, k) => String(from + k));
  });
  return rows.filter(({ number }) => wanted.includes(number) || wanted.includes(number.split(' ')[0]));
}
