import { z } from 'zod';
import { listOf } from '../../contract/endpoint.ts';
import { type Step, stepBucketSchema, stepStateSchema, taskIdSchema } from '../../contract/queue.ts';
import { stepBuckets, stepStates } from '../../contract/queue-words.ts';
import { defineCommand } from '../command.ts';
import { formatBytes, formatCount } from '../output/format.ts';
import { jsonWithList } from '../output/json-stream.ts';
import type { Look } from '../output/look.ts';
import { stepItem } from '../output/plan-report.ts';
import { renderTable } from '../output/table.ts';
import { stepPages } from './task-steps.ts';

export const queueSteps = defineCommand({
  path: 'queue steps',
  summary: 'List the files of a task or plan, with what became of each.',
  notes: [`Buckets: ${stepBuckets.join(', ')}. States: ${stepStates.join(', ')}.`],
  args: [{ term: '<id>', summary: 'Id of a task or plan.' }],
  options: [
    { flags: '--buckets <list>', summary: 'Only these, such as `conflict,extra`.' },
    { flags: '--states <list>', summary: 'Only these, such as `failed,skipped`.' },
  ],
  examples: [
    { line: 'weightroom queue steps k3v9x2ab --states failed', meaning: 'What failed, and why.' },
    { line: 'weightroom queue steps k3v9x2ab --json', meaning: 'All of them for a script.' },
  ],
  exits: { 4: 'The queue has no task or plan with this id.' },
  input: () =>
    z.object({
      id: taskIdSchema,
      buckets: listOf(stepBucketSchema).optional(),
      states: listOf(stepStateSchema).optional(),
    }),
  async run({ id, buckets, states }, session) {
    const { api } = await session.engine();
    const pages = stepPages(api, id, { buckets, states }, session.signal)[Symbol.asyncIterator]();
    // Asked for before anything is printed, so that a wrong id leaves stdout empty.
    const first = await pages.next();
    async function* all(): AsyncIterable<readonly Step[]> {
      for (let page = first; !page.done; page = await pages.next()) yield page.value;
    }
    return { id, pages: all() };
  },
  json: ({ id, pages }) => ({ pieces: jsonWithList({ head: { id }, list: 'steps', pages: items(pages) }) }),
  async *text({ pages }, look) {
    let count = 0;
    for await (const steps of pages) {
      count += steps.length;
      if (steps.length > 0) yield* stepTable(steps, look);
    }
    yield look.dim(count === 0 ? 'No step matches.' : `${formatCount(count)} in all.`);
  },
});

async function* items(pages: AsyncIterable<readonly Step[]>): AsyncIterable<readonly unknown[]> {
  for await (const steps of pages) yield steps.map(stepItem);
}

function stepTable(steps: readonly Step[], look: Look): Iterable<string> {
  return renderTable<Step>(
    [
      { title: '', cell: ({ bucket }) => bucket },
      { title: '', cell: ({ state }) => state, paint: ({ state }) => (state === 'failed' ? look.red : look.dim) },
      { title: '', align: 'right', cell: ({ size }) => formatBytes(size) },
      { title: '', cell: ({ relPath }) => relPath, shrinks: true },
      { title: '', cell: ({ message, way }) => message ?? way ?? '', shrinks: true, paint: () => look.dim },
    ],
    steps,
    look,
  );
}
