import { AppError } from '../errors/app-error.ts';
import { relativeTo } from '../paths/containment.ts';
import type { Hashers } from '../ports/hashers.ts';
import type { RawFile, RawFileSystem, RawStat } from '../ports/raw-file-system.ts';
import { QuickHasher } from './quick-hash.ts';

/** Facts a file must still have before and after the read; null takes whatever is there, as long as it stays. */
export type ExpectedFacts = Pick<RawStat, 'size' | 'mtimeNs' | 'fileId'> | null;

export interface HashFileOptions {
  readonly fs: RawFileSystem;
  readonly hashers: Hashers;
  /** Folder that the opened file must lie in, links resolved; null for a path that the person gave directly. */
  readonly realRoot: string | null;
  /** Reused for every file of a thread; 256 KiB to 1 MiB reads fastest. */
  readonly buffer: Uint8Array;
  readonly sha256: boolean;
  readonly quick: boolean;
  /** Where to begin; 0 when left out, and only then it is the hash of the file. */
  readonly from?: number | undefined;
  /** Called after each chunk; throws to stop (cancelled, paused too long). */
  readonly onChunk?: (bytes: number) => void;
}

export interface FileHashes {
  readonly size: number;
  readonly blake3: Uint8Array<ArrayBuffer>;
  readonly sha256: Uint8Array<ArrayBuffer> | null;
  readonly quickHash: Uint8Array<ArrayBuffer> | null;
}

/**
 * Reads a whole file once. Throws FILE_CHANGED when size, time or identity differ from what was expected or change
 * while reading: such a file gets no hash at all. The checks are made on the open file, not on its name.
 */
export function hashFile(path: string, expected: ExpectedFacts, options: HashFileOptions): FileHashes {
  const file = openInside(path, options);
  try {
    const before = file.stat();
    requireUnchanged(path, expected ?? before, before);
    const hashes = readThrough(path, file, before.size, options);
    requireUnchanged(path, before, file.stat());
    return hashes;
  } finally {
    file.close();
  }
}

function readThrough(path: string, file: RawFile, size: number, options: HashFileOptions): FileHashes {
  const blake3 = options.hashers.blake3();
  const sha256 = options.sha256 ? options.hashers.sha256() : null;
  const quick = options.quick ? new QuickHasher(size, options.hashers.blake3()) : null;
  let position = options.from ?? 0;
  for (;;) {
    const count = file.read(options.buffer, position);
    if (count === 0) break;
    position += count;
    const chunk = options.buffer.subarray(0, count);
    blake3.update(chunk);
    sha256?.update(chunk);
    quick?.update(chunk);
    options.onChunk?.(count);
    if (position > size) throw changed(path);
  }
  if (position !== size) throw changed(path);
  return { size, blake3: blake3.digest(), sha256: sha256?.digest() ?? null, quickHash: quick?.digest() ?? null };
}

/** Opens a file that must lie in the root: what is open is checked, not its name. @throws AppError LINK_ESCAPES */
export function openInside(path: string, { fs, realRoot }: Pick<HashFileOptions, 'fs' | 'realRoot'>): RawFile {
  const file = openFollowingLastLink(path, fs);
  if (realRoot === null) return file;
  const opened = file.realPath();
  if (opened !== null && relativeTo(realRoot, opened, fs.platform === 'win32' ? '\\' : '/') !== null) return file;
  file.close();
  throw new AppError('LINK_ESCAPES', `“${path}” leads outside its location and is not read.`);
}

/** The name itself may be a link inside the location; what it leads to is opened without following a further one. */
function openFollowingLastLink(path: string, fs: RawFileSystem): RawFile {
  try {
    return fs.openRead(path);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'LINK_LOOP') throw thrown;
    return fs.openRead(fs.realPath(path));
  }
}

export function requireUnchanged(path: string, expected: NonNullable<ExpectedFacts>, actual: RawStat): void {
  if (expected.size !== actual.size || expected.mtimeNs !== actual.mtimeNs || expected.fileId !== actual.fileId) {
    throw changed(path);
  }
}

export function changed(path: string): AppError {
  return new AppError('FILE_CHANGED', `“${path}” changed while it was being read, so it got no hash.`, {
    hint: 'Refresh the location and hash it again when nothing writes to it.',
  });
}
