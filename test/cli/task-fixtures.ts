import type { ApiHandlers } from '../../src/contract/api.ts';
import type { Queue, Step, Task, TaskPlan } from '../../src/contract/queue.ts';
import { location, twoLocations } from './fixtures.ts';

const none = { files: 0, bytes: 0 };

export function plan(changes: Partial<TaskPlan> = {}): TaskPlan {
  return {
    planId: 'plan0001',
    kind: 'copy',
    src: 'local',
    dst: 'lake',
    buckets: { copy: { files: 2, bytes: 3_000 } },
    sidecars: 0,
    elsewhere: none,
    lastCopies: none,
    space: { freeBytes: 10_000_000_000, afterBytes: 9_999_997_000, reserveBytes: 1_000_000_000 },
    folders: 0,
    staged: false,
    confirm: null,
    confirmReason: null,
    ...changes,
  };
}

export function task(changes: Partial<Task> = {}): Task {
  return {
    id: 'task0001',
    kind: 'copy',
    state: 'done',
    src: 'local',
    dst: 'lake',
    what: 'loras/a.safetensors',
    total: { files: 2, bytes: 3_000 },
    done: { files: 2, bytes: 3_000 },
    skipped: 0,
    failed: 0,
    current: null,
    bytesPerSecond: 0,
    averageBytesPerSecond: 1_500,
    etaSeconds: null,
    attempts: 0,
    hold: null,
    error: null,
    createdMs: 1,
    startedMs: 2_000,
    finishedMs: 4_000,
    reclaimedBytes: 0,
    undoUntilMs: null,
    ...changes,
  };
}

export function step(relPath: string, changes: Partial<Step> = {}): Step {
  return {
    n: 0,
    bucket: 'copy',
    state: 'done',
    relPath,
    toRelPath: null,
    from: null,
    size: 1_000,
    code: null,
    message: null,
    way: null,
    ...changes,
  };
}

export const conflict = step('loras/b.safetensors', {
  bucket: 'conflict',
  state: 'told',
  code: 'TARGET_EXISTS',
  message: '“loras/b.safetensors” is there already with other content; nothing is overwritten.',
});
export const failure = step('loras/c.safetensors', {
  state: 'failed',
  code: 'IO_FAILED',
  message: 'The drive reported a read error.',
});

export function queueOf(tasks: readonly Task[] = [], changes: Partial<Queue> = {}): Queue {
  const count = (...states: readonly Task['state'][]) => tasks.filter(({ state }) => states.includes(state)).length;
  return {
    paused: false,
    totals: {
      running: count('running'),
      waiting: count('waiting'),
      finished: count('done', 'failed', 'cancelled'),
      failed: count('failed'),
      filesLeft: 0,
      bytesLeft: 0,
      bytesPerSecond: 0,
      etaSeconds: null,
    },
    tasks: [...tasks],
    total: tasks.length,
    ...changes,
  };
}

/** A queue that carries out every plan at once and as told; `order` gets the calls that matter. */
export function transferring(
  { planned = plan(), steps = [], ended = task(), failed = [], skipped = [] }: Partial<Transferring>,
  order: string[] = [],
): Partial<ApiHandlers> {
  const execute = async ({ planId, confirm }: { planId: string; confirm?: string | undefined }) => {
    order.push(`execute ${planId}${confirm === undefined ? '' : ` ${confirm}`}`);
    return { ...ended, state: 'waiting' as const };
  };
  return {
    ...twoLocations,
    refreshIndex: async (input, options) => {
      order.push(`refresh ${input.location} ${input.folder}`);
      return twoLocations.refreshIndex?.(input, options) ?? { locations: [] };
    },
    checkLocation: async ({ id }) => location(id),
    queue: async () => queueOf(),
    planCopy: async ({ move, ...input }) => {
      order.push(`plan ${move ? 'move' : 'copy'} ${input.srcSide} ${input.dstSide} ${input.srcRelPaths?.join(' ')}`);
      return planned;
    },
    planDelete: async ({ side, relPaths }) => {
      order.push(`plan delete ${side} ${relPaths?.join(' ')}`);
      return planned;
    },
    taskSteps: async ({ buckets, states }) => ({
      steps: steps.filter(
        ({ bucket, state }) => (buckets?.includes(bucket) ?? true) && (states?.includes(state) ?? true),
      ),
      nextN: null,
    }),
    dropPlan: async ({ planId }) => {
      order.push(`drop ${planId}`);
      return { dropped: true };
    },
    executePlan: execute,
    executeMirror: execute,
    waitForTask: async ({ id, onHold }) => {
      order.push(`wait ${id} ${onHold}`);
      return { task: ended, failed: [...failed], skipped: [...skipped] };
    },
  };
}

interface Transferring {
  readonly planned: TaskPlan;
  readonly steps: readonly Step[];
  readonly ended: Task;
  readonly failed: readonly Step[];
  readonly skipped: readonly Step[];
}
