import type { ApiHandlers } from '../../src/contract/api.ts';
import type { Task } from '../../src/contract/queue.ts';
import type { ChangingFileSystem } from '../../src/core/ports/changing-file-system.ts';
import type { Journal } from '../../src/core/ports/journal.ts';
import type { StartTimer } from '../../src/core/ports/timer.ts';
import type { TransferFiles } from '../../src/core/ports/transfer-files.ts';
import { createDirectTransferFiles } from '../../src/core/transfers/direct-transfer-files.ts';
import { createMirrorFeature } from '../../src/features/mirror/mirror-feature.ts';
import { createExecuteDedupe } from '../../src/features/queue/execute-dedupe.ts';
import { IndexKeeper } from '../../src/features/queue/index-keeper.ts';
import { createPlans } from '../../src/features/queue/plans.ts';
import { QueueEngine, type RunsQueue } from '../../src/features/queue/queue-engine.ts';
import { createQueueFeature } from '../../src/features/queue/queue-feature.ts';
import type { QueuedTask } from '../../src/features/queue/queued-task.ts';
import { createCompareViews } from '../../src/features/sync/compare-views.ts';
import { loadHashers } from '../../src/platform/hash-workers/hashers.ts';
import { HangingCall } from '../../src/platform/memory/fault-injection.ts';
import { createTestEngine, type TestEngine } from './engine.ts';
import type { MemoryCatalogStore } from './memory-catalog-store.ts';
import { createMemoryJournal } from './memory-journal.ts';

const hashers = await loadHashers();
/** Timers of Node ring up to two milliseconds too early by the clock; these always do. */
const earlyMs = 2;
/** Of all queues of this process: several of them may share a journal. */
let made = 0;

export interface TestQueueOptions {
  readonly fs: ChangingFileSystem;
  readonly journal?: Journal;
  readonly catalog?: MemoryCatalogStore;
  readonly runs?: RunsQueue;
  readonly retryCount?: number;
  /** Locations that allow deleting; default both. */
  readonly deletable?: readonly string[];
  readonly undo?: readonly string[];
  readonly roots?: Readonly<Record<string, string>>;
}

export type QueueApi = Pick<
  ApiHandlers,
  keyof ReturnType<typeof createQueueFeature> | keyof ReturnType<typeof createMirrorFeature>
>;

export interface TestQueue extends TestEngine {
  readonly api: QueueApi;
  readonly queue: QueueEngine;
  readonly files: TransferFiles;
  readonly journal: Journal;
  /** Puts confirmed removals of duplicates into the queue. */
  readonly dedupe: ReturnType<typeof createExecuteDedupe>;
  /** Lets the timers go off that are due within so many milliseconds. */
  pass(ms: number): Promise<void>;
  copy(relPaths: readonly string[], from?: string, to?: string): Promise<Task | null>;
  ended(task: Task | null): Promise<Task>;
}

/** The queue as the program puts it together, over a file system of this process and a journal in memory. */
export async function createTestQueue(options: TestQueueOptions): Promise<TestQueue> {
  const { fs, journal = createMemoryJournal(), runs = 'all', deletable = ['local', 'lake'], undo = [] } = options;
  const roots = options.roots ?? { local: '/local', lake: '/lake' };
  const { catalog } = options;
  const engine = createTestEngine({ fs, roots, ...(catalog ? { catalog } : {}) });
  const { registry, clock, pacer, events } = engine;
  for (const slot of registry.list()) {
    const { id } = slot.definition;
    slot.definition = { ...slot.definition, allowDelete: deletable.includes(id), undoDeletes: undo.includes(id) };
    await engine.refresh(id);
  }
  const timers = new Set<{ readonly atMs: number; readonly call: () => void }>();
  const startTimer: StartTimer = (ms, call) => {
    const timer = { atMs: clock.monotonicMs() + ms, call };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  const views = createCompareViews(pacer);
  const readAgain = async (slot: { definition: { id: string } }, folder: string): Promise<void> =>
    void (await engine.refresh(slot.definition.id, { folder }));
  const ports = {
    journal,
    files: createDirectTransferFiles({ fs, hashers, isHanging: (thrown) => thrown instanceof HangingCall }),
    registry,
    events,
    clock,
    startTimer,
    keeper: new IndexKeeper({ registry, catalog: engine.catalog, events, clock, startTimer, readAgain }),
    contents: views.contents,
    createAbort: () => new AbortController(),
    random: () => 0.5,
    concurrency: 1,
    retryCount: options.retryCount ?? 3,
    runs,
  };
  const queue = new QueueEngine(ports);
  const newId = (): string => {
    made += 1;
    return `task${String(made).padStart(4, '0')}`;
  };
  const plans = createPlans({ engine: queue, journal, registry, clock, pacer, newId });
  const planning = {
    registry,
    clock,
    pacer,
    checkedRelPath: (relPath: string) => relPath,
    platform: fs.platform,
    view: views.view,
    moves: views.moves,
    contents: views.contents,
  };
  const stored = (task: QueuedTask) => ({ plan: plans.describe(task), mirror: task.details.mirror });
  const api: QueueApi = {
    ...createQueueFeature({ ...planning, engine: queue, enginePorts: ports, journal, plans }),
    ...createMirrorFeature({
      ...planning,
      addPlan: async (draft) => stored(await plans.add(draft)),
      readPlan: async (id) => stored(queue.require(id)),
      async executePlan(id, confirm) {
        await plans.execute(queue.require(id), confirm);
        return queue.require(id).describe();
      },
    }),
  };
  await queue.loaded();
  return {
    ...engine,
    api,
    queue,
    files: ports.files,
    journal,
    dedupe: createExecuteDedupe({ plans, registry, catalog: engine.catalog, clock }),
    async pass(ms) {
      clock.advance(ms);
      for (const timer of [...timers]) {
        if (timer.atMs - earlyMs > clock.monotonicMs()) continue;
        timers.delete(timer);
        timer.call();
      }
      await turns();
    },
    async copy(srcRelPaths, srcSide = 'local', dstSide = 'lake') {
      const { task } = await api.queueCopy({ ...copyDefaults, srcSide, dstSide, srcRelPaths: [...srcRelPaths] });
      return task;
    },
    async ended(task) {
      if (task === null) throw new Error('there was nothing to do');
      return (await api.waitForTask({ id: task.id, onHold: 'wait' })).task;
    },
  };
}

export const copyDefaults = { sidecars: true, insideTarget: false, verify: 'source' } as const;

/** Makes all of the lake as local is. */
export const mirrorAll = {
  srcSide: 'local',
  srcRelFolder: '',
  dstSide: 'lake',
  deleteExtras: true,
  onConflict: 'skip',
} as const;

/** Lets everything that is under way come to rest. */
export async function turns(count = 200): Promise<void> {
  for (let k = 0; k < count; k += 1) await new Promise((resolve) => setImmediate(resolve));
}
