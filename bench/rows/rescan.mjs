import { appendFileSync, statSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { atMost, holds, medianMs } from '../measure/bars.mjs';
import { readsOfTree } from '../measure/process-tree.mjs';
import { race, requireEqual } from '../measure/race.mjs';
import { runCommand } from '../measure/run-command.mjs';
import { dropAppData, freshAppData, startServer } from '../weightroom.mjs';
import { checkIndex } from './first-index.mjs';

/** What the I/O process may read beside folders: its own program when it is started anew, and messages. */
const mostBytes = 8 * 1024 ** 2;
const mostCalls = 1_000;

/** Row 3: a running server reads a side again in which nothing has changed. */
export async function rescan(bench) {
  const { library, rounds, say } = bench;
  const appData = freshAppData();
  const server = await startServer({ appData, local: library.local });
  try {
    await server.settled();
    await requireSeesChange(server, library);
    const reads = [];
    const results = await race(
      [
        ourRescan(server, library, reads),
        ...bench.withPeer('rsync', (path) => ({
          name: 'rsync -n',
          run: () => runCommand([path, '-n', '-rt', '--itemize-changes', `${library.local}/`, `${library.lake}/`]),
        })),
        ...bench.withPeer('jdupes', (path) => ({
          name: 'jdupes -Q',
          run: () => runCommand([path, '-r', '-Q', '-m', '-q', library.local]),
        })),
      ],
      { rounds, say },
    );
    const ours = medianMs(results[0]);
    const bytes = Math.max(...reads.map((one) => one.bytes));
    const calls = Math.max(...reads.map((one) => one.calls));
    return {
      results,
      bars: [
        atMost('must', 1500, 'ms', ours),
        holds(
          'must',
          'no content read',
          `${calls} reads, ${(bytes / 1024).toFixed(0)} KiB with messages`,
          bytes < mostBytes && calls < mostCalls,
        ),
        atMost('aim', 800, 'ms', ours),
      ],
    };
  } finally {
    await server.stop();
    dropAppData(appData);
  }
}

function ourRescan(server, { truth }, reads) {
  let before;
  return {
    name: 'weightroom server, POST /api/index/refresh',
    isOurs: true,
    before() {
      before = readsOfTree(server.pid);
    },
    run: () => server.measure(() => server.refresh('local')),
    async check({ locations: [found] }) {
      const now = readsOfTree(server.pid);
      now.delete(server.pid);
      for (const [pid, { bytes, calls }] of now) {
        const earlier = before.get(pid) ?? { bytes: 0, calls: 0 };
        reads.push({ bytes: bytes - earlier.bytes, calls: calls - earlier.calls });
      }
      checkIndex(found, truth.local);
      const [location] = await server.settled();
      requireEqual('number of hashed files', location.index.hashedFiles, 0);
    },
  };
}

/** A re-scan that does not look would be the fastest. */
async function requireSeesChange(server, library) {
  const [relPath] = library.files('local').find(([, size]) => size > 0);
  const path = join(library.local, relPath);
  const { size, atime, mtime } = statSync(path);
  const { bytes } = library.truth.local;
  appendFileSync(path, '+++');
  try {
    const { locations } = await server.refresh('local');
    requireEqual('number of bytes after a file grew by 3', locations[0].bytes, bytes + 3);
  } finally {
    truncateSync(path, size);
    utimesSync(path, atime, mtime);
  }
  await server.refresh('local');
}
