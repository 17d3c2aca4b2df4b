import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { atMost, timeAgainst } from '../measure/bars.mjs';
import { race, requireEqual, WrongAnswer } from '../measure/race.mjs';
import { runCommand } from '../measure/run-command.mjs';
import { median } from '../measure/statistics.mjs';
import { atEnd } from '../run-folder.mjs';
import { runWeightroom, startServer } from '../weightroom.mjs';

/** Row 10: both sides read from disk and compared by content, with the hashes known from before. */
export async function compareFromDisk(bench, { isCold }) {
  const { library, rounds, say } = bench;
  const { local, lake, truth } = library;
  const appData = await bench.hashedAppData();
  const missed = truth.contentDiffers - truth.sizeDiffers;
  const contenders = [
    {
      name: 'weightroom diff',
      isOurs: true,
      run: () => runWeightroom(['diff'], { appData, local, lake }),
      check: (found) => checkCompare(found, truth),
    },
    ...bench.withPeer('rsync', (path) => ({
      name: 'rsync -n',
      // Without --delete it says nothing of files that only the lake has, which is half of the answer.
      run: () => runCommand([path, '-n', '-rt', '--delete', '--itemize-changes', `${local}/`, `${lake}/`]),
      check({ stdout }) {
        const lines = stdout.split('\n');
        const items = lines.filter((line) => line.startsWith('>f')).length;
        requireEqual('number of items', items, truth.compareByContent['only-a'].files + truth.sizeOrTimeDiffers);
        const extra = lines.filter((line) => line.startsWith('*deleting') && !line.endsWith('/')).length;
        requireEqual('number of extra files', extra, truth.compareByContent['only-b'].files);
        return `misses ${truth.sameSizeAndTimeConflicts} conflicts of equal size and time`;
      },
    })),
    ...bench.withPeer('rclone', (path) => ({
      name: 'rclone check --size-only',
      run: () => runCommand([path, 'check', '--size-only', '--combined', '-', local, lake], { ok: [0, 1] }),
      check({ stdout }) {
        const differing = stdout.split('\n').filter((line) => line.startsWith('*')).length;
        requireEqual('number of files of other size', differing, truth.sizeDiffers);
        return `misses ${missed} conflicts of equal size`;
      },
    })),
  ];
  const results = await race(contenders, { rounds, isCold, say });
  const bars = isCold
    ? [timeAgainst(results, { level: 'aim', peer: 'rsync -n', atMost: 0.6 })]
    : [
        timeAgainst(results, { level: 'must', peer: 'rsync -n', atMost: 1 }),
        timeAgainst(results, { level: 'aim', peer: 'rsync -n', atMost: 0.5 }),
      ];
  return { results, bars };
}

export function checkCompare({ summary, moved }, { compareByContent, moved: trulyMoved }) {
  for (const [state, found] of Object.entries(summary)) {
    const expected = compareByContent[state] ?? { files: 0, bytes: 0 };
    requireEqual(`number of files ${state}`, found.files, expected.files);
    requireEqual(`number of bytes ${state}`, found.bytes, expected.bytes);
  }
  requireEqual('number of moved files', moved, trulyMoved);
}

/** Row 11: the same from the index of a running server: first, again, and after a folder came. */
export async function compareFromIndex(bench) {
  const { library, rounds, say } = bench;
  const { local, lake, truth } = library;
  const appData = await bench.hashedAppData();
  const ask = async (server) => {
    const answer = await server.get('/api/diff', { limit: 500 });
    return { answer, ms: answer.elapsedMs };
  };
  const times = { first: [], repeated: [], 'after a change': [] };
  for (let round = 0; round < rounds; round += 1) {
    const server = await startServer({ appData, local, lake });
    try {
      await server.settled();
      for (const kind of ['first', 'repeated']) {
        const { answer, ms } = await ask(server);
        checkCompare(answer, truth);
        times[kind].push(ms);
      }
      await withNewFolder(local, async (folder) => {
        await server.post('/api/index/refresh', { location: 'local', folder, wait: true });
        const { answer, ms } = await ask(server);
        times['after a change'].push(ms);
        const more = answer.summary['only-a'].files - truth.compareByContent['only-a'].files;
        if (more !== 1) throw new WrongAnswer(`wrong answer: a new file changed only-a by ${more}`);
      });
      await server.refresh('local');
      say(
        `  round ${round + 1}  ${Object.entries(times)
          .map(([kind, list]) => `${kind} ${list.at(-1).toFixed(1)} ms`)
          .join(', ')}`,
      );
    } finally {
      await server.stop();
    }
  }
  const results = Object.entries(times).map(([kind, list]) => ({
    name: `GET /api/diff, ${kind} (time in the server)`,
    isOurs: true,
    samples: list.map((ms) => ({ ms })),
  }));
  const worst = Math.max(...Object.values(times).map(median));
  return {
    results,
    bars: [atMost('must', 150, 'ms', worst, 'each '), atMost('aim', 50, 'ms', worst, 'each ')],
  };
}

async function withNewFolder(root, work) {
  const folder = 'loras/zz-new-folder-of-the-bench';
  const remove = () => rmSync(join(root, folder), { recursive: true, force: true });
  const removed = atEnd(remove);
  mkdirSync(join(root, folder), { recursive: true });
  try {
    writeFileSync(join(root, folder, 'new.safetensors'), 'new');
    await work(folder);
  } finally {
    remove();
    removed();
  }
}
