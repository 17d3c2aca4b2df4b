import { absolutePath } from '../../core/catalog/scan-folder.ts';
import { SampledFiles, sliceTargets } from '../../core/hashing/sample-files.ts';
import type { SampleResults, SampleTargets } from '../../core/ports/location-files.ts';
import { type HashWork, isCancelled, pausedWord, type ToIoThread } from './io-work.ts';

/** Files that a thread gets at a time: as many as take it a few milliseconds. */
const filesPerShare = 256;
const bufferBytes = 64 * 1024;

type SampleMessage = Extract<ToIoThread, { op: 'sample' }>;

export function* inSampleShares(targets: SampleTargets): Generator<Pick<SampleMessage, 'targets' | 'from'>> {
  for (let from = 0; from < targets.relPaths.length; from += filesPerShare) {
    yield { from, targets: sliceTargets(targets, from, from + filesPerShare) };
  }
}

/** Samples files one after the other; stops between two of them when its number is cancelled, waits while paused. */
export function createSampleWork({ fs, hashers, control }: Pick<HashWork, 'fs' | 'hashers' | 'control'>) {
  const buffer = new Uint8Array(bufferBytes);
  return ({ id, root, realRoot, targets, from }: SampleMessage): SampleResults => {
    const files = new SampledFiles(targets, 0, targets.relPaths.length);
    const options = { fs, hashers, realRoot, buffer, absolutePath: (path: string) => absolutePath({ fs, root }, path) };
    for (let k = 0; k < targets.relPaths.length && !isCancelled(control, id); k += 1) {
      Atomics.wait(control, pausedWord, 1);
      files.sample(k, options);
    }
    return { ...files.results(), from };
  };
}
