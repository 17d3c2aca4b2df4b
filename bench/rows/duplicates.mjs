import { join } from 'node:path';
import { atMost, holds, medianMs, timeAgainst } from '../measure/bars.mjs';
import { race, requireEqual } from '../measure/race.mjs';
import { runCommand } from '../measure/run-command.mjs';
import { runFolder } from '../run-folder.mjs';
import { dropAppData, freshAppData, runWeightroom, startServer } from '../weightroom.mjs';

const ours = 'weightroom dedupe scan';

/** Rows 6 and 7: nothing is known yet; each program starts, walks, reads what it must and says what is redundant. */
async function firstScan(bench, library, { isCold = false, inServer = false } = {}) {
  let appData;
  const results = await race(
    [
      {
        name: ours,
        isOurs: true,
        before: () => {
          appData = freshAppData();
        },
        run: () => runWeightroom(['dedupe', 'scan', '--side', 'local', '--summary'], { appData, local: library.local }),
        check: ({ summary }) => checkScan(summary, library),
        after: () => dropAppData(appData),
      },
      ...(inServer ? [scanInServer(library)] : []),
      ...peersOf(bench, library),
    ],
    { ...bench, isCold, rounds: isCold ? 1 : bench.rounds },
  );
  return { results, bars: [] };
}

/** The middle library warm, and the three of them with nothing in the cache: what the bars say nothing of. */
export const firstScanOfMedium = (bench) => firstScan(bench, bench.mediumLibrary);
export const firstScanCold = (bench, library) => firstScan(bench, library, { isCold: true });

/** Row 7: 200,000 small files. */
export async function firstScanOfMany(bench) {
  const { results } = await firstScan(bench, bench.library);
  return {
    results,
    bars: [
      timeAgainst(results, { level: 'must', peer: 'rdfind', atMost: 1.0 }),
      timeAgainst(results, { level: 'aim', peer: 'jdupes', atMost: 1.0 }),
    ],
  };
}

/**
 * Row 6: a library of some large files; the aim is for a server, which runs already. fclones is in no package here;
 * jdupes is the nearest.
 */
export async function firstScanOfLarge(bench) {
  const { results } = await firstScan(bench, bench.hashLibrary, { inServer: true });
  const others = results.filter(({ name }) => name !== ours);
  return {
    results,
    bars: [
      timeAgainst(results, { level: 'must', peer: 'jdupes', atMost: 2.0 }),
      timeAgainst(others, { level: 'aim', peer: 'jdupes', atMost: 1.0 }),
    ],
  };
}

/** A new one each time, which has read the folder and no content. */
function scanInServer(library) {
  let appData;
  let server;
  return {
    name: 'weightroom server, first scan',
    isOurs: true,
    async before() {
      appData = freshAppData();
      server = await startServer({ appData, local: library.local });
      await server.settled();
    },
    run: () => server.measure(() => server.post('/api/dedupe/scan', { side: 'local', wait: true })),
    check: ({ summary }) => checkScan(summary, library),
    async after() {
      await server?.stop();
      dropAppData(appData);
    },
  };
}

/** Rows 8 and 9: the folder is walked again, no content is read. */
export async function secondScan(bench, library, mustMs) {
  const appData = freshAppData();
  const server = await startServer({ appData, local: library.local });
  try {
    await server.settled();
    const scan = () => server.post('/api/dedupe/scan', { side: 'local', wait: true });
    await scan();
    const read = [];
    const results = await race(
      [
        {
          name: 'weightroom server, second scan',
          isOurs: true,
          run: () => server.measure(scan),
          check(answer) {
            read.push(answer.summary.bytesRead);
            return checkScan(answer.summary, library);
          },
        },
        ...(mustMs === null ? cachedPeers(bench, library) : []),
      ],
      bench,
    );
    const bytes = Math.max(...read);
    return {
      results,
      bars: [
        ...(mustMs === null
          ? [timeAgainst(results, { level: 'must', peer: 'rmlint, with its xattrs', atMost: 0.4 })]
          : [atMost('must', mustMs, 'ms', medianMs(results[0]))]),
        holds('must', 'no content read', `${bytes} bytes`, bytes === 0),
      ],
    };
  } finally {
    await server.stop();
    dropAppData(appData);
  }
}

function peersOf(bench, { local }) {
  const quiet = join(runFolder, 'rmlint');
  return [
    ...bench.withPeer('jdupes', (path) => ({ name: 'jdupes', run: () => runCommand([path, '-r', '-m', '-q', local]) })),
    ...bench.withPeer('rdfind', (path) => ({
      name: 'rdfind',
      run: () => runCommand([path, '-dryrun', 'true', '-makeresultsfile', 'false', '-checksum', 'sha256', local]),
    })),
    ...bench.withPeer('rmlint', (path) => ({
      name: 'rmlint',
      run: () => runCommand([path, '-o', `json:${quiet}`, '-T', 'df', local]),
    })),
  ];
}

/** Programs that remember what they read. */
function cachedPeers(bench, { local }) {
  const quiet = join(runFolder, 'rmlint');
  return bench.withPeer('rmlint', (path) => ({
    name: 'rmlint, with its xattrs',
    run: () => runCommand([path, '--xattr', '-o', `json:${quiet}`, '-T', 'df', local]),
  }));
}

function checkScan(summary, { truth }) {
  const expected = truth.local.duplicates;
  requireEqual('number of groups', summary.groups, expected.groups);
  requireEqual('number of redundant files', summary.redundantFiles, expected.redundantFiles);
  return `${(summary.bytesRead / 1024 ** 2).toFixed(0)} MiB read; ${summary.redundantFiles} redundant, as the truth says`;
}
