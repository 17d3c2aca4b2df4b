import type { ErrorCode } from '../../contract/errors.ts';
import type { ReadHeader } from './model-header.ts';

/**
 * Reading access to the files of one location. The real adapter talks to a process of its own that does the blocking
 * calls, and gives up on it when it falls silent; the memory adapter answers at once. Callers see promises either way.
 *
 * Every method rejects with `AppError`: LOCATION_OFFLINE when the place cannot be reached or does not answer in time
 * (metadata 2 s, running work 10 s of silence), CANCELLED when the signal fires.
 */
export interface LocationFiles {
  /** Looks at the root and its volume. Writes nothing. */
  probe(): Promise<RootFacts>;
  /**
   * Reads folders and reports them in batches, each folder once, parents before children. Problems with single files
   * and folders are part of the batches; only the loss of the root rejects.
   */
  scan(request: ScanRequest, onBatch: (batch: ScanBatch) => void, signal?: AbortSignal): Promise<ScanEnd>;
  /** Hashes files in the given order as far as its threads allow; one result per file. */
  hash(request: HashRequest, onResult: (results: readonly HashResult[]) => void, signal?: AbortSignal): Promise<void>;
  /**
   * Looks at both ends of files (hashing/sample-file.ts), in the given order as far as its threads allow. Each target is
   * in one answer; a file that cannot be sampled has a state that says so.
   */
  sample(request: SampleRequest, onResult: (results: SampleResults) => void, signal?: AbortSignal): Promise<void>;
  /** Reads the header of one model file, within bounds: see `ReadHeader`. */
  readHeader(relPath: string): Promise<ReadHeader>;
  /** Stops reading at the next chunk, or goes on. */
  pauseHashing(paused: boolean): void;
  /** Ends the access; running calls reject. Never waits for the drive. */
  close(): void;
}

export interface RootFacts {
  readonly realPath: string;
  readonly device: bigint;
  readonly fileId: bigint;
  /** false: the folder lies on the same device as its parent, as an unmounted mount point does. */
  readonly isMountPoint: boolean;
  readonly isEmpty: boolean;
  readonly fileSystem: string;
  readonly freeBytes: number | null;
  readonly totalBytes: number | null;
  readonly readOnly: boolean | null;
  /** Of the root's volume; see `RawVolume`. */
  readonly identity: string;
  readonly place: string;
  /** Tested with names that exist there; null when there was none with a letter in it. */
  readonly caseSensitive: boolean | null;
  readonly unicodeSensitive: boolean;
}

export interface ScanRequest {
  /** relPath of the folder to start from, empty for the root. */
  readonly folder: string;
  /** false: only that folder, not what is below it. */
  readonly recursive: boolean;
  /** Globs over relPaths that are left out. */
  readonly ignoreGlobs: readonly string[];
  /** Most folders in flight: threads that read side by side where the drive makes them wait. */
  readonly threads: number;
  /** Locations that are read at the same time: on a drive that answers at once they share the processors. */
  readonly atOnce: number;
}

export interface ScanProblem {
  readonly relPath: string;
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
}

export interface ScannedFolder {
  readonly relPath: string;
  /** See docs/formats/packed-folder.md; null when the folder could not be read (a problem tells why). */
  readonly files: Uint8Array | null;
  /** Names that are there but could not be looked at (a problem tells why): what was known of them still counts. */
  readonly unclear?: readonly string[];
}

export interface ScanBatch {
  readonly folders: readonly ScannedFolder[];
  readonly problems: readonly ScanProblem[];
  readonly files: number;
  readonly bytes: number;
  readonly foldersLeft: number;
}

export interface ScanEnd {
  readonly caseSensitive: boolean | null;
  readonly unicodeSensitive: boolean;
}

/** A file to hash, with the facts the index holds: any difference on disk means FILE_CHANGED and no hash. */
export interface HashTarget {
  readonly relPath: string;
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly fileId: bigint;
  /** Byte at which to begin; 0 when left out. */
  readonly from?: number;
}

export interface HashRequest {
  readonly targets: readonly HashTarget[];
  /** Files read side by side. */
  readonly threads: number;
  readonly sha256: boolean;
}

export type HashResult =
  | {
      readonly relPath: string;
      readonly ok: true;
      /** 32 bytes each. */
      readonly blake3: Uint8Array;
      readonly sha256: Uint8Array | null;
      /** BLAKE3 of size and samples (quick-hash.ts); null for files under 8 bytes. */
      readonly quickHash: Uint8Array | null;
    }
  | { readonly relPath: string; readonly ok: false; readonly code: ErrorCode; readonly message: string }
  /** `bytes` more of the file were read; sent for files that take longer than a moment. */
  | { readonly relPath: string; readonly ok: null; readonly bytes: number };

/** `HashTarget`s in columns: there may be hundreds of thousands of them. */
export interface SampleTargets {
  readonly relPaths: readonly string[];
  readonly sizes: Float64Array<ArrayBuffer>;
  readonly mtimesNs: BigInt64Array<ArrayBuffer>;
  readonly fileIds: BigUint64Array<ArrayBuffer>;
}

export interface SampleRequest {
  readonly targets: SampleTargets;
  /** Files read side by side. */
  readonly threads: number;
}

/** States of a sampled file. `whole`: its digest is the BLAKE3 hash of all of it. */
export const sampleStates = { whole: 1, sampled: 2, failed: 3, changed: 4 } as const;

export interface SampleResults {
  /** Position of the first target that they are about; the others follow it. */
  readonly from: number;
  readonly states: Uint8Array<ArrayBuffer>;
  /** 32 bytes for each; those of a sample are the first 8. */
  readonly digests: Uint8Array<ArrayBuffer>;
  /** Content that was read. */
  readonly bytes: number;
}
