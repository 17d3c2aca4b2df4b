import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { JournalStep } from '../../core/ports/journal.ts';
import type { CopyOrder, DedupeOrder, DeleteOrder, ExpectedFile, FilePlace } from '../../core/ports/transfer-files.ts';
import { parseDedupeStep } from './dedupe-step.ts';
import type { QueuedTask } from './queued-task.ts';

/** Folder of staged files in a location's root; every scan leaves it out (docs/formats/undo-folder.md). */
export const undoFolder = '.weightroom-undo';

export function placeOf(slot: LocationSlot, relPath: string): FilePlace {
  return { location: slot.definition.id, root: slot.definition.path, relPath };
}

export function expectedOf({ size, mtimeNs, fileId }: JournalStep): ExpectedFile {
  return { size, mtimeNs, fileId };
}

/** It may have been begun before this run: what is left of that is looked for. */
export function isResumed(task: QueuedTask, { state, attempts, way }: JournalStep): boolean {
  return state === 'running' || attempts > 0 || way !== null || task.details.busyMs > 0;
}

export function copyOrder(task: QueuedTask, step: JournalStep, from: LocationSlot, to: LocationSlot): CopyOrder {
  return {
    op: 'copy',
    n: step.n,
    from: placeOf(from, step.relPath),
    to: placeOf(to, targetOf(step)),
    expected: expectedOf(step),
    blake3: step.blake3,
    verify: task.details.verify,
    tag: task.id,
    isResumed: isResumed(task, step),
  };
}

export function deleteOrder(task: QueuedTask, step: JournalStep, at: LocationSlot): DeleteOrder {
  return {
    op: 'delete',
    n: step.n,
    at: placeOf(at, step.relPath),
    expected: expectedOf(step),
    stage: task.details.staged ? { folder: `${undoFolder}/${task.id}`, name: stagedName(step.n) } : null,
    isResumed: isResumed(task, step),
  };
}

/** @throws DATABASE_CORRUPT */
export function dedupeOrder(
  task: QueuedTask,
  step: JournalStep,
  at: LocationSlot,
  keeperAt: LocationSlot,
): DedupeOrder {
  const { dedupe } = task.details;
  const { keeper, check, frees } = parseDedupeStep(step);
  if (dedupe === null || step.blake3 === null) {
    throw new AppError('DATABASE_CORRUPT', `Step ${step.n} of the task does not say what its content is.`);
  }
  const { size, mtimeNs, fileId } = keeper;
  return {
    op: 'dedupe',
    n: step.n,
    at: placeOf(at, step.relPath),
    expected: expectedOf(step),
    keeper: placeOf(keeperAt, keeper.relPath),
    keeperExpected: { size, mtimeNs, fileId },
    blake3: step.blake3,
    // Whatever happened to the drive between two runs, another machine may have told the time.
    check: check === 'facts' && task.isOfEarlierRun ? 'hash' : check,
    hashedAfterMs: dedupe.hashedAfterMs,
    action: dedupe.action,
    frees,
    tag: task.id,
    // A file that is gone counts as done only where this very step may have removed it.
    isResumed: step.state === 'running' || step.attempts > 0,
  };
}

/** Never ends like a model: apps list hidden folders too. */
export function stagedName(n: number): string {
  return `${n}.deleted`;
}

export function targetOf({ relPath, toRelPath }: JournalStep): string {
  return toRelPath ?? relPath;
}
