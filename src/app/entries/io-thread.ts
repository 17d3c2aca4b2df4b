/** A thread of a location's I/O process: lists folders and hashes files, one piece of work at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { toAppError } from '../../core/errors/app-error.ts';
import { createGlobMatcher } from '../../platform/filesystem/glob-matcher.ts';
import { createNodeRawFileSystem } from '../../platform/filesystem/node-raw-file-system.ts';
import { loadHashers } from '../../platform/hash-workers/hashers.ts';
import {
  type ControlWords,
  createHashWork,
  type FromIoThread,
  scanFolders,
  type ToIoThread,
} from '../location-host/io-work.ts';
import { createSampleWork } from '../location-host/sample-work.ts';
import { withSignsOfLife } from '../location-host/signs-of-life.ts';

const port = parentPort;
if (port) {
  const { control } = workerData as { control: ControlWords };
  const say = (message: FromIoThread, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer);
  const monotonicMs = (): number => performance.now();
  const fs = withSignsOfLife(createNodeRawFileSystem(), { say: () => say({ type: 'alive' }), monotonicMs });
  let hash: ReturnType<typeof createHashWork> | null = null;
  let sample: ReturnType<typeof createSampleWork> | null = null;
  let current = 0;

  port.on('message', async (message: ToIoThread) => {
    current = message.id;
    try {
      if (message.op === 'scan') {
        const scans = scanFolders(
          { ...message.scan, fs, isIgnored: createGlobMatcher(message.scan.ignoreGlobs) },
          message.folders,
        );
        say({ type: 'scanned', id: message.id, scans });
      } else if (message.op === 'sample') {
        sample ??= createSampleWork({ fs, hashers: await loadHashers(), control });
        say({ type: 'samples', id: message.id, results: sample(message) });
      } else {
        hash ??= createHashWork({
          fs,
          hashers: await loadHashers(),
          control,
          monotonicMs,
          report: (results) => say({ type: 'results', id: current, results }),
        });
        hash(message);
      }
      say({ type: 'done', id: message.id });
    } catch (thrown) {
      say({ type: 'failed', id: message.id, error: toAppError(thrown).toBody().error });
    }
  });
}
