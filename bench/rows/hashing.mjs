import { statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { speedAgainst } from '../measure/bars.mjs';
import { race, requireEqual } from '../measure/race.mjs';
import { runCommand } from '../measure/run-command.mjs';
import { dropAppData, freshAppData, startServer } from '../weightroom.mjs';

/** Row 4: large files in the page cache, with equal numbers of threads. */
export async function hashWarm(bench) {
  const { rounds, say, bigFiles } = bench;
  const relPaths = bigFiles.paths.map((path) => path.slice(bigFiles.root.length + 1));
  const contenders = [];
  const servers = [];
  const expected = new Map();
  for (const threads of [2, 1]) {
    const appData = freshAppData();
    const server = await startServer({ appData, local: bigFiles.root, workers: threads });
    servers.push({ server, appData });
    contenders.push(
      ourHashing(`weightroom server, ${plural(threads)}`, server, {
        root: bigFiles.root,
        relPaths,
        expected,
        bytes: bigFiles.bytes,
      }),
    );
    contenders.push(
      ...bench.withPeer('b3sum', (path) =>
        b3sum(`b3sum, ${plural(threads)}`, [path, '--num-threads', String(threads)], {
          root: bigFiles.root,
          relPaths,
          expected,
        }),
      ),
    );
  }
  try {
    const results = await race(contenders.toReversed(), { rounds, say });
    return {
      results,
      bytes: bigFiles.bytes,
      bars: [2, 1].flatMap((threads) =>
        [0.9, 0.97].map((atLeast, k) =>
          speedAgainst(results, {
            level: k === 0 ? 'must' : 'aim',
            ours: `weightroom server, ${plural(threads)}`,
            peer: `b3sum, ${plural(threads)}`,
            atLeast,
          }),
        ),
      ),
    };
  } finally {
    for (const { server, appData } of servers) {
      await server.stop();
      dropAppData(appData);
    }
  }
}

const plural = (threads) => `${threads} thread${threads === 1 ? '' : 's'}`;

/** Row 5: a tree of which nothing is in memory. */
export async function hashCold(bench) {
  const { rounds, say, hashLibrary } = bench;
  const { local: root, truth } = hashLibrary;
  const relPaths = hashLibrary.files('local').map(([relPath]) => relPath);
  const expected = new Map();
  const appData = freshAppData();
  const server = await startServer({ appData, local: root, workers: 2 });
  try {
    const contenders = [
      ...bench.withPeer('b3sum', (path) => b3sum('b3sum', [path], { root, relPaths, expected })),
      ourHashing('weightroom server', server, { root, relPaths, expected, bytes: truth.local.bytes }),
    ];
    const results = await race(contenders, { rounds, say, isCold: true });
    return {
      results,
      bytes: truth.local.bytes,
      bars: [
        speedAgainst(results, { level: 'must', peer: 'b3sum', atLeast: 0.95 }),
        speedAgainst(results, { level: 'aim', peer: 'b3sum', atLeast: 1.2 }),
      ],
    };
  } finally {
    await server.stop();
    dropAppData(appData);
  }
}

/** The files get a new time before each round, so that their known hashes no longer count. */
function ourHashing(name, server, { root, relPaths, expected, bytes }) {
  return {
    name,
    isOurs: true,
    async before() {
      for (const relPath of relPaths) {
        const { atimeMs, mtimeMs } = statSync(join(root, relPath));
        utimesSync(join(root, relPath), atimeMs / 1000, mtimeMs / 1000 + 1);
      }
      await server.settled();
      await server.refresh('local');
    },
    run: () =>
      server.measure(() => server.post('/api/hash', { scope: { kind: 'location', location: 'local' }, wait: true })),
    async check(run) {
      requireEqual('number of files hashed', run.hashed, relPaths.length);
      requireEqual('number of bytes hashed', run.bytes, bytes);
      requireEqual('number of failures', run.failed.length, 0);
      if (expected.size === 0) return 'hashes not compared: no b3sum';
      const { entries } = await allEntries(server);
      for (const { id, relPath } of entries) {
        const { blake3 } = await server.get(`/api/entries/${encodeURIComponent(id)}`);
        requireEqual(`BLAKE3 of ${relPath}`, blake3, expected.get(relPath));
      }
      return `${entries.length} hashes equal b3sum’s`;
    },
  };
}

async function allEntries(server) {
  const entries = [];
  for (let cursor = null; ; ) {
    const page = await server.get('/api/index', { location: 'local', limit: 1000, ...(cursor ? { cursor } : {}) });
    entries.push(...page.entries);
    cursor = page.cursor;
    if (cursor === null) return { entries };
  }
}

function b3sum(name, argv, { root, relPaths, expected }) {
  return {
    name,
    run: () => runCommand([...argv, '--no-names', ...relPaths.map((relPath) => join(root, relPath))]),
    check({ stdout }) {
      const hashes = stdout.trim().split('\n');
      requireEqual('number of hashes', hashes.length, relPaths.length);
      for (const [k, relPath] of relPaths.entries()) expected.set(relPath, hashes[k]);
    },
  };
}
