import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { Journal, JournalStep } from '../../core/ports/journal.ts';
import type { TidyOrder, TransferFiles } from '../../core/ports/transfer-files.ts';
import { parseDedupeStep } from './dedupe-step.ts';
import { placeOf } from './orders.ts';
import type { QueuedTask } from './queued-task.ts';
import { findAsPlanned } from './same-roots.ts';
import { isDriveThere } from './task-drives.ts';

export interface DedupeEndsPorts {
  readonly journal: Journal;
  readonly files: TransferFiles;
  readonly registry: LocationRegistry;
}

const stepsAtOnce = 256;

/**
 * A removal of duplicates that is ended in the middle of a file, or could not give one its name back, may have left it
 * under a name of ours: it gets its name back. false: some could not, because their drive is away or
 * their location lies elsewhere by now.
 */
export async function giveNamesBack(task: QueuedTask, ports: DedupeEndsPorts): Promise<boolean> {
  if (task.kind !== 'dedupe') return true;
  let isAllBack = true;
  for (let fromN = 0; ; ) {
    const query = { fromN, limit: stepsAtOnce, states: ['running', 'waiting', 'failed'], buckets: ['dedupe'] } as const;
    const steps = await ports.journal.steps(task.id, query);
    fromN = (steps.at(-1)?.n ?? fromN) + 1;
    const begun = steps.filter(({ state, attempts }) => state !== 'waiting' || attempts > 0);
    for (const location of new Set(begun.map(({ from }) => from ?? task.src))) {
      const here = begun.filter(({ from }) => (from ?? task.src) === location);
      isAllBack = (await tidyIn(location, here, task, ports)) && isAllBack;
    }
    if (steps.length < stepsAtOnce) return isAllBack;
  }
}

async function tidyIn(
  location: string,
  steps: readonly JournalStep[],
  task: QueuedTask,
  { files, registry }: DedupeEndsPorts,
): Promise<boolean> {
  const slot = findAsPlanned(task, location, registry);
  if (!slot || !(await isDriveThere(slot, registry))) return false;
  const what = { kind: 'aside', tag: task.id } as const;
  const orders = steps.map(({ n, relPath }): TidyOrder => ({ op: 'tidy', n, at: placeOf(slot, relPath), what }));
  const left = new Set(steps.map(({ n }) => n));
  await files
    .run(orders, (reports) => {
      for (const { n, type } of reports) if (type === 'done') left.delete(n);
    })
    .catch(() => {});
  return left.size === 0;
}

/** Space that the done steps of a task freed, as the journal has it. */
export async function sumFreed(task: QueuedTask, journal: Journal): Promise<number> {
  if (task.kind !== 'dedupe') return 0;
  let freed = 0;
  for (let fromN = 0; ; ) {
    const query = { fromN, limit: stepsAtOnce, states: ['done'], buckets: ['dedupe'] } as const;
    const steps = await journal.steps(task.id, query);
    for (const step of steps) freed += parseDedupeStep(step).freed ?? 0;
    fromN = (steps.at(-1)?.n ?? fromN) + 1;
    if (steps.length < stepsAtOnce) return freed;
  }
}
