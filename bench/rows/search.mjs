import { atMost } from '../measure/bars.mjs';
import { WrongAnswer } from '../measure/race.mjs';
import { median, percentile } from '../measure/statistics.mjs';
import { makeQueries } from '../queries.mjs';
import { startServer } from '../weightroom.mjs';

/**
 * The bar is for one location and for the rows of the compare page; both locations at once are shown beside. So many
 * rows as the page asks for at a keystroke.
 */
const limit = 60;
const endpoints = [
  { name: 'GET /api/index of one side', path: '/api/index', query: { limit, location: 'local' }, hasBar: true },
  { name: 'GET /api/diff', path: '/api/diff', query: { limit, sort: 'relevance' }, hasBar: true },
  { name: 'GET /api/index of both sides', path: '/api/index', query: { limit }, hasBar: false },
];

/** Row 23: time in the server of each keystroke. */
export async function search(bench) {
  const { library, say } = bench;
  const sides = { local: library.files('local'), lake: library.files('lake') };
  const queries = makeQueries(
    sides.local.map(([relPath]) => relPath),
    bench.isQuick ? 200 : 1000,
  );
  const server = await startServer({ appData: await bench.hashedAppData(), local: library.local, lake: library.lake });
  try {
    await server.settled();
    const results = [];
    for (const endpoint of endpoints) results.push(...(await askAll(server, endpoint, queries, say)));
    await checkHits(server, sides, queries);
    const timed = results.filter(({ hasBar }) => hasBar).map(({ samples }) => samples.map(({ ms }) => ms));
    const [p50, p99] = [0.5, 0.99].map((share) => Math.max(...timed.map((list) => percentile(list, share))));
    return { results, bars: [atMost('must', 3, 'ms', p50, 'p50 '), atMost('must', 15, 'ms', p99, 'p99 ')] };
  } finally {
    await server.stop();
  }
}

async function askAll(server, { name, path, query, hasBar }, queries, say) {
  const ask = async (text) => (await server.get(path, { ...query, query: text })).elapsedMs;
  const first = await ask('a first question');
  const byKind = new Map();
  const samples = [];
  const { cpuMs } = await server.measure(async () => {
    for (const { text, kind } of queries) {
      const ms = await ask(text);
      samples.push({ ms });
      byKind.set(kind, [...(byKind.get(kind) ?? []), ms]);
    }
  });
  const p99 = (list) => `${percentile(list, 0.99).toFixed(1)} ms`;
  const kinds = [...byKind].map(([kind, list]) => `${kind} ${median(list).toFixed(1)} / ${p99(list)}`).join(', ');
  say(`  ${name}: ${kinds}`);
  return [
    { name: `${name}, the first since a change`, isOurs: true, samples: [{ ms: first }] },
    {
      name: `${name}, ${queries.length} keystrokes`,
      isOurs: true,
      hasBar,
      samples,
      remark: `p99 ${p99(samples.map(({ ms }) => ms))}; ${(cpuMs / queries.length).toFixed(1)} ms CPU a request; median / p99 by kind: ${kinds}`,
    },
  ];
}

/** Whatever is found besides, every file that holds the words as typed must be among the hits. */
async function checkHits(server, sides, queries) {
  const texts = Object.values(sides).flatMap((files) => files.map(([relPath]) => relPath.toLowerCase()));
  const plain = queries.filter(({ kind }) => kind === 'two words' || kind === 'typing');
  for (const { text, words } of plain.filter((_, k) => k % 10 === 0)) {
    const needed = words.map((word) => word.toLowerCase());
    const holders = texts.filter((path) => needed.every((word) => path.includes(word))).length;
    const { total } = await server.get('/api/index', { query: text, limit: 1 });
    if (total < holders)
      throw new WrongAnswer(`wrong answer: “${text}” finds ${total} files, ${holders} hold its words`);
  }
  const large = Object.values(sides).flatMap((files) => files.filter(([, size]) => size > 40 * 1024)).length;
  const { total } = await server.get('/api/index', { query: 'size>40KB', limit: 1 });
  if (total !== large) throw new WrongAnswer(`wrong answer: size>40KB finds ${total} files, the truth is ${large}`);
}
