import type { TaskPlan } from '../../../contract/queue.ts';
import type { StepBucket } from '../../api/all-steps.ts';
import type { FilesMeant } from '../../api/transfer-requests.ts';
import { countOf, formatBytes } from '../../ui/format.ts';
import { visibleName } from '../../ui/visible-name.ts';
import { amountText } from './task-words.ts';

/** What is done first, then what is only told. */
export const bucketOrder: readonly StepBucket[] = [
  'copy',
  'move',
  'delete',
  'moved',
  'unverified',
  'conflict',
  'extra',
  'skipped',
];

const nothing = { files: 0, bytes: 0 };

export function amountOf(plan: TaskPlan, bucket: StepBucket): { readonly files: number; readonly bytes: number } {
  return plan.buckets[bucket] ?? nothing;
}

/** How many files the plan changes. */
export function filesToDo(plan: TaskPlan): number {
  return amountOf(plan, 'copy').files + amountOf(plan, 'move').files + amountOf(plan, 'delete').files;
}

/** Folders without a file are taken away too, when they were asked for by name. */
function isOfEmptyFolders(plan: TaskPlan): boolean {
  return plan.kind === 'delete' && plan.folders > 0 && filesToDo(plan) === 0;
}

/** Whether carrying it out would do anything at all. */
export function changesSomething(plan: TaskPlan): boolean {
  return filesToDo(plan) > 0 || isOfEmptyFolders(plan);
}

/** What becomes of the folders that were named; null: nothing. */
export function foldersText(plan: TaskPlan): string | null {
  if (plan.folders === 0 || !changesSomething(plan)) return null;
  if (isOfEmptyFolders(plan)) return 'There are no files in it. A folder that is empty by then is removed.';
  return plan.folders === 1 ? 'Goes too, once nothing is left in it.' : 'Each goes too, once nothing is left in it.';
}

/** Verb and number, for the button that carries the plan out. */
export function primaryLabel(plan: TaskPlan): string {
  const [copy, move, gone] = (['copy', 'move', 'delete'] as const).map((bucket) => amountOf(plan, bucket));
  const forGood = plan.staged ? '' : ' for good';
  const parts = [
    copy && copy.files > 0 ? `Copy ${amountText(copy)}` : '',
    move && move.files > 0 ? `Move ${amountText(move)}` : '',
    gone && gone.files > 0 ? `Delete ${amountText(gone)}${forGood}` : '',
  ].filter(Boolean);
  if (isOfEmptyFolders(plan)) return `Delete ${countOf(plan.folders, 'empty folder')}`;
  if (parts.length === 0) return 'Nothing to do';
  return parts.map((part, place) => (place === 0 ? part : part.charAt(0).toLowerCase() + part.slice(1))).join(' and ');
}

type Space = NonNullable<TaskPlan['space']>;

/** Of a plan that only deletes the server tells no space: what becomes free is what it deletes, once it is gone. */
export function spaceOf(plan: TaskPlan, freeBytes: number | null): Space | null {
  if (plan.space !== null || plan.kind !== 'delete' || freeBytes === null) return plan.space;
  const freed = plan.staged ? 0 : amountOf(plan, 'delete').bytes;
  return { freeBytes, afterBytes: freeBytes + freed, reserveBytes: 0 };
}

/** Why the plan cannot be carried out as it is; null: it can. */
export function planProblem(plan: TaskPlan, driveName: string): string | null {
  if (!changesSomething(plan)) {
    const isEmpty = bucketOrder.every((bucket) => amountOf(plan, bucket).files === 0);
    return isEmpty ? 'There are no files in it.' : 'There is nothing to do: the list says what was left out, and why.';
  }
  const { space } = plan;
  const isWritten = amountOf(plan, 'copy').files + amountOf(plan, 'move').files > 0;
  if (space && isWritten && space.afterBytes < space.reserveBytes) {
    const missing = formatBytes(space.reserveBytes - space.afterBytes);
    return `The drive of ${driveName} is ${missing} too small for that, of which ${formatBytes(space.reserveBytes)} are always kept free. Copy less, or make room first.`;
  }
  return null;
}

export function filesText({ srcRelPath, srcRelPaths, matching }: FilesMeant): string {
  if (matching) {
    const parts = [
      matching.folder ? `in ${visibleName(matching.folder)}` : '',
      matching.query ? `found by “${visibleName(matching.query)}”` : '',
    ].filter(Boolean);
    return `Every row of the filter${parts.length > 0 ? `, ${parts.join(', ')}` : ''}, seen or not.`;
  }
  if (srcRelPaths) {
    const only = srcRelPaths.length === 1 ? srcRelPaths[0] : undefined;
    return only === undefined ? `${countOf(srcRelPaths.length, 'selected row')}.` : visibleName(only);
  }
  return srcRelPath ? visibleName(srcRelPath) : 'The whole location.';
}

/** What cannot be taken back, in words; null: everything can. */
export function irreversibleText(plan: TaskPlan, nameOf: (id: string) => string): string | null {
  const gone = amountOf(plan, 'delete').files;
  const where = nameOf(plan.kind === 'delete' ? plan.src : (plan.dst ?? plan.src));
  if (gone > 0 && plan.staged) {
    return `${countOf(gone, 'file')} on ${where} can be put back for a while; the space comes free after that.`;
  }
  if (gone > 0) return `${countOf(gone, 'file')} on ${where} will be gone for good. This cannot be undone.`;
  const moved = amountOf(plan, 'move').files;
  if (moved > 0) return `The source on ${nameOf(plan.src)} is deleted for good after its copy is verified and durable.`;
  return null;
}

/** Files that exist nowhere else as far as anyone knows. */
export function lastCopiesText({ lastCopies }: TaskPlan): string | null {
  const { files } = lastCopies;
  if (files === 0) return null;
  return `${countOf(files, 'of these files has', 'of these files have')} no other known copy (${formatBytes(lastCopies.bytes)}).`;
}
