import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { atMost } from '../measure/bars.mjs';
import { outputPlace } from '../measure/run-command.mjs';
import { dropAppData, freshAppData, startServer } from '../weightroom.mjs';

/** The longest time the event loop is held while both sides are read for the first time and a page looks on. */
export async function eventLoop(bench) {
  const { library, rounds, say } = bench;
  const worst = [];
  for (let round = 1; round <= rounds; round += 1) {
    worst.push(await longestHold(library));
    say(
      `  round ${round}  held for ${worst.at(-1).ms.toFixed(0)} ms, of which ${worst.at(-1).cpuMs.toFixed(0)} ms at work`,
    );
  }
  const longest = worst.reduce((most, one) => (one.ms > most.ms ? one : most));
  return {
    results: [
      {
        name: 'weightroom serve, longest hold of the event loop',
        isOurs: true,
        samples: worst,
        remark: `${longest.cpuMs.toFixed(0)} ms of the longest on a processor; the rest it waited for one, or for the collector`,
      },
    ],
    bars: [atMost('must', 50, 'ms', longest.ms, 'held ')],
  };
}

async function longestHold({ local, lake }) {
  const appData = freshAppData();
  const loopReport = join(outputPlace, 'loop.json');
  const server = await startServer({ appData, local, lake }, { loopReport });
  const from = Date.now();
  const page = lookOn(server);
  await server.settled();
  const to = Date.now();
  await page.stop();
  await server.stop();
  dropAppData(appData);
  const held = JSON.parse(readFileSync(loopReport, 'utf8')).filter(({ atMs }) => atMs >= from && atMs <= to);
  const longest = held.reduce((most, one) => (one.ms > most.ms ? one : most), { ms: 0, cpuMs: 0 });
  return { ms: longest.ms, cpuMs: longest.cpuMs };
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
