import type { ErrorCode } from '../../contract/errors.ts';

/**
 * Changes of files, made by a process of its own that is abandoned when a drive falls silent. Orders are carried out
 * one by one in the order given, each as its kind says; small copies share their waits for the drive (all written, all
 * synced, all published). An order that fails does not keep the others from being carried out; what stops all of them
 * rejects: LOCATION_OFFLINE (`AppError.location` names the side), CANCELLED when the signal fires.
 */
export interface TransferFiles {
  /** Reports of one order: any number of `moved-on`, then exactly one `done` or `failed`, unless the whole rejects. */
  run(
    orders: readonly TransferOrder[],
    onReports: (reports: readonly TransferReport[]) => void,
    options?: TransferRunOptions,
  ): Promise<void>;
  /** Stops at the next chunk, or goes on. */
  pause(paused: boolean): void;
  /** Running calls reject. Never waits for a drive. */
  close(): void;
}

export interface TransferRunOptions {
  readonly signal?: AbortSignal | undefined;
  /**
   * Asked for the orders that follow, while those before are carried out, so that the drive does not wait in between.
   * None: there are no more. They are between the same roots. What it throws ends the run, which rejects with it.
   */
  readonly more?: (() => Promise<readonly TransferOrder[]>) | undefined;
  /**
   * So many copies at most are made side by side, in any order, where all of the run are copies that were not begun
   * before. Default 1.
   */
  readonly sideBySide?: number | undefined;
}

/** A file in a location, by its root (absolute, the platform's form) and relPath. */
export interface FilePlace {
  readonly location: string;
  readonly root: string;
  readonly relPath: string;
}

/** What a plan rests on: facts of the index. Any difference on disk means FILE_CHANGED and nothing is done. */
export interface ExpectedFile {
  readonly size: number;
  readonly mtimeNs: bigint;
  /** 0: the drive gives files no lasting identity, so it is not looked at. */
  readonly fileId: bigint;
}

export type VerifyMode = 'none' | 'source' | 'readback';

export type TransferOrder = CopyOrder | DeleteOrder | RestoreOrder | DedupeOrder | TidyOrder;

/** `n` names the order in its reports; unique within one `run`. */
export interface CopyOrder {
  readonly op: 'copy';
  readonly n: number;
  readonly from: FilePlace;
  readonly to: FilePlace;
  readonly expected: ExpectedFile;
  /** Hash the source is known to have: with `source` and `readback` other bytes mean CONTENT_CHANGED and no copy. */
  readonly blake3: Uint8Array | null;
  readonly verify: VerifyMode;
  /** In the name of the unfinished file, `.NAME.TAG.part` (docs/formats/part-files.md). */
  readonly tag: string;
  /** It was begun before: an unfinished file is gone on with; a finished one with the same bytes counts as done. */
  readonly isResumed: boolean;
}

export interface DeleteOrder {
  readonly op: 'delete';
  readonly n: number;
  readonly at: FilePlace;
  readonly expected: ExpectedFile;
  /** relPath of a folder in the same location; the file is put there under `stagedName` instead of being removed. */
  readonly stage: { readonly folder: string; readonly name: string } | null;
  /** It was begun before: a file that is gone counts as done. */
  readonly isResumed: boolean;
  /** Of a file that was moved: its copy, without which it stays. */
  readonly copy?: {
    readonly at: FilePlace;
    readonly size: number;
    readonly mtimeNs: bigint;
    /** When the file itself had changed last as it was copied, see `sourceCtimeNs`: one that changed since stays. */
    readonly sourceCtimeNs?: bigint | undefined;
  };
  /** Of what goes because its content lies elsewhere too: there, and it stays where that is so nowhere any more. */
  readonly others?: readonly NonNullable<DeleteOrder['copy']>[];
  /** Of what a mirror has too much: where the source would have it. While something is there, nothing is too much. */
  readonly original?: FilePlace;
}

/** Puts a staged file back under its name, which must be free. */
export interface RestoreOrder {
  readonly op: 'restore';
  readonly n: number;
  /** The staged file. */
  readonly from: FilePlace;
  readonly to: FilePlace;
  readonly expected: ExpectedFile;
  /** It was begun before: what that attempt left under the name is not in the way. Default false. */
  readonly isResumed?: boolean;
}

/** What becomes of the name of a file whose content another file holds. `symlink` leads there relatively. */
export type DedupeAction = 'delete' | 'hardlink' | 'reflink' | 'symlink';

/**
 * How it is made sure, right before, that both files have one content. `hash`: both are read, and have the known hash.
 * `bytes`: they are compared byte by byte. `facts`: as `hash`, but one that has not changed since `hashedAfterMs`, by
 * the time that no program can set, is not read again.
 */
export type DedupeCheck = 'facts' | 'hash' | 'bytes';

/** Removes a file, or makes it a link, after making sure that its content stays under another name. */
export interface DedupeOrder {
  readonly op: 'dedupe';
  readonly n: number;
  /** The file that goes. */
  readonly at: FilePlace;
  readonly expected: ExpectedFile;
  /** The file that stays, maybe in another location. */
  readonly keeper: FilePlace;
  readonly keeperExpected: ExpectedFile;
  /** Hash that both are known to have. */
  readonly blake3: Uint8Array;
  readonly check: DedupeCheck;
  /** Milliseconds since 1970; both were hashed later than that. */
  readonly hashedAfterMs: number;
  readonly action: DedupeAction;
  /** Bytes that the plan expects to come free: what is told when an earlier attempt had freed them and could not say. */
  readonly frees: number;
  /** In the names of the files that are made on the way (docs/formats/part-files.md). */
  readonly tag: string;
  /** It was begun before: what was moved aside is put back or finished; a file that is gone counts as done. */
  readonly isResumed: boolean;
}

/** Removes leftovers of our own, or folders that a task emptied. What is not there is done. */
export interface TidyOrder {
  readonly op: 'tidy';
  readonly n: number;
  readonly at: FilePlace;
  /**
   * `part`: the unfinished file of the copy to `at` with this tag; with `size`, that of the whole copy, also the empty
   * file that a drive without hard links may have under the final name beside a complete unfinished one. `empty-folder`: the folder, where it is empty.
   * `staged`: a folder of staged files with all that is in it but the names to keep; only below the staging folder. `aside`: the file that a
   * `dedupe` with this tag moved aside gets its name back.
   */
  readonly what:
    | { readonly kind: 'part'; readonly tag: string; readonly size?: number }
    | { readonly kind: 'empty-folder' }
    | { readonly kind: 'staged'; readonly keep?: readonly string[] }
    | { readonly kind: 'aside'; readonly tag: string };
}

/** A file as it stands after the order; goes into the index without another look. */
export interface FileAfter {
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly fileId: bigint;
  readonly device: bigint;
  readonly links: number;
}

export type TransferReport =
  /** `bytes` more of the order are durable at the target (or were found there already). */
  | { readonly n: number; readonly type: 'moved-on'; readonly bytes: number }
  | {
      readonly n: number;
      readonly type: 'done';
      /** The new file; null for an order that made none. */
      readonly after: FileAfter | null;
      /** BLAKE3 of the content, where it was read or known. */
      readonly blake3: Uint8Array | null;
      /** `clone`: blocks are shared. `stream`: bytes were copied. `found`: the target had the very bytes. `rename`, `none`: no bytes moved. */
      readonly way: 'clone' | 'stream' | 'found' | 'rename' | 'none';
      /** false: the drive could not promise that the bytes are on it; the source must not be removed. */
      readonly isDurable: boolean;
      /** Of a `copy`: time of the last change of its source, which no program can put back; not where it has several names. */
      readonly sourceCtimeNs?: bigint;
      /** Of a `dedupe`: space that came free. */
      readonly freedBytes?: number;
      /** Of a `dedupe`: `freedBytes` is what the plan expected, because an earlier attempt could not say. */
      readonly isEstimate?: true;
      /** Of a `dedupe` that changed the keeper: it has one name more. */
      readonly keeperAfter?: FileAfter;
    }
  | {
      readonly n: number;
      readonly type: 'failed';
      readonly code: ErrorCode;
      readonly message: string;
      readonly hint: string | null;
      /** Location whose file or drive it was. */
      readonly location: string;
    };
