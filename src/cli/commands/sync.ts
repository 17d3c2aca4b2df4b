import { z } from 'zod';
import type { Api } from '../../contract/api.ts';
import { listOf } from '../../contract/endpoint.ts';
import { exitFinishedWithFailures } from '../../contract/errors.ts';
import { locationIdSchema } from '../../contract/locations.ts';
import { type CompareRow, compareStateSchema } from '../../contract/sync.ts';
import { type CompareState, compareStates } from '../../contract/sync-words.ts';
import { AppError } from '../../core/errors/app-error.ts';
import { type Command, defineCommand, type Session } from '../command.ts';
import { type DiffGroup, type DiffReport, diffJson, diffText } from '../output/diff-report.ts';
import { pagesOf } from '../output/pages.ts';
import { followEngine } from '../output/progress.ts';
import { folderIn } from '../rel-paths-in.ts';
import { failureOf, isFailure, listAllProblems, refreshAndWait } from './refresh-outcome.ts';

/** What a person has to look at, most urgent first. */
const groupOrder = [
  'conflict',
  'case-clash',
  'unverified',
  'only-a',
  'only-b',
] as const satisfies readonly CompareState[];
const pageSize = 2000;

const inputSchema = () =>
  z
    .object({
      a: locationIdSchema.default('local'),
      b: locationIdSchema.default('lake'),
      folder: z.string().max(4096).default(''),
      refresh: z.boolean().default(true),
      hash: z.boolean().default(false),
      entries: z.boolean().default(false),
      states: listOf(compareStateSchema).optional(),
      query: z.string().max(500).default(''),
      limit: z.coerce.number({ error: 'give a number' }).int('give a whole number').min(0).max(pageSize).default(10),
    })
    .refine(({ a, b }) => a !== b, { path: ['b'], message: 'name two different locations' });

type DiffInput = z.output<ReturnType<typeof inputSchema>>;

const diff = defineCommand({
  path: 'diff',
  summary: 'Compare two locations file by file.',
  notes: [
    'Both are read again first. Equal size and time only make a file *probably* the same; --hash settles it by content.',
    `States: ${compareStates.join(', ')}. A and B are the two locations in the order given.`,
  ],
  args: [
    { term: '[a]', summary: 'Id of the first location (default local).' },
    { term: '[b]', summary: 'Id of the second location (default lake).' },
    { term: '[folder]', summary: 'Only this folder and what is below it.' },
  ],
  options: [
    { flags: '--hash', summary: 'Hash what is still unverified or only probably the same, then compare.' },
    { flags: '--no-refresh', summary: 'Compare what the index remembers, without reading the folders.' },
    { flags: '--states <list>', summary: 'Only rows in these states, such as `conflict,only-a`.' },
    { flags: '--query <words>', summary: 'Only rows that match, such as `flux size>4GB`.' },
    { flags: '--entries', summary: 'With --json: every row, not the summary alone.' },
    { flags: '--limit <n>', summary: 'Rows to show of each state (default 10).' },
  ],
  examples: [
    { line: 'weightroom diff', meaning: 'What differs between local and lake.' },
    { line: 'weightroom diff local lake loras --hash', meaning: 'One folder, settled by content.' },
    { line: 'weightroom diff --json --entries', meaning: 'Everything for a script, as one JSON document.' },
  ],
  exits: {
    3: 'Finished, but some files or folders could not be read or hashed; they are listed.',
    4: 'No location has this id.',
    5: 'A refresh is already running.',
    7: 'A location cannot be reached, or is empty or shrunken and waits for `location accept`.',
  },
  input: inputSchema,
  run: runDiff,
  json: diffJson,
  text: diffText,
  exitStatus: ({ failures, problems }) =>
    failures.length > 0 || problems.some(isFailure) ? exitFinishedWithFailures : 0,
});

async function runDiff(typed: DiffInput, session: Session): Promise<DiffReport> {
  const { api } = await session.engine({ willRead: typed.refresh });
  const input = { ...typed, folder: await folderIn([typed.a, typed.b], typed.folder, session) };
  if (input.refresh) {
    // What is remembered is lined up while the drives are read; afterwards only what changed is left to do.
    api.diff({ a: input.a, b: input.b, limit: 0 }).catch(() => {});
    await refreshBoth(input, session);
  } else await requireReadBefore(input, api);
  const failures = input.hash ? await hashUndecided(input, session) : [];
  const problems = await listAllProblems(api, [input.a, input.b], session.signal);
  const { a, b, folder, query, states } = input;
  const request = { a, b, folder, query, ...(states === undefined ? {} : { states }) };
  const options = { signal: session.signal };
  const overview = await api.diff({ ...request, limit: 0 }, options);
  const groups = session.json ? [] : await fetchGroups(input, session);
  const read = { changed: false };
  async function* rows(): AsyncIterable<readonly CompareRow[]> {
    for await (const page of pagesOf((cursor) => api.diff({ ...request, cursor, limit: pageSize }, options))) {
      read.changed ||= page.version !== overview.version;
      yield page.rows;
    }
  }
  return {
    a,
    b,
    summary: overview.summary,
    moved: overview.moved,
    problems,
    failures,
    groups,
    changedWhileReading: () => read.changed,
    ...(input.entries ? { rows: rows() } : {}),
  };
}

async function refreshBoth({ a, b }: DiffInput, session: Session): Promise<void> {
  for (const result of await refreshAndWait(session, [a, b])) {
    const failure = failureOf(result);
    if (failure) throw failure;
  }
}

/** A location that was never read would look empty, and every file of the other side lone. */
async function requireReadBefore({ a, b }: DiffInput, api: Api): Promise<void> {
  const { locations } = await api.listLocations({});
  for (const { id, index } of locations) {
    if ((id === a || id === b) && index.scannedAtMs === null) {
      throw new AppError('INVALID_INPUT', `${id} has never been read, so there is nothing to compare yet.`, {
        hint: 'Leave out `--no-refresh` once.',
      });
    }
  }
}

async function hashUndecided({ a, b, folder }: DiffInput, session: Session): Promise<DiffReport['failures']> {
  const engine = await session.engine();
  const run = await followEngine(engine, session.progress, () =>
    engine.api.hash({ scope: { kind: 'compare', a, b, folder }, wait: true }, { signal: session.signal }),
  );
  return run.failed;
}

async function fetchGroups({ a, b, folder, query, states, limit }: DiffInput, session: Session): Promise<DiffGroup[]> {
  const { api } = await session.engine();
  const groups: DiffGroup[] = [];
  for (const state of states ?? groupOrder) {
    const page = await api.diff({ a, b, folder, query, states: [state], limit }, { signal: session.signal });
    if (page.total > 0) groups.push({ state, total: page.total, rows: page.rows });
  }
  return groups;
}

export const syncCommands: readonly Command[] = [diff];
