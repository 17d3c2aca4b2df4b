import { findFile } from '../../core/catalog/location-index.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import type { Journal, JournalStep } from '../../core/ports/journal.ts';
import type { IndexKeeper } from './index-keeper.ts';
import type { QueuedTask } from './queued-task.ts';

export interface ReplayPorts {
  readonly journal: Journal;
  readonly keeper: IndexKeeper;
  readonly tasks: () => Iterable<QueuedTask>;
}

const stepsAtOnce = 1_000;

/**
 * Takes files out of the index that this program itself removed since the location was last read to its end, and was
 * killed before the index had heard of it. Without that a refresh would take them for files that vanished with a drive.
 */
export async function replayRemovals(slot: LocationSlot, ports: ReplayPorts): Promise<void> {
  const since = slot.stored.scannedAtMs ?? 0;
  for (const task of [...ports.tasks()]) {
    const hasTouched = task.startedMs !== null && task.locations.includes(slot.definition.id);
    if (hasTouched && (task.finishedMs ?? since) >= since) await replayTask(task, slot, ports);
  }
  await ports.keeper.flush();
}

async function replayTask(task: QueuedTask, slot: LocationSlot, { journal, keeper }: ReplayPorts): Promise<void> {
  for (let fromN = 0; ; ) {
    const buckets = ['delete', 'move', 'dedupe'] as const;
    const steps = await journal.steps(task.id, { fromN, limit: stepsAtOnce, states: ['done'], buckets });
    for (const step of steps) {
      if (lostBy(task, step) === slot.definition.id && isIndexed(slot, step)) keeper.gone(slot, step.relPath);
    }
    if (steps.length < stepsAtOnce) return;
    fromN = (steps.at(-1)?.n ?? fromN) + 1;
  }
}

function lostBy(task: QueuedTask, { bucket, way, from }: JournalStep): string | null {
  if (way === 'restored') return null;
  // A duplicate that was replaced still has its name.
  if (bucket === 'dedupe') return way === 'deleted' ? (from ?? task.src) : null;
  return bucket === 'delete' ? task.deletesAt : task.src;
}

/** Somebody may have made another file of that name since. */
function isIndexed(slot: LocationSlot, { relPath, size, mtimeNs, fileId }: JournalStep): boolean {
  const file = findFile(slot.index, relPath);
  if (file === null) return false;
  const { files } = file.folder;
  return files.size(file.i) === size && files.mtimeNs(file.i) === mtimeNs && files.fileId(file.i) === fileId;
}
