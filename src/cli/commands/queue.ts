import { z } from 'zod';
import { exitFinishedWithFailures } from '../../contract/errors.ts';
import { type Queue, type Step, taskIdSchema } from '../../contract/queue.ts';
import type { Engine } from '../cli-host.ts';
import { type Command, defineCommand, type Session } from '../command.ts';
import { plural } from '../output/format.ts';
import { jsonWithList } from '../output/json-stream.ts';
import { failedItem } from '../output/plan-report.ts';
import { queueLines } from '../output/queue-table.ts';
import { stepLines } from '../output/step-lines.ts';
import { queuePages } from './queue-pages.ts';
import { runQueue } from './queue-run.ts';
import { queueSteps } from './queue-steps.ts';

const idsArgument = { term: '[id...]', summary: 'Ids of tasks, as `weightroom queue list` shows them.' };
const idsSchema = z.array(taskIdSchema).default([]);
const noTask = { 4: 'The queue has no task with this id.' };
const wrongState = { 5: 'A task is not in a state in which this can be done to it.' };

const nothingRuns = 'Nothing is carried out while no server runs: weightroom queue run';

/** Something waits that nobody carries out. */
function isIdle({ paused, totals }: Queue, mode: Engine['mode']): boolean {
  return mode === 'in-process' && !paused && totals.waiting > 0;
}

const list = defineCommand({
  path: 'queue list',
  summary: 'Show what runs, waits and has ended.',
  options: [
    { flags: '--show <which>', summary: '`all` (default), `active` or `finished`.' },
    { flags: '--limit <n>', summary: 'Tasks at most (default 50; with --json all of them).' },
  ],
  examples: [
    { line: 'weightroom queue list', meaning: 'The queue, what runs first.' },
    { line: 'weightroom queue list --show active --json', meaning: 'For a script.' },
  ],
  input: () =>
    z.object({
      show: z.enum(['all', 'active', 'finished'], { error: 'give all, active or finished' }).default('all'),
      limit: z.coerce.number({ error: 'give a number' }).int('give a whole number').min(0).optional(),
    }),
  async run({ show, limit }, session) {
    const { api, mode } = await session.engine();
    const most = limit ?? (session.json ? Number.POSITIVE_INFINITY : 50);
    const first = await api.queue({ show, limit: Math.min(1000, most) });
    return { first, pages: queuePages(api, { show, first, most }), isIdle: isIdle(first, mode) };
  },
  json: ({ first: { paused, totals, total }, pages }) => ({
    pieces: jsonWithList({ head: { paused, totals }, list: 'tasks', pages, tail: () => ({ total }) }),
  }),
  async *text({ first, pages, isIdle }, look) {
    const tasks = [];
    for await (const page of pages) tasks.push(...page);
    yield* queueLines({ ...first, tasks }, look);
    if (isIdle) yield nothingRuns;
  },
});

interface Change<I extends z.ZodType> extends Omit<Command, 'run'> {
  readonly input: () => I;
  readonly act: (input: z.output<I>, session: Session) => Promise<Queue>;
}

/** A command that changes the queue and shows what it has become. */
function defineChange<I extends z.ZodType>({ act, ...description }: Change<I>): Command {
  return defineCommand({
    ...description,
    async run(input: z.output<I>, session) {
      const queue = await act(input, session);
      const { mode } = await session.engine();
      return { queue, isIdle: isIdle(queue, mode) };
    },
    json: ({ queue }) => ({ value: queue }),
    *text({ queue, isIdle }, look) {
      yield* queueLines(queue, look);
      if (isIdle) yield nothingRuns;
    },
  });
}

const pause = defineChange({
  path: 'queue pause',
  summary: 'Let the queue stand still, also over a restart, until it is resumed.',
  examples: [{ line: 'weightroom queue pause', meaning: 'Also inside a file, at the next chunk.' }],
  input: () => z.object({}),
  act: async (_input, session) => (await session.engine()).api.pauseQueue({}),
});

const resume = defineChange({
  path: 'queue resume',
  summary: 'Let a paused queue go on; drives that were full are tried again.',
  examples: [{ line: 'weightroom queue resume', meaning: 'A running server goes on; else see `queue run`.' }],
  input: () => z.object({}),
  act: async (_input, session) => (await session.engine()).api.resumeQueue({}),
});

const cancel = defineChange({
  path: 'queue cancel',
  summary: 'End tasks, or what runs now when none is named. Unfinished files are removed.',
  args: [idsArgument],
  options: [{ flags: '--all', summary: 'Everything that runs or waits.' }],
  examples: [
    { line: 'weightroom queue cancel', meaning: 'What runs now.' },
    { line: 'weightroom queue cancel k3v9x2ab', meaning: 'One task.' },
  ],
  exits: { ...noTask, ...wrongState },
  input: () => z.object({ id: idsSchema, all: z.boolean().default(false) }),
  act: async ({ id, all }, session) =>
    (await session.engine()).api.cancelTasks(id.length === 0 ? { all } : { ids: id, all }),
});

const retry = defineChange({
  path: 'queue retry',
  summary: 'Try the failed and cancelled files of tasks again; of all failed tasks when none is named.',
  args: [idsArgument],
  examples: [{ line: 'weightroom queue retry', meaning: 'Everything that failed.' }],
  exits: { ...noTask, ...wrongState },
  input: () => z.object({ id: idsSchema }),
  act: async ({ id }, session) => (await session.engine()).api.retryTasks(id.length === 0 ? {} : { ids: id }),
});

const remove = defineChange({
  path: 'queue remove',
  summary: 'Take tasks that have not begun, or have ended, out of the list.',
  args: [{ ...idsArgument, term: '<id...>' }],
  examples: [{ line: 'weightroom queue remove k3v9x2ab', meaning: 'Its files stay as they are.' }],
  exits: { ...noTask, ...wrongState },
  input: () => z.object({ id: idsSchema }),
  act: async ({ id }, session) => (await session.engine()).api.removeTasks({ ids: id }),
});

const reorder = defineChange({
  path: 'queue reorder',
  summary: 'Put a waiting task before another one, or at the end.',
  args: [{ term: '<id>', summary: 'Id of the task.' }],
  options: [{ flags: '--before <id>', summary: 'Task that comes after it; the end of the queue when left out.' }],
  examples: [{ line: 'weightroom queue reorder k3v9x2ab --before 2m8qw0zt', meaning: 'What is urgent comes first.' }],
  exits: { ...noTask, ...wrongState },
  input: () => z.object({ id: taskIdSchema, before: taskIdSchema.optional() }),
  act: async ({ id, before }, session) => (await session.engine()).api.reorderTask({ id, before: before ?? null }),
});

const clear = defineChange({
  path: 'queue clear',
  summary: 'Take everything that has ended out of the list. What can still be undone stays.',
  examples: [{ line: 'weightroom queue clear', meaning: 'Tidy up the list; no file is touched.' }],
  input: () => z.object({}),
  act: async (_input, session) => (await session.engine()).api.clearFinished({}),
});

const undo = defineCommand({
  path: 'queue undo',
  summary: 'Put the files of a delete back, as long as the location keeps them.',
  notes: ['A path that is taken by now is not touched, and reported.'],
  args: [{ term: '<id>', summary: 'Id of the task that deleted them.' }],
  examples: [{ line: 'weightroom queue undo k3v9x2ab', meaning: 'Everything that this delete took away.' }],
  exits: { ...noTask, ...wrongState, 3: 'Some files could not be put back; they are listed.' },
  input: () => z.object({ id: taskIdSchema }),
  async run({ id }, session) {
    const { api } = await session.engine({ willRead: true, runsQueue: 'own' });
    return api.undoTask({ id });
  },
  json: ({ restored, failed, task }) => ({ value: { restored, failed: failed.map(failedItem), task } }),
  *text({ restored, failed }, look) {
    yield `Put ${plural(restored, 'file')} back.`;
    const reason = ({ message }: Step) => message ?? 'It could not be put back.';
    yield* stepLines(failed, { reason, mark: look.red('✗') }, look);
  },
  exitStatus: ({ failed }) => (failed.length > 0 ? exitFinishedWithFailures : 0),
});

export const queueCommands: readonly Command[] = [
  list,
  runQueue,
  pause,
  resume,
  cancel,
  retry,
  reorder,
  remove,
  clear,
  undo,
  queueSteps,
];
