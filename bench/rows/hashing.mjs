import { join } from 'node:path';
import { speedAgainst } from '../measure/bars.mjs';
import { race, requireEqual } from '../measure/race.mjs';
import { runCommand } from '../measure/run-command.mjs';
import { dropAppData, freshAppData, startServer } from '../weightroom.mjs';

/** Row 4: large files in the page cache, with equal numbers of threads. */
export async function hashWarm(bench) {
  const { root, relPaths, bytes } = bench.bigFiles;
  const work = { root, relPaths, bytes, expected: await trueHashes(bench, root, relPaths) };
  const ours = (threads) => `weightroom server, ${plural(threads)}`;
  const theirs = (threads) => `b3sum, ${plural(threads)}`;
  const contenders = [2, 1].flatMap((threads) => [
    ourVerifying(ours(threads), threads, work),
    ...bench.withPeer('b3sum', (path) => ({
      ...b3sum(theirs(threads), [path, '--num-threads', String(threads)], work),
      beside: ours(threads),
    })),
  ]);
  const results = await race(contenders, bench);
  for (const { close } of contenders) await close?.();
  const bar = (level, threads, atLeast) =>
    speedAgainst(results, { level, ours: ours(threads), peer: theirs(threads), atLeast });
  return { results, bytes, bars: [bar('must', 2, 0.9), bar('must', 1, 0.9), bar('aim', 2, 0.97), bar('aim', 1, 0.97)] };
}

const plural = (threads) => `${threads} thread${threads === 1 ? '' : 's'}`;

/** Row 5: a tree of which nothing is in memory. */
export async function hashCold(bench) {
  const { local: root, truth, files } = bench.hashLibrary;
  const relPaths = files('local').map(([relPath]) => relPath);
  const { bytes } = truth.local;
  const work = { root, relPaths, bytes, expected: await trueHashes(bench, root, relPaths) };
  const contenders = [
    ourHashing('weightroom server', 2, work),
    ...bench.withPeer('b3sum', (path) => b3sum('b3sum', [path], work)),
  ];
  const results = await race(contenders, { ...bench, isCold: true });
  return {
    results,
    bytes,
    bars: [
      speedAgainst(results, { level: 'must', peer: 'b3sum', atLeast: 0.95 }),
      speedAgainst(results, { level: 'aim', peer: 'b3sum', atLeast: 1.2 }),
    ],
  };
}

/** A server at work: it has hashed the files before and reads them all again to see whether they are still the same. */
function ourVerifying(name, workers, work) {
  let server;
  let appData;
  const hash = (verify) =>
    server.post('/api/hash', { scope: { kind: 'location', location: 'local' }, verify, wait: true });
  return {
    name,
    isOurs: true,
    async before() {
      if (server) return;
      ({ server, appData } = await startFor(work, workers));
      checkRun(await hash(false), 'hashed', work);
      await checkHashes(server, work);
    },
    run: () => server.measure(() => hash(true)),
    check: (run) => checkRun(run, 'verified', work),
    async close() {
      await server?.stop();
      dropAppData(appData);
    },
  };
}

/** A new server for each round, which has read names and sizes and no content yet. */
function ourHashing(name, workers, work) {
  let server;
  let appData;
  return {
    name,
    isOurs: true,
    async before() {
      ({ server, appData } = await startFor(work, workers));
    },
    run: () =>
      server.measure(() => server.post('/api/hash', { scope: { kind: 'location', location: 'local' }, wait: true })),
    async check(run) {
      checkRun(run, 'hashed', work);
      return checkHashes(server, work);
    },
    async after() {
      await server?.stop();
      dropAppData(appData);
    },
  };
}

async function startFor({ root }, workers) {
  const appData = freshAppData();
  const server = await startServer({ appData, local: root, workers });
  await server.settled();
  return { server, appData };
}

function checkRun(run, how, { relPaths, bytes }) {
  requireEqual(`number of files ${how}`, run[how], relPaths.length);
  requireEqual('number of bytes', run.bytes, bytes);
  requireEqual('number of failures', run.failed.length, 0);
  requireEqual('number of changed files', run.changed.length, 0);
}

async function checkHashes(server, { relPaths, expected }) {
  if (expected === null) return 'hashes not compared: no b3sum';
  for (const { id, relPath } of await allEntries(server)) {
    const { blake3 } = await server.get(`/api/entries/${encodeURIComponent(id)}`);
    requireEqual(`BLAKE3 of ${relPath}`, blake3, expected.get(relPath));
  }
  return `${relPaths.length} hashes equal b3sum’s`;
}

async function allEntries(server) {
  const entries = [];
  for (let cursor; cursor !== null; ) {
    const page = await server.get('/api/index', { location: 'local', limit: 1000, ...(cursor ? { cursor } : {}) });
    entries.push(...page.entries);
    cursor = page.cursor;
  }
  return entries;
}

/** By relPath, from a program that shares no code with ours; null where it is not installed. */
async function trueHashes(bench, root, relPaths) {
  if (!bench.peers.b3sum) return null;
  const { answer } = await runCommand([
    bench.peers.b3sum.path,
    '--no-names',
    ...relPaths.map((relPath) => join(root, relPath)),
  ]);
  const hashes = answer.stdout.trim().split('\n');
  return new Map(relPaths.map((relPath, k) => [relPath, hashes[k]]));
}

function b3sum(name, argv, { root, relPaths }) {
  return {
    name,
    run: () => runCommand([...argv, '--no-names', ...relPaths.map((relPath) => join(root, relPath))]),
    check: ({ stdout }) => requireEqual('number of hashes', stdout.trim().split('\n').length, relPaths.length),
  };
}
