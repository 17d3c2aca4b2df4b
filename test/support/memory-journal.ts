import { AppError } from '../../src/core/errors/app-error.ts';
import type { Journal, JournalStep, JournalTask, StepCount, StepQuery } from '../../src/core/ports/journal.ts';

export interface MemoryJournal extends Journal {
  /** Names of the calls that wrote something, oldest first. */
  readonly writes: readonly string[];
}

export interface MemoryJournalOptions {
  /** Makes a call fail without effect: gets its name, returns what it rejects with or null. */
  readonly failing?: (call: string) => Error | null;
}

/** One task; steps by number, with holes where there are none. */
interface Kept {
  task: JournalTask;
  readonly steps: JournalStep[];
}

/** `Journal` in memory. Everything is copied on its way in and out, as between threads. */
export function createMemoryJournal({ failing = () => null }: MemoryJournalOptions = {}): MemoryJournal {
  const tasks = new Map<string, Kept>();
  const writes: string[] = [];
  let isPaused = false;
  let isClosed = false;

  /** Calls take effect in the order they are made and are answered in a later turn. */
  async function call<T>(name: string, work: () => T): Promise<T> {
    if (isClosed) throw new AppError('CANCELLED', 'The journal was closed.');
    const outcome = attempt(() => {
      const failure = failing(name);
      if (failure !== null) throw failure;
      return work();
    });
    await new Promise((resolve) => setImmediate(resolve));
    return outcome();
  }

  function write<T>(name: string, work: () => T): Promise<T> {
    return call(name, () => {
      const value = work();
      writes.push(name);
      return value;
    });
  }

  function keptOf(id: string): Kept {
    const kept = tasks.get(id);
    if (kept === undefined) throw new AppError('TASK_NOT_FOUND', `The queue has no task “${id}”.`);
    return kept;
  }

  return {
    writes,
    loadTasks: () =>
      call('loadTasks', () => [...tasks.values()].map(({ task }) => structuredClone(task)).sort(byPosition)),
    isPaused: () => call('isPaused', () => isPaused),
    setPaused: (paused) =>
      write('setPaused', () => {
        isPaused = paused;
      }),
    addTask: (task, steps) =>
      write('addTask', () => {
        if (tasks.has(task.id)) throw new AppError('INTERNAL', `The queue has a task “${task.id}” already.`);
        const kept = { task: structuredClone(task), steps: [] };
        addAll(kept, steps);
        tasks.set(task.id, kept);
      }),
    addSteps: (id, steps) => write('addSteps', () => addAll(keptOf(id), steps)),
    saveTask: (task) =>
      write('saveTask', () => {
        keptOf(task.id).task = structuredClone(task);
      }),
    saveTasks: (several) =>
      write('saveTasks', () => {
        const kept = several.map(({ id }) => keptOf(id));
        for (const [k, task] of several.entries()) kept[k]!.task = structuredClone(task);
      }),
    removeTasks: (ids) =>
      write('removeTasks', () => {
        for (const id of ids) tasks.delete(id);
      }),
    steps: (id, query) => call('steps', () => findSteps(tasks.get(id)?.steps ?? [], query)),
    countSteps: (id) => call('countSteps', () => countSteps(tasks.get(id)?.steps ?? [])),
    saveSteps: (task, changes) =>
      write('saveSteps', () => {
        const kept = keptOf(task.id);
        for (const { n } of changes) {
          if (!kept.steps[n]) throw new AppError('INTERNAL', `Task “${task.id}” has no step ${n}.`);
        }
        for (const change of changes) kept.steps[change.n] = { ...kept.steps[change.n]!, ...change };
        kept.task = structuredClone(task);
      }),
    moveSteps: (id, from, to) =>
      write('moveSteps', () => {
        const steps = tasks.get(id)?.steps ?? [];
        const moved = steps.filter(({ state }) => from.includes(state));
        for (const step of moved) steps[step.n] = { ...step, state: to };
        return moved.length;
      }),
    async close() {
      isClosed = true;
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

/** Runs now, and gives or throws later what came of it. */
function attempt<T>(work: () => T): () => T {
  try {
    const value = work();
    return () => value;
  } catch (thrown) {
    return () => {
      throw thrown;
    };
  }
}

function addAll({ task, steps }: Kept, added: readonly JournalStep[]): void {
  const numbers = new Set<number>();
  for (const { n } of added) {
    if (steps[n] || numbers.has(n)) throw new AppError('INTERNAL', `Task “${task.id}” has a step ${n} already.`);
    numbers.add(n);
  }
  for (const step of added) steps[step.n] = structuredClone(step);
}

function findSteps(steps: readonly JournalStep[], { fromN, limit, states, buckets }: StepQuery): JournalStep[] {
  const found: JournalStep[] = [];
  for (let n = fromN; n < steps.length && found.length < limit; n += 1) {
    const step = steps[n];
    if (!step || states?.includes(step.state) === false || buckets?.includes(step.bucket) === false) continue;
    found.push(structuredClone(step));
  }
  return found;
}

function countSteps(steps: readonly JournalStep[]): StepCount[] {
  const counts = new Map<string, StepCount>();
  // filter leaves out the holes.
  for (const { bucket, state, size } of steps.filter(() => true)) {
    const key = `${bucket} ${state}`;
    const { files, bytes } = counts.get(key) ?? { files: 0, bytes: 0 };
    counts.set(key, { bucket, state, files: files + 1, bytes: bytes + size });
  }
  return [...counts].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, count]) => count);
}

function byPosition(x: JournalTask, y: JournalTask): number {
  return x.position - y.position || x.createdMs - y.createdMs || (x.id < y.id ? -1 : 1);
}
