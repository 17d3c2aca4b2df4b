/** The process behind `weightroom hash PATH…`: all three hashes of each file in one read. */
import type { HashedFile } from '../../cli/cli-host.ts';
import { toHex } from '../../core/catalog/folder-hashes.ts';
import { toAppError } from '../../core/errors/app-error.ts';
import { hashFile } from '../../core/hashing/hash-file.ts';
import { quickHashTag } from '../../core/hashing/quick-hash.ts';
import { createNodeRawFileSystem } from '../../platform/filesystem/node-raw-file-system.ts';
import { loadHashers } from '../../platform/hash-workers/hashers.ts';
import { withSignsOfLife } from '../location-host/signs-of-life.ts';

/** One path a message, so that the program knows which one a silent drive holds up. */
export interface ToHashPaths {
  readonly op: 'measure' | 'hash';
  readonly path: string;
}

export type FromHashPaths =
  /** The drive answers, however slowly. */
  | { readonly type: 'alive' }
  | { readonly type: 'measured'; readonly size: number }
  | { readonly type: 'read'; readonly bytes: number }
  | { readonly type: 'result'; readonly result: HashedFile };

const reportEveryBytes = 32 * 1024 * 1024;

const say = (message: FromHashPaths): void => {
  if (process.connected) process.send?.(message);
};
const rawFs = withSignsOfLife(createNodeRawFileSystem(), {
  say: () => say({ type: 'alive' }),
  monotonicMs: () => performance.now(),
});
const hashers = await loadHashers();
const buffer = new Uint8Array(1024 * 1024);

function hashOne(path: string): HashedFile {
  let unreported = 0;
  const onChunk = (bytes: number): void => {
    unreported += bytes;
    if (unreported < reportEveryBytes) return;
    say({ type: 'read', bytes: unreported });
    unreported = 0;
  };
  try {
    const options = { fs: rawFs, hashers, realRoot: null, buffer, sha256: true, quick: true, onChunk };
    const { size, blake3, sha256, quickHash } = hashFile(path, null, options);
    return {
      path,
      size,
      blake3: toHex(blake3),
      sha256: toHex(sha256 ?? new Uint8Array()),
      quickHash: quickHash ? quickHashTag + toHex(quickHash) : '',
    };
  } catch (thrown) {
    return { path, error: toAppError(thrown).toBody().error };
  }
}

function measure(path: string): number {
  try {
    return rawFs.stat(path).size;
  } catch {
    // Hashing it comes next and reports why.
    return 0;
  }
}

process.on('message', ({ op, path }: ToHashPaths) => {
  say(op === 'measure' ? { type: 'measured', size: measure(path) } : { type: 'result', result: hashOne(path) });
});
process.on('disconnect', () => process.exit(0));
// Ctrl+C reaches the whole process group; the program decides what to do about it.
process.on('SIGINT', () => {});
