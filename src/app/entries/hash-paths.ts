/** The thread behind `weightroom hash PATH…`: all three hashes of each file in one read. */
import fs from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { HashedFile } from '../../cli/cli-host.ts';
import { toHex } from '../../core/catalog/folder-hashes.ts';
import { toAppError } from '../../core/errors/app-error.ts';
import { hashFile } from '../../core/hashing/hash-file.ts';
import { quickHashTag } from '../../core/hashing/quick-hash.ts';
import { createNodeRawFileSystem } from '../../platform/filesystem/node-raw-file-system.ts';
import { loadHashers } from '../../platform/hash-workers/hashers.ts';

export type FromHashPaths =
  | { readonly type: 'sizes'; readonly bytes: number }
  | { readonly type: 'read'; readonly bytes: number }
  | { readonly type: 'result'; readonly result: HashedFile }
  | { readonly type: 'done' };

const port = parentPort;
if (port) {
  const say = (message: FromHashPaths): void => port.postMessage(message);
  const { paths } = workerData as { paths: readonly string[] };
  const rawFs = createNodeRawFileSystem();
  const hashers = await loadHashers();
  const buffer = new Uint8Array(1024 * 1024);
  let unreported = 0;
  const onChunk = (bytes: number): void => {
    unreported += bytes;
    if (unreported < 32 * 1024 * 1024) return;
    say({ type: 'read', bytes: unreported });
    unreported = 0;
  };
  say({ type: 'sizes', bytes: paths.reduce((sum, path) => sum + (fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0), 0) });
  for (const path of paths) {
    try {
      const { size, blake3, sha256, quickHash } = hashFile(path, null, { fs: rawFs, hashers, realRoot: null, buffer, sha256: true, quick: true, onChunk });
      const result = { path, size, blake3: toHex(blake3), sha256: toHex(sha256 ?? new Uint8Array()), quickHash: quickHash ? quickHashTag + toHex(quickHash) : '' };
      say({ type: 'result', result });
    } catch (thrown) {
      say({ type: 'result', result: { path, error: toAppError(thrown).toBody().error } });
    }
  }
  say({ type: 'done' });
}
