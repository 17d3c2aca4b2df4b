import { setTimeout as delay } from 'node:timers/promises';
import { atMost } from '../measure/bars.mjs';
import { memoryOfTree, watchTree } from '../measure/process-tree.mjs';
import { dropAppData, freshAppData, startServer } from '../weightroom.mjs';

/** After this time without work the server lets the processes go that read the drives. */
const idleMs = 25_000;

/** Row 28: the server with all its processes, through a first scan, a second one, and at rest. */
export async function memory(bench) {
  const { library, say } = bench;
  const { local, lake } = library;
  const one = await scanTwice({ local });
  say(`  one side: ${one.firstMiB.toFixed(0)} / ${one.againMiB.toFixed(0)} MiB`);
  const both = await scanTwice({ local, lake });
  // A page was open once: what it needs stays in memory.
  await both.server.get('/api/diff', { limit: 200 });
  await both.server.get('/api/diff', { limit: 200, query: 'flux', sort: 'relevance' });
  say(`  both sides: ${both.firstMiB.toFixed(0)} / ${both.againMiB.toFixed(0)} MiB, now at rest …`);
  await delay(bench.isQuick ? 1000 : idleMs);
  const rest = [one, both].map(({ server }) => memoryOfTree(server.pid));
  for (const { stop } of [one, both]) await stop();
  const figures = [
    ['one side, at rest', rest[0]],
    ['one side, peak of the first scan', one.firstMiB],
    ['one side, peak of a re-scan', one.againMiB],
    ['both sides, compared and searched, at rest', rest[1]],
    ['both sides, peak of the first scans', both.firstMiB],
    ['both sides, peak of the re-scans', both.againMiB],
  ];
  const peak = Math.max(one.firstMiB, one.againMiB);
  return {
    results: figures.map(([name, peakMiB]) => ({ name, isOurs: true, samples: [{ peakMiB }] })),
    bars: [
      atMost('must', 250, 'MiB', rest[0], 'at rest '),
      atMost('must', 350, 'MiB', peak, 'scan peak '),
      atMost('aim', 150, 'MiB', rest[0], 'at rest '),
      atMost('aim', 250, 'MiB', peak, 'scan peak '),
    ],
  };
}

async function scanTwice(roots) {
  const appData = freshAppData();
  const server = await startServer({ appData, ...roots });
  const first = watchTree(server.pid);
  await server.settled();
  const firstMiB = first.stop().peakMiB;
  const { peakMiB: againMiB } = await server.measure(() => server.refresh());
  const stop = async () => {
    await server.stop();
    dropAppData(appData);
  };
  return { server, stop, firstMiB, againMiB };
}
