import type { StepBucket } from '../../core/ports/journal.ts';
import type { VerifyMode } from '../../core/ports/transfer-files.ts';
import type { Amount, DedupeDetails, MirrorDetails } from '../../core/transfers/plan-draft.ts';

export interface Reason {
  readonly code: string;
  readonly message: string;
}

/** What the journal keeps of a task beside its columns (docs/formats/journal.md). */
export interface TaskDetails {
  readonly what: string;
  readonly buckets: Readonly<Partial<Record<StepBucket, Amount>>>;
  readonly verify: VerifyMode;
  readonly sidecars: number;
  readonly elsewhere: Amount;
  readonly lastCopies: Amount;
  readonly staged: boolean;
  readonly confirm: string | null;
  readonly confirmReason: string | null;
  readonly mirror: MirrorDetails | null;
  /** Folders that were named, to be deleted or moved with all that is in them: removed where they are empty in the end. */
  readonly folders: readonly string[];
  readonly dedupe: DedupeDetails | null;
  /** Space that came free, of a dedupe. */
  readonly reclaimedBytes: number;
  /** Some of that is what the plan expected, or was counted on a drive whose files may share blocks. */
  readonly reclaimedIsEstimate?: boolean;
  readonly total: Amount;
  readonly done: Amount;
  readonly skipped: number;
  readonly failed: number;
  readonly error: Reason | null;
  /** Milliseconds it ran. */
  readonly busyMs: number;
  /** Staged files wait here to be put back. */
  /** Paths of the locations as they were when this was planned, by id; tasks of older versions have none. */
  readonly roots?: Readonly<Record<string, string>>;
  readonly undo: { readonly folder: string; readonly untilMs: number } | null;
}

export function parseDetails(text: string): TaskDetails {
  return JSON.parse(text) as TaskDetails;
}

/** Buckets whose steps are carried out; the others are only told. */
export const doneBuckets: readonly StepBucket[] = ['copy', 'move', 'delete', 'dedupe'];
