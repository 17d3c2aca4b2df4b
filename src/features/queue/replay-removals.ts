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
 * killed before the index had heard of it, or the journal. Without that a refresh would take them for files that vanished
 * with a drive. Of a batch that was under way at the kill, what is missing counts as removed: it is what was being removed.
 *
 * @param missing Files that the index holds and the drive does not.
 */
export async function replayRemovals(
  slot: LocationSlot,
  missing: ReadonlySet<string>,
  ports: ReplayPorts,
): Promise<void> {
  const since = slot.stored.scannedAtMs ?? 0;
  for (const task of [...ports.tasks()]) {
    const hasTouched = task.startedMs !== null && task.locations.includes(slot.definition.id);
    if (hasTouched && (task.finishedMs ?? since) >= since) await replayTask(task, slot, missing, ports);
  }
  await ports.keeper.flush();
}

async function replayTask(
  task: QueuedTask,
  slot: LocationSlot,
  missing: ReadonlySet<string>,
  { journal, keeper }: ReplayPorts,
): Promise<void> {
  for (let fromN = 0; ; ) {
    const buckets = ['delete', 'move', 'dedupe'] as const;
    const steps = await journal.steps(task.id, { fromN, limit: stepsAtOnce, states: ['done', 'running'], buckets });
    for (const step of steps) {
      if (step.state === 'running' && !missing.has(step.relPath)) continue;
      if (lostBy(task, step) === slot.definition.id && isIndexed(slot, step)) keeper.gone(slot, step.relPath);
    }
    if (steps.length < stepsAtOnce) return;
    fromN = (steps.at(-1)?.n ?? fromN) + 1;
  }
}

function lostBy(task: QueuedTask, { bucket, state, way, from }: JournalStep): string | null {
  if (way === 'restored') return null;
  // Its source goes once the journal has its copy.
  if (bucket === 'move' && state === 'running' && way !== 'copied') return null;
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
