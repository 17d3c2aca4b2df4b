import type { DedupePlan } from '../../../contract/dedupe.ts';
import { countOf, formatBytes } from '../../ui/format.ts';
import type { DedupeAction } from './group-files.ts';

interface ActionWords {
  readonly title: string;
  readonly meaning: string;
  readonly verb: string;
  /** What becomes of a copy that does not stay. */
  readonly fate: string;
}

export const actionWords: Readonly<Record<DedupeAction, ActionWords>> = {
  delete: {
    title: 'Delete',
    meaning: 'The other copies are gone for good.',
    verb: 'Delete',
    fate: 'goes',
  },
  hardlink: {
    title: 'Hard link',
    meaning: 'All names stay and are one file. Only on one drive; who changes one name changes all.',
    verb: 'Hard-link',
    fate: 'becomes a hard link',
  },
  reflink: {
    title: 'Reflink',
    meaning:
      'All files stay and share their bytes until one is changed. Only on drives that can (Btrfs, XFS, ReFS, APFS).',
    verb: 'Reflink',
    fate: 'becomes a reflink',
  },
  symlink: {
    title: 'Symbolic link',
    meaning: 'The other names lead to the copy that stays. They break when it is moved or its drive is away.',
    verb: 'Replace',
    fate: 'becomes a symbolic link',
  },
};

/** Verb, number and what comes free, for the button that carries the plan out. */
export function executeLabel({ action, total, reclaimedBytes }: DedupePlan): string {
  const files = countOf(total.files, 'file');
  const freed = `${formatBytes(reclaimedBytes)} freed`;
  if (action === 'delete') return `Delete ${files} for good, ${freed}`;
  if (action === 'symlink') return `Replace ${files} by symbolic links, ${freed}`;
  return `${actionWords[action].verb} ${files}, ${freed}`;
}

export function totalText({ total, groups }: Pick<DedupePlan, 'total' | 'groups'>): string {
  if (total.files === 0) return 'Nothing is chosen yet.';
  return `${countOf(total.files, 'file')} in ${countOf(groups, 'group')}`;
}

/** Why less comes free than the files are large; null: it does not. */
export function sharedText({ total, reclaimedBytes }: DedupePlan): string | null {
  const missing = total.bytes - reclaimedBytes;
  if (missing <= 0) return null;
  return `The files are ${formatBytes(total.bytes)}; ${formatBytes(missing)} of that stays in use by other names of the same files (hard links).`;
}

/** What cannot be taken back, in words. */
export function lossText(action: DedupeAction): string {
  return action === 'delete'
    ? 'There is no undo and no trash: these files are gone for good.'
    : 'Each copy is deleted and replaced by a link; this cannot be undone by Weightroom.';
}

export function flagText(closed: readonly string[]): string {
  const where = closed.length === 0 ? '' : ` (${closed.join(', ')})`;
  return `This works regardless of whether a location allows deleting${where}: removing a proven duplicate is always permitted.`;
}
