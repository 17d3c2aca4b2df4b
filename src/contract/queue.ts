import { z } from 'zod';
import { defineEndpoint, flag, listOf } from './endpoint.ts';
import { locationIdSchema } from './locations.ts';
import { stepBuckets, stepStates, taskKinds, taskStates } from './queue-words.ts';
import { compareStateSchema } from './sync.ts';

/** One request of a person is one task, however many files it covers; its files are its steps. */
export const taskIdSchema = z.string().regex(/^[a-z0-9]{8}$/, 'is not the id of a task');

export const taskKindSchema = z.enum(taskKinds);
export const taskStateSchema = z.enum(taskStates);
export const stepStateSchema = z.enum(stepStates);
export const stepBucketSchema = z.enum(stepBuckets);

const amountSchema = z.object({ files: z.int(), bytes: z.number() });
const reasonSchema = z.object({ code: z.string(), message: z.string() });

export const taskSchema = z.object({
  id: taskIdSchema,
  kind: taskKindSchema,
  state: taskStateSchema,
  src: locationIdSchema.describe('Location that is read; of a delete the one that loses files.'),
  dst: locationIdSchema.nullable(),
  what: z.string().describe('relPath of the one file or folder it is about; empty for several, or a whole location.'),
  total: amountSchema.describe('What it has to do.'),
  done: amountSchema.describe('Bytes are durable ones, the current file included.'),
  skipped: z.int(),
  failed: z.int(),
  current: z.string().nullable().describe('relPath of the file it is at.'),
  bytesPerSecond: z.number().describe('Of the last seconds; 0 when it does not run.'),
  averageBytesPerSecond: z.number(),
  etaSeconds: z.number().nullable(),
  attempts: z.int().describe('How often the current step was tried before.'),
  hold: reasonSchema
    .extend({ untilMs: z.number().nullable().describe('When it goes on by itself; null: when its reason is gone.') })
    .nullable()
    .describe(
      'Why it stands still although the queue is not paused: drive offline or full, or a pause before another try.',
    ),
  error: reasonSchema.nullable().describe('The last failure.'),
  createdMs: z.number(),
  startedMs: z.number().nullable(),
  finishedMs: z.number().nullable(),
  reclaimedBytes: z.number().describe('Of a dedupe: space that came free so far; 0 for others.'),
  reclaimedIsEstimate: z
    .boolean()
    .optional()
    .describe(
      'true: an interruption, or blocks that files shared, keep anybody from knowing `reclaimedBytes` exactly.',
    ),
  undoUntilMs: z.number().nullable().describe('A delete that can be undone until then.'),
});
export type Task = z.infer<typeof taskSchema>;

export const queueTotalsSchema = z.object({
  running: z.int(),
  waiting: z.int(),
  finished: z.int().describe('Done, failed and cancelled tasks that were not cleared.'),
  failed: z.int(),
  filesLeft: z.int(),
  bytesLeft: z.number(),
  bytesPerSecond: z.number(),
  etaSeconds: z.number().nullable(),
});
export type QueueTotals = z.infer<typeof queueTotalsSchema>;

export const queueSchema = z.object({
  paused: z.boolean(),
  totals: queueTotalsSchema,
  tasks: z.array(taskSchema).describe('Running first, then waiting in their order, then finished ones, newest first.'),
  total: z.int().describe('Tasks that match, whatever the page shows.'),
});
export type Queue = z.infer<typeof queueSchema>;

export const stepSchema = z.object({
  n: z.int(),
  bucket: stepBucketSchema,
  state: stepStateSchema,
  relPath: z.string(),
  toRelPath: z.string().nullable().describe('At the target, where it differs.'),
  from: locationIdSchema.nullable().describe('Where the bytes come from, where not from the task’s source.'),
  size: z.number(),
  code: z.string().nullable(),
  message: z.string().nullable(),
  way: z
    .string()
    .nullable()
    .describe(
      'How it was done: clone, stream, found, rename, staged, deleted; of a duplicate also hardlink, reflink, symlink.',
    ),
  keeper: z
    .object({ location: locationIdSchema, relPath: z.string() })
    .optional()
    .describe('Of a duplicate: the file of the same content that stays.'),
  blake3: z.string().optional().describe('Of a duplicate: the content that both have, in hexadecimal digits.'),
  freedBytes: z.number().optional().describe('Of a duplicate that is done: space that came free.'),
  endedMs: z.number().optional().describe('Of a duplicate: when it was done or given up.'),
});
export type Step = z.infer<typeof stepSchema>;

/** A plan: what would be done, counted. Nothing happens before it is executed; every step is checked again then. */
export const taskPlanSchema = z.object({
  planId: taskIdSchema,
  kind: taskKindSchema,
  src: locationIdSchema,
  dst: locationIdSchema.nullable(),
  buckets: z
    .partialRecord(stepBucketSchema, amountSchema)
    .describe(
      'Files and bytes of each bucket that has any; the lists: GET /api/queue/tasks/:id/steps. Of several names, one that is not there is in `skipped` with `ENTRY_NOT_FOUND`.',
    ),
  sidecars: z.int().describe('Files among them that come along with a model.'),
  elsewhere: amountSchema.describe(
    'To copy, while the target holds the same content under another path (`insideTarget`).',
  ),
  lastCopies: amountSchema.describe(
    'To delete, and no other location is known to hold the same content (verified by hash).',
  ),
  space: z
    .object({ freeBytes: z.number(), afterBytes: z.number(), reserveBytes: z.number() })
    .nullable()
    .describe('On the drive that is written; null where it does not tell.'),
  folders: z
    .int()
    .describe('Folders that were named, with those inside: each goes too where nothing is left in it. 0 for a copy.'),
  staged: z.boolean().describe('A delete that can be undone for a while; its space comes free after that.'),
  confirm: z
    .string()
    .nullable()
    .describe('Text that execute needs as `confirm`: the location asks for it, or a brake does. null: none.'),
  confirmReason: z.string().nullable(),
});
export type TaskPlan = z.infer<typeof taskPlanSchema>;

const relPathSchema = z.string().max(4096);
/** Files and folders of one location: by name, or all rows of a comparison that match. */
const whatSchema = {
  srcRelPath: relPathSchema.optional().describe('One file or folder.'),
  srcRelPaths: z.array(relPathSchema.min(1)).max(100_000).optional(),
  matching: z
    .object({
      folder: relPathSchema.default(''),
      states: z.array(compareStateSchema).optional(),
      moved: z.boolean().optional(),
      query: z.string().max(500).default(''),
    })
    .optional()
    .describe(
      'Every row of the comparison of both sides that matches, as GET /api/diff lists them with a = `a`, b = `b`.',
    ),
  a: locationIdSchema.optional().describe('With `matching`: the a side of that comparison; default the source.'),
  b: locationIdSchema.optional(),
};

const copyInput = {
  srcSide: locationIdSchema,
  ...whatSchema,
  dstSide: locationIdSchema,
  sidecars: z.boolean().default(true).describe('Previews and descriptions beside a model come along.'),
  insideTarget: z
    .boolean()
    .default(false)
    .describe('Content that the target holds under another path is copied from there.'),
  verify: z
    .enum(['none', 'source', 'readback'])
    .default('source')
    .describe(
      '`source`: bytes read must have the known hash, and the source must not change. `readback`: the copy is read again from the drive.',
    ),
};

const deleteInput = {
  side: locationIdSchema,
  relPath: relPathSchema.min(1).optional().describe('One file or folder.'),
  relPaths: z.array(relPathSchema.min(1)).max(100_000).optional(),
  matching: whatSchema.matching,
  a: locationIdSchema.optional(),
  b: locationIdSchema.optional(),
  sidecars: z.boolean().default(false).describe('Previews and descriptions beside a model go with it.'),
};

const confirm = z.string().max(200).optional().describe('See `confirm` of the plan.');
const taskOutput = z.object({
  plan: taskPlanSchema,
  task: taskSchema.nullable().describe('null: there was nothing to do.'),
});
const byTask = z.object({ id: taskIdSchema });

export const taskOutcomeSchema = z.object({
  task: taskSchema,
  failed: z.array(stepSchema).describe('The first 1,000.'),
  skipped: z.array(stepSchema).describe('The first 1,000, conflicts and the like included.'),
});
export type TaskOutcome = z.infer<typeof taskOutcomeSchema>;

export type CopyInput = z.output<z.ZodObject<typeof copyInput>>;
export type DeleteInput = z.output<z.ZodObject<typeof deleteInput>>;

export const queueEndpoints = {
  queue: defineEndpoint({
    method: 'GET',
    path: '/api/queue',
    summary: 'The queue: what runs, waits and has ended.',
    input: () =>
      z.object({
        show: z
          .enum(['all', 'active', 'finished', 'done', 'failed'])
          .default('all')
          .describe('`done`: ended without a failure, the cancelled ones included.'),
        offset: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(0).max(1000).default(200),
      }),
    output: () => queueSchema,
  }),
  queueCopy: defineEndpoint({
    method: 'POST',
    path: '/api/queue/copy',
    summary: 'Copy files or folders to the same relPath in another location. Never overwrites.',
    input: () => z.object(copyInput),
    output: () => taskOutput,
  }),
  queueMove: defineEndpoint({
    method: 'POST',
    path: '/api/queue/move',
    summary: 'Copy, and delete each source once its copy is durable and verified. Needs a source that allows deleting.',
    input: () => z.object({ ...copyInput, confirm }),
    output: () => taskOutput,
  }),
  queueDelete: defineEndpoint({
    method: 'POST',
    path: '/api/queue/delete',
    summary: 'Delete files or folders of a location that allows it. Each is looked at again right before.',
    input: () => z.object({ ...deleteInput, confirm }),
    output: () => taskOutput,
  }),
  planCopy: defineEndpoint({
    method: 'POST',
    path: '/api/queue/plan/copy',
    summary: 'What a copy or move would do. It is kept for a day; POST /api/queue/execute carries it out.',
    input: () => z.object({ ...copyInput, move: z.boolean().default(false) }),
    output: () => taskPlanSchema,
  }),
  planDelete: defineEndpoint({
    method: 'POST',
    path: '/api/queue/plan/delete',
    summary: 'What a delete would do, and its consequences.',
    input: () => z.object(deleteInput),
    output: () => taskPlanSchema,
  }),
  executePlan: defineEndpoint({
    method: 'POST',
    path: '/api/queue/execute',
    summary: 'Put a plan into the queue.',
    input: () => z.object({ planId: taskIdSchema, confirm }),
    output: () => taskSchema,
  }),
  dropPlan: defineEndpoint({
    method: 'POST',
    path: '/api/queue/drop',
    summary: 'Forget a plan that was not executed.',
    input: () => z.object({ planId: taskIdSchema }),
    output: () => z.object({ dropped: z.boolean() }),
  }),
  taskSteps: defineEndpoint({
    method: 'GET',
    path: '/api/queue/tasks/:id/steps',
    summary: 'The files of a task or plan, with what became of each.',
    input: () =>
      byTask.extend({
        buckets: listOf(stepBucketSchema).optional(),
        states: listOf(stepStateSchema).optional(),
        fromN: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(1).max(1000).default(200),
      }),
    output: () => z.object({ steps: z.array(stepSchema), nextN: z.int().nullable() }),
  }),
  waitForTask: defineEndpoint({
    method: 'POST',
    path: '/api/queue/tasks/:id/wait',
    summary: 'Answer when a task has ended.',
    input: () =>
      byTask.extend({
        onHold: z
          .enum(['wait', 'fail'])
          .default('wait')
          .describe('`fail`: a drive that is offline or full ends the task.'),
      }),
    output: () => taskOutcomeSchema,
  }),
  pauseQueue: defineEndpoint({
    method: 'POST',
    path: '/api/queue/pause',
    summary: 'Stand still at the next chunk, until resumed, also over a restart.',
    input: () => z.object({}),
    output: () => queueSchema,
  }),
  resumeQueue: defineEndpoint({
    method: 'POST',
    path: '/api/queue/resume',
    summary: 'Go on; drives that were full are tried again.',
    input: () => z.object({}),
    output: () => queueSchema,
  }),
  cancelTasks: defineEndpoint({
    method: 'POST',
    path: '/api/queue/cancel',
    summary: 'End tasks, or the running ones when none is named; unfinished files are removed.',
    input: () => z.object({ ids: z.array(taskIdSchema).max(10_000).optional(), all: flag().default(false) }),
    output: () => queueSchema,
  }),
  retryTasks: defineEndpoint({
    method: 'POST',
    path: '/api/queue/retry',
    summary: 'Try the failed and cancelled steps of tasks again; of all failed tasks when none is named.',
    input: () => z.object({ ids: z.array(taskIdSchema).max(10_000).optional() }),
    output: () => queueSchema,
  }),
  removeTasks: defineEndpoint({
    method: 'POST',
    path: '/api/queue/remove',
    summary: 'Take tasks that have not begun, or have ended, out of the list.',
    input: () => z.object({ ids: z.array(taskIdSchema).min(1).max(10_000) }),
    output: () => queueSchema,
  }),
  reorderTask: defineEndpoint({
    method: 'POST',
    path: '/api/queue/reorder',
    summary: 'Put a waiting task before another, or at the end.',
    input: () => byTask.extend({ before: taskIdSchema.nullable().describe('null: to the end.') }),
    output: () => queueSchema,
  }),
  clearFinished: defineEndpoint({
    method: 'POST',
    path: '/api/queue/clear',
    summary: 'Take everything that has ended out of the list. What can still be undone stays.',
    input: () => z.object({}),
    output: () => queueSchema,
  }),
  undoTask: defineEndpoint({
    method: 'POST',
    path: '/api/queue/undo',
    summary: 'Put files of a delete back. A path that is taken by now is not touched, and reported.',
    input: () => byTask,
    output: () => z.object({ restored: z.int(), failed: z.array(stepSchema), task: taskSchema }),
  }),
};
