import { z } from 'zod';
import { exitFinishedWithFailures } from '../../contract/errors.ts';
import type { Entry, Problem, RefreshResult } from '../../contract/indexing.ts';
import { type Location, locationIdSchema } from '../../contract/locations.ts';
import { type Command, defineCommand } from '../command.ts';
import { formatBytes, formatCount, formatDuration, formatTime, plural } from '../output/format.ts';
import { jsonWithList } from '../output/json-stream.ts';
import { pagesOf } from '../output/pages.ts';
import { problemLines } from '../output/problem-lines.ts';
import { type Column, renderTable } from '../output/table.ts';
import { folderIn } from '../rel-paths-in.ts';
import { describeState } from './locations.ts';
import { failureOf, isFailure, listAllProblems, refreshAndWait } from './refresh-outcome.ts';

const locationArgument = { term: '[location]', summary: 'Id of a location; all of them when left out.' };
const limitOption = (count: number) => ({ flags: '--limit <n>', summary: `Rows at most (default ${count}).` });
const limitSchema = (count: number, max: number) =>
  z.coerce
    .number({ error: 'give a number' })
    .int('give a whole number')
    .min(1, 'give 1 or more')
    .max(max, `give ${max} at most`)
    .default(count);
const notFound = { 4: 'No location has this id.' };
const notReadYet = 'Nothing has been read yet. Start with: weightroom index refresh';

interface Refreshed {
  readonly locations: readonly RefreshResult[];
  readonly failures: readonly Problem[];
}

const refresh = defineCommand({
  path: 'index refresh',
  summary: 'Read one or all locations again and bring the index up to date.',
  notes: ['Only names, sizes and times are read; unchanged files keep their hashes.'],
  args: [locationArgument],
  options: [{ flags: '--folder <path>', summary: 'Only this folder of the location and what is below it.' }],
  examples: [
    { line: 'weightroom index refresh', meaning: 'Read all locations.' },
    { line: 'weightroom index refresh lake --folder loras', meaning: 'Read one folder.' },
    { line: 'weightroom index refresh --json', meaning: 'Totals per location for a script.' },
  ],
  exits: {
    3: 'Finished, but a location or some files could not be read; they are listed.',
    ...notFound,
    5: 'A refresh of this location is already running.',
    7: 'The location cannot be reached, or is empty or shrunken and waits for `location accept`.',
  },
  input: () =>
    z
      .object({ location: locationIdSchema.optional(), folder: z.string().optional() })
      .refine(({ location, folder }) => folder === undefined || location !== undefined, {
        path: ['folder'],
        message: 'name the location the folder lies in',
      }),
  async run({ location, folder }, session): Promise<Refreshed> {
    await session.engine({ willRead: true });
    const wanted = location === undefined ? [] : [location];
    const below = folder === undefined ? undefined : await folderIn(wanted, folder, session);
    const locations = await refreshAndWait(session, wanted, below);
    const failures = locations.map(failureOf);
    const first = failures[0];
    if (first !== undefined && failures.every((failure) => failure !== undefined)) throw first;
    const { api } = await session.engine();
    const withProblems = locations.filter(({ problems }) => problems > 0).map(({ id }) => id);
    const problems = await listAllProblems(api, withProblems, session.signal);
    return { locations, failures: problems.filter(isFailure) };
  },
  json: ({ locations }) => ({
    value: {
      locations: locations.map(({ id, files, bytes, problems, elapsedMs, outcome, message }) => ({
        id,
        files,
        bytes,
        problems,
        elapsedMs,
        ...(outcome === 'done' ? {} : { outcome, message }),
      })),
    },
  }),
  *text({ locations, failures }, look) {
    if (locations.length === 0) yield 'There are no locations yet. Add one: weightroom location add PATH';
    for (const result of locations) {
      const failure = failureOf(result);
      if (failure) yield `${look.bold(result.id)}  ${look.red(failure.message)}`;
      else {
        const totals = `${plural(result.files, 'file')}, ${formatBytes(result.bytes)} in ${formatDuration(result.elapsedMs)}`;
        yield `${look.bold(result.id)}  ${totals}${result.problems > 0 ? `, ${plural(result.problems, 'problem')}` : ''}`;
      }
    }
    yield* problemLines(failures, look);
  },
  exitStatus: ({ locations, failures }) =>
    failures.length > 0 || locations.some(({ outcome }) => outcome !== 'done') ? exitFinishedWithFailures : 0,
});

const status = defineCommand({
  path: 'index status',
  summary: 'Show what the index knows of each location.',
  examples: [
    { line: 'weightroom index status', meaning: 'Files, hashed files, problems and the time of the last refresh.' },
  ],
  input: () => z.object({}),
  run: async (_input, session) => (await session.engine()).api.listLocations({}),
  json: ({ locations }) => ({
    value: { locations: locations.map(({ id, state, index }) => ({ id, state, ...index })) },
  }),
  *text({ locations }, look) {
    yield* renderTable<Location>(
      [
        { title: 'Location', cell: ({ id }) => id, paint: () => look.bold },
        { title: 'Files', align: 'right', cell: ({ index }) => formatCount(index.files) },
        { title: 'Size', align: 'right', cell: ({ index }) => formatBytes(index.bytes) },
        { title: 'Hashed', align: 'right', cell: ({ index }) => formatCount(index.hashedFiles) },
        { title: 'Problems', align: 'right', cell: ({ index }) => formatCount(index.problems) },
        { title: 'Read', cell: ({ index }) => (index.scannedAtMs === null ? 'never' : formatTime(index.scannedAtMs)) },
        {
          title: 'State',
          cell: (location) => (location.index.refreshing ? 'being read' : describeState(location)),
          shrinks: true,
        },
      ],
      locations,
      look,
    );
  },
});

const list = defineCommand({
  path: 'index list',
  summary: 'List the files in the index, with filters.',
  args: [locationArgument],
  options: [
    { flags: '--query <words>', summary: 'Words and filters, such as `ext:gguf size>4GB category:loras`.' },
    limitOption(200),
    { flags: '--all', summary: 'Every row, however many there are.' },
  ],
  examples: [
    { line: 'weightroom index list lake --query "ext:gguf size>4GB"', meaning: 'Large GGUF files on the lake.' },
    { line: 'weightroom index list --all --json', meaning: 'The whole index for a script.' },
  ],
  exits: notFound,
  input: () =>
    z.object({
      location: locationIdSchema.optional(),
      query: z.string().max(500).default(''),
      limit: limitSchema(200, 1_000_000_000),
      all: z.boolean().default(false),
    }),
  async run({ location, query, limit, all }, session) {
    const { api } = await session.engine();
    const wanted = all ? Number.POSITIVE_INFINITY : limit;
    const fetchPage = (cursor: string | undefined, count: number) =>
      api.listEntries({ location, query, cursor, limit: Math.min(1000, count) }, { signal: session.signal });
    const first = await fetchPage(undefined, wanted);
    async function* pages(): AsyncIterable<readonly Entry[]> {
      let left = wanted - first.entries.length;
      yield first.entries;
      if (first.cursor === null || left <= 0) return;
      const start = first.cursor;
      for await (const page of pagesOf((cursor) => fetchPage(cursor ?? start, left))) {
        yield page.entries.slice(0, left);
        left -= page.entries.length;
        if (left <= 0) return;
      }
    }
    return { total: first.total, pages: pages() };
  },
  json: ({ total, pages }) => ({ pieces: jsonWithList({ head: { total }, list: 'entries', pages }) }),
  async *text({ total, pages }, look) {
    let shown = 0;
    for await (const entries of pages) {
      shown += entries.length;
      if (entries.length > 0) yield* renderTable(entryColumns, entries, look);
    }
    if (shown < total) yield look.dim(`${formatCount(shown)} of ${plural(total, 'file')}; --all shows every one.`);
    else if (total === 0) yield 'No file matches.';
  },
});

const entryColumns: readonly Column<Pick<Entry, 'location' | 'relPath' | 'size'>>[] = [
  { title: '', align: 'right', cell: ({ size }) => formatBytes(size) },
  { title: '', cell: ({ location }) => location },
  { title: '', cell: ({ relPath }) => relPath, shrinks: true },
];

const find = defineCommand({
  path: 'index find',
  summary: 'Search file names and paths in all locations, best match first.',
  notes: ['Typos and any order of words are fine. Only the index is asked, no drive.'],
  args: [{ term: '<query...>', summary: 'Words and filters, such as `flux lora ext:safetensors size>1GB`.' }],
  options: [{ flags: '--location <id>', summary: 'Only in this location.' }, limitOption(50)],
  examples: [
    { line: 'weightroom index find flux lora', meaning: 'Everything that looks like a Flux LoRA.' },
    { line: 'weightroom index find "ext:gguf size>4GB" --json', meaning: 'Hits for a script.' },
  ],
  exits: notFound,
  input: () =>
    z.object({
      query: z
        .array(z.string())
        .transform((words) => words.join(' '))
        .pipe(z.string().max(500)),
      location: locationIdSchema.optional(),
      limit: limitSchema(50, 1000),
    }),
  async run({ query, location, limit }, session) {
    const { api } = await session.engine();
    const page = await api.listEntries({ query, location, limit }, { signal: session.signal });
    const neverRead = page.total === 0 && !session.json && (await api.listLocations({})).locations.every(isNeverRead);
    const hits = page.entries.map((entry) => ({ location: entry.location, relPath: entry.relPath, size: entry.size }));
    return { hits, total: page.total, elapsedMs: page.elapsedMs, neverRead };
  },
  json: ({ hits, elapsedMs }) => ({ value: { hits, elapsedMs } }),
  *text({ hits, total, neverRead }, look) {
    yield* renderTable(entryColumns, hits, look);
    if (neverRead) yield notReadYet;
    else if (total === 0) yield 'No file matches.';
    else if (hits.length < total)
      yield look.dim(`${formatCount(hits.length)} of ${plural(total, 'match', 'matches')}; --limit shows more.`);
  },
});

const isNeverRead = (location: Location) => location.index.scannedAtMs === null;

const problems = defineCommand({
  path: 'index problems',
  summary: 'List the files and folders that the last refresh could not read or left out.',
  args: [locationArgument],
  examples: [
    { line: 'weightroom index problems lake', meaning: 'What is missing from the index of the lake, and why.' },
  ],
  exits: notFound,
  input: () => z.object({ location: locationIdSchema.optional() }),
  async run({ location }, session) {
    const { api } = await session.engine();
    return listAllProblems(api, [location], session.signal);
  },
  json: (found) => ({ value: { problems: found } }),
  text: (found, look) => (found.length === 0 ? ['No problems.'] : problemLines(found, look, Number.POSITIVE_INFINITY)),
});

const cancel = defineCommand({
  path: 'index cancel',
  summary: 'Stop a refresh that a running Weightroom server is doing.',
  args: [locationArgument],
  examples: [{ line: 'weightroom index cancel', meaning: 'What was read so far stays.' }],
  exits: notFound,
  input: () => z.object({ location: locationIdSchema.optional() }),
  run: async (input, session) => (await session.engine()).api.cancelRefresh(input),
  json: (result) => ({ value: result }),
  text: ({ cancelled }) => [cancelled.length === 0 ? 'No refresh was running.' : `Stopped: ${cancelled.join(', ')}.`],
});

export const indexCommands: readonly Command[] = [refresh, status, list, find, problems, cancel];
