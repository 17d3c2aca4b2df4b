import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { atMost } from '../measure/bars.mjs';
import { runFolder } from '../run-folder.mjs';
import { dropAppData, freshAppData, startServer } from '../weightroom.mjs';

/** The longest time the event loop is held while both sides are read for the first time and a page looks on. */
export async function eventLoop(bench) {
  const { library, rounds, say } = bench;
  const holds = [];
  for (let round = 1; round <= rounds; round += 1) {
    const longest = await longestHold(library);
    holds.push(longest);
    say(
      `  round ${round}  held for ${longest.ms.toFixed(0)} ms; at most ${longest.mostCpuMs.toFixed(0)} ms of work at a time`,
    );
  }
  const most = Math.max(...holds.map(({ ms }) => ms));
  const mostCpu = Math.max(...holds.map(({ mostCpuMs }) => mostCpuMs));
  const result = {
    name: 'weightroom serve, longest hold of the event loop',
    isOurs: true,
    samples: holds.map(({ ms }) => ({ ms })),
    remark: `at most ${mostCpu.toFixed(0)} ms on a processor at a time; a hold beyond that waited for a processor or for the collector`,
  };
  return { results: [result], bars: [atMost('must', 50, 'ms', most, 'held ')] };
}

async function longestHold({ local, lake }) {
  const appData = freshAppData();
  const loopReport = join(runFolder, 'loop.json');
  const server = await startServer({ appData, local, lake }, { loopReport });
  const from = Date.now();
  const page = lookOn(server);
  await server.settled();
  const to = Date.now();
  await page.stop();
  await server.stop();
  dropAppData(appData);
  const held = JSON.parse(readFileSync(loopReport, 'utf8')).filter(({ atMs }) => atMs >= from && atMs <= to);
  const most = (field) => held.reduce((highest, hold) => Math.max(highest, hold[field]), 0);
  return { ms: most('ms'), mostCpuMs: most('cpuMs') };
}

/** Asks what an open page asks while rows come in. */
function lookOn(server) {
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      await server.get('/api/diff', { limit: 200 });
      await server.get('/api/diff/folders');
      await delay(250);
    }
  })();
  return {
    stop() {
      isOver = true;
      return asking;
    },
  };
}
