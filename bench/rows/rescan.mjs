import { appendFileSync, statSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { atMost, holds, medianMs } from '../measure/bars.mjs';
import { readsOfTree } from '../measure/process-tree.mjs';
import { race, requireEqual } from '../measure/race.mjs';
import { runCommand } from '../measure/run-command.mjs';
import { atEnd } from '../run-folder.mjs';
import { dropAppData, freshAppData, startServer } from '../weightroom.mjs';
import { checkIndex } from './first-index.mjs';

/** What the process that reads the drive may read beside folders: the messages that tell it what to do. */
const mostBytes = 256 * 1024;
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
  return {
    name: 'weightroom server, POST /api/index/refresh',
    isOurs: true,
    run: () => server.measure(() => server.refresh('local')),
    async check({ locations: [found] }) {
      checkIndex(found, truth.local);
      const [location] = await server.settled();
      requireEqual('number of hashed files', location.index.hashedFiles, 0);
      reads.push(await countReads(server));
    },
  };
}

/** Of one more re-scan, for which the process that reads the drive has certainly been started already. */
async function countReads(server) {
  const before = readsOfTree(server.pid);
  await server.refresh('local');
  const sum = { bytes: 0, calls: 0 };
  for (const [pid, { bytes, calls }] of readsOfTree(server.pid)) {
    const earlier = before.get(pid);
    if (pid === server.pid || earlier === undefined) continue;
    sum.bytes += bytes - earlier.bytes;
    sum.calls += calls - earlier.calls;
  }
  return sum;
}

/** A re-scan that does not look would be the fastest. */
async function requireSeesChange(server, library) {
  const [relPath] = library.files('local').find(([, size]) => size > 0);
  const path = join(library.local, relPath);
  const { size, atime, mtime } = statSync(path);
  const { bytes } = library.truth.local;
  const mend = () => {
    truncateSync(path, size);
    utimesSync(path, atime, mtime);
  };
  const mended = atEnd(mend);
  appendFileSync(path, '+++');
  try {
    const { locations } = await server.refresh('local');
    requireEqual('number of bytes after a file grew by 3', locations[0].bytes, bytes + 3);
  } finally {
    mend();
    mended();
  }
  await server.refresh('local');
}
