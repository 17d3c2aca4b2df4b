import { appendFileSync, statSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { atMost, holds, medianMs } from '../measure/bars.mjs';
import { bytesReadByTree } from '../measure/process-tree.mjs';
import { race, requireEqual } from '../measure/race.mjs';
import { runCommand } from '../measure/run-command.mjs';
import { dropAppData, freshAppData, startServer } from '../weightroom.mjs';
import { checkIndex } from './first-index.mjs';

/** What the I/O process may read beside folders: the messages that tell it what to do. */
const messageBytes = 256 * 1024;

/** Row 3: a running server reads a side again in which nothing has changed. */
export async function rescan(bench) {
  const { library, rounds, say } = bench;
  const appData = freshAppData();
  const server = await startServer({ appData, local: library.local });
  try {
    await server.settled();
    await requireSeesChange(server, library);
    const bytesRead = [];
    const results = await race(
      [
        ourRescan(server, library, bytesRead),
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
    const most = Math.max(...bytesRead);
    return {
      results,
      bars: [
        atMost('must', 1500, 'ms', ours),
        holds(
          'must',
          '0 content bytes',
          `${(most / 1024).toFixed(0)} KiB read, messages included`,
          most < messageBytes,
        ),
        atMost('aim', 800, 'ms', ours),
      ],
    };
  } finally {
    await server.stop();
    dropAppData(appData);
  }
}

function ourRescan(server, { truth }, bytesRead) {
  let before;
  return {
    name: 'weightroom server, POST /api/index/refresh',
    isOurs: true,
    before() {
      before = bytesReadByTree(server.pid);
    },
    run: () => server.measure(() => server.refresh('local')),
    async check({ locations: [found] }) {
      for (const [pid, bytes] of bytesReadByTree(server.pid)) {
        if (pid !== server.pid) bytesRead.push(bytes - (before.get(pid) ?? 0));
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
