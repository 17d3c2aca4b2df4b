import { atMost, medianMs } from '../measure/bars.mjs';
import { race, requireEqual } from '../measure/race.mjs';
import { runCommand } from '../measure/run-command.mjs';
import { dropAppData, freshAppData, runWeightroom, startServer } from '../weightroom.mjs';

const names = {
  one: 'weightroom serve, one side stored: spawn → GET /api/locations',
  both: 'weightroom serve, both sides stored: spawn → GET /api/locations',
  page: 'weightroom serve, both sides stored: spawn → first page of GET /api/diff',
};

/** Row 27: from the start of the process to its first answers, from a stored index. */
export async function startUp(bench) {
  const { library, rounds, say } = bench;
  const { local, lake, truth } = library;
  const single = freshAppData();
  try {
    await runWeightroom(['index', 'refresh', 'local'], { appData: single, local });
    const pair = { appData: await bench.hashedAppData(), local, lake };
    const results = await race(
      [
        startContender(names.one, { appData: single, local }, askLocations, truth),
        startContender(names.both, pair, askLocations, truth),
        startContender(names.page, pair, (server) => server.get('/api/diff', { limit: 200 }), truth),
        { name: 'node -e 0', run: () => runCommand([process.execPath, '-e', '0']) },
      ],
      { rounds: Math.max(rounds, 3), say },
    );
    const ms = (name) => {
      const found = results.find((result) => result.name === name);
      return found.error ? Number.NaN : medianMs(found);
    };
    return {
      results,
      bars: [
        atMost('must', 600, 'ms', ms(names.one), 'one side '),
        atMost('aim', 300, 'ms', ms(names.one), 'one side '),
        atMost('aim', 1000, 'ms', ms(names.page), 'first page, both sides (a bar of our own) '),
      ],
    };
  } finally {
    dropAppData(single);
  }
}

const askLocations = (server) => server.get('/api/locations');

function startContender(name, setting, ask, truth) {
  let server;
  return {
    name,
    isOurs: true,
    async run() {
      server = await startServer(setting);
      const answer = await ask(server);
      return { ms: performance.now() - server.startedAt, answer };
    },
    check({ locations, rows }) {
      for (const { id, index } of locations ?? []) requireEqual(`stored files of ${id}`, index.files, truth[id].files);
      if (rows) requireEqual('rows of the first page', rows.length, Math.min(200, truth.local.files));
    },
    after: () => server.stop(),
  };
}
