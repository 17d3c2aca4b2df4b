import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FileHashProgress, HashedFile } from '../cli/cli-host.ts';
import { cancelled } from '../core/errors/app-error.ts';
import { entryPath } from './entry-path.ts';
import type { FromHashPaths } from './entries/hash-paths.ts';

/** Hashes files by their paths, in a thread, without index or database. One result for each path, in order. */
export function hashPaths(
  paths: readonly string[],
  { onProgress, signal }: { onProgress(progress: FileHashProgress): void; signal: AbortSignal },
): Promise<readonly HashedFile[]> {
  const absolute = paths.map((given) => path.resolve(given));
  return new Promise((resolve, reject) => {
    const worker = new Worker(entryPath('hash-paths'), { workerData: { paths: absolute }, execArgv: [] });
    const results: HashedFile[] = [];
    let filesDone = 0;
    let bytesDone = 0;
    let bytesTotal = 0;
    signal.addEventListener(
      'abort',
      () => {
        void worker.terminate();
        reject(cancelled('Hashing'));
      },
      { once: true },
    );
    worker.on('error', reject);
    worker.on('message', (message: FromHashPaths) => {
      if (message.type === 'sizes') bytesTotal = message.bytes;
      if (message.type === 'read') bytesDone += message.bytes;
      if (message.type === 'result') {
        results.push(message.result);
        filesDone += 1;
      }
      onProgress({ path: absolute[filesDone] ?? absolute.at(-1) ?? '', filesDone, filesTotal: absolute.length, bytesDone, bytesTotal });
      if (message.type === 'done') resolve(results);
    });
  });
}
