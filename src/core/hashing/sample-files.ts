import { toAppError } from '../errors/app-error.ts';
import { type SampleResults, type SampleTargets, sampleStates } from '../ports/location-files.ts';
import type { HashFileOptions } from './hash-file.ts';
import { sampleFile, wholeSampleSize } from './sample-file.ts';

export interface SampleFilesOptions extends Pick<HashFileOptions, 'fs' | 'hashers' | 'realRoot' | 'buffer'> {
  readonly absolutePath: (relPath: string) => string;
  /** Throws what must not be taken for the answer of a drive. */
  readonly rethrow?: (thrown: unknown) => void;
}

/** A part of some targets, with what is found out about them. */
export class SampledFiles {
  private readonly targets: SampleTargets;
  private readonly from: number;
  private readonly states: Uint8Array<ArrayBuffer>;
  private readonly digests: Uint8Array<ArrayBuffer>;
  private bytes = 0;

  constructor(targets: SampleTargets, from: number, count: number) {
    this.targets = targets;
    this.from = from;
    this.states = new Uint8Array(count);
    this.digests = new Uint8Array(32 * count);
  }

  /** @param k Counted from `from`. */
  sample(k: number, options: SampleFilesOptions): void {
    const at = this.from + k;
    const { relPaths, sizes, mtimesNs, fileIds } = this.targets;
    const size = sizes[at] ?? 0;
    try {
      const expected = { size, mtimeNs: mtimesNs[at] ?? 0n, fileId: fileIds[at] ?? 0n };
      const { digest, isWhole } = sampleFile(options.absolutePath(relPaths[at] ?? ''), expected, options);
      this.digests.set(digest, 32 * k);
      this.states[k] = isWhole ? sampleStates.whole : sampleStates.sampled;
      this.bytes += Math.min(size, wholeSampleSize);
    } catch (thrown) {
      options.rethrow?.(thrown);
      this.states[k] = toAppError(thrown).code === 'FILE_CHANGED' ? sampleStates.changed : sampleStates.failed;
    }
  }

  results(): SampleResults {
    const { from, states, digests, bytes } = this;
    return { from, states, digests, bytes };
  }
}

export function sliceTargets(
  { relPaths, sizes, mtimesNs, fileIds }: SampleTargets,
  from: number,
  to: number,
): SampleTargets {
  return {
    relPaths: relPaths.slice(from, to),
    sizes: sizes.slice(from, to),
    mtimesNs: mtimesNs.slice(from, to),
    fileIds: fileIds.slice(from, to),
  };
}
