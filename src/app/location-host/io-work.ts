import type { ErrorBody, ErrorCode } from '../../contract/errors.ts';
import {
  absolutePath,
  type FolderScan,
  type PendingFolder,
  type ScanContext,
  scanFolder,
} from '../../core/catalog/scan-folder.ts';
import { AppError, toAppError } from '../../core/errors/app-error.ts';
import { hashFile } from '../../core/hashing/hash-file.ts';
import type { Hashers } from '../../core/ports/hashers.ts';
import type { HashResult, HashTarget, SampleResults, SampleTargets } from '../../core/ports/location-files.ts';
import type { RawFileSystem } from '../../core/ports/raw-file-system.ts';

/** Work that a thread of the I/O process does, and what it says while doing it. */
export type ToIoThread =
  | {
      readonly op: 'scan';
      readonly id: number;
      readonly scan: ScanSettings;
      readonly folders: readonly PendingFolder[];
    }
  | {
      readonly op: 'hash';
      readonly id: number;
      readonly root: string;
      readonly realRoot: string;
      readonly sha256: boolean;
      readonly targets: readonly HashTarget[];
    }
  | {
      readonly op: 'sample';
      readonly id: number;
      readonly root: string;
      readonly realRoot: string;
      readonly targets: SampleTargets;
      /** Position of the first of them in the whole request. */
      readonly from: number;
    };

export type FromIoThread =
  | { readonly type: 'alive' }
  | { readonly type: 'scanned'; readonly id: number; readonly scans: readonly FolderScan[] }
  | { readonly type: 'results'; readonly id: number; readonly results: readonly HashResult[] }
  | { readonly type: 'samples'; readonly id: number; readonly results: SampleResults }
  | { readonly type: 'done'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorBody['error'] };

/** A `ScanContext` without its functions, so that it can be sent to a thread. */
export interface ScanSettings extends Pick<ScanContext, 'root' | 'realRoot' | 'rootDevice'> {
  readonly ignoreGlobs: readonly string[];
}

/** Shared with all threads: [0] hashing is paused; [1 + id % 63] holds the id of cancelled work. */
export type ControlWords = Int32Array<SharedArrayBuffer>;
export const pausedWord = 0;
const cancelSlots = 63;

export function createControlWords(): ControlWords {
  return new Int32Array(new SharedArrayBuffer(4 * (1 + cancelSlots)));
}

export function markCancelled(control: ControlWords, id: number): void {
  Atomics.store(control, 1 + (id % cancelSlots), id);
}

export function isCancelled(control: ControlWords, id: number): boolean {
  return Atomics.load(control, 1 + (id % cancelSlots)) === id;
}

const chunkBytes = 1024 * 1024;
const reportEveryBytes = 64 * 1024 * 1024;
/** Small files are reported together, so that 200,000 of them are not 200,000 messages. */
const reportTogetherMs = 50;

export function scanFolders(context: ScanContext, folders: readonly PendingFolder[]): FolderScan[] {
  return folders.map((folder) => scanFolder(context, folder));
}

export interface HashWork {
  readonly fs: RawFileSystem;
  readonly hashers: Hashers;
  readonly control: ControlWords;
  readonly monotonicMs: () => number;
  readonly report: (results: HashResult[]) => void;
}

/** Hashes files one after the other; stops between two chunks when its number is cancelled, waits while paused. */
export function createHashWork(work: HashWork) {
  const buffer = new Uint8Array(chunkBytes);
  return (message: Extract<ToIoThread, { op: 'hash' }>): void => {
    let waiting: HashResult[] = [];
    let reportedAt = work.monotonicMs();
    const flush = (): void => {
      if (waiting.length > 0) work.report(waiting);
      waiting = [];
      reportedAt = work.monotonicMs();
    };
    for (const target of message.targets) {
      if (isCancelled(work.control, message.id)) break;
      let unreported = 0;
      const onChunk = (bytes: number): void => {
        if (isCancelled(work.control, message.id)) throw new AppError('CANCELLED', 'Hashing was cancelled.');
        if (Atomics.load(work.control, pausedWord) === 1) flush();
        Atomics.wait(work.control, pausedWord, 1);
        unreported += bytes;
        if (unreported >= reportEveryBytes || work.monotonicMs() - reportedAt > 500) {
          waiting.push({ relPath: target.relPath, ok: null, bytes: unreported });
          unreported = 0;
          flush();
        }
      };
      // First the work, which may flush and begin a new list; only then the list is looked up.
      const result = hashOne(target, message, { ...work, buffer, onChunk });
      waiting.push(result);
      if (work.monotonicMs() - reportedAt > reportTogetherMs) flush();
    }
    flush();
  };
}

function hashOne(
  target: HashTarget,
  { root, realRoot, sha256 }: Extract<ToIoThread, { op: 'hash' }>,
  work: HashWork & { readonly buffer: Uint8Array; readonly onChunk: (bytes: number) => void },
): HashResult {
  const { fs, hashers, buffer, onChunk } = work;
  try {
    const path = absolutePath({ fs, root }, target.relPath);
    const hashes = hashFile(path, target, {
      fs,
      hashers,
      realRoot,
      buffer,
      sha256,
      quick: false,
      from: target.from,
      onChunk,
    });
    return { relPath: target.relPath, ok: true, blake3: hashes.blake3, sha256: hashes.sha256, quickHash: null };
  } catch (thrown) {
    const error = toAppError(thrown);
    return { relPath: target.relPath, ok: false, code: error.code satisfies ErrorCode, message: error.message };
  }
}
