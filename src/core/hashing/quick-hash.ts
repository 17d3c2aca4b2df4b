import type { Hasher } from '../ports/hashers.ts';

const mebibyte = 1024 * 1024;
const sampleBytes = 5 * mebibyte;
const wholeSampleLimit = 30 * mebibyte;

/** Files below this size get no quick hash. */
export const quickHashMinimum = 8;

/** Prefix that names algorithm and rule in stored and shown quick hashes. */
export const quickHashTag = 'blake3s1:';

/**
 * The quick hash: BLAKE3 over the size in decimal ASCII, then the first 5 MiB, and for files over 30 MiB also 5 MiB
 * around the middle and the last 5 MiB. It finds candidates and proves nothing: 2 of 8 same-size traps collide.
 * Rule and vectors: the "seed" era of the older tools (`short_hash.json`), so their manifests can be read.
 */
export function quickHashRanges(size: number): readonly (readonly [start: number, end: number])[] {
  if (size < quickHashMinimum) return [];
  const head: readonly [number, number] = [0, Math.min(sampleBytes, size)];
  if (size <= wholeSampleLimit) return [head];
  const middle = Math.floor(size / 2) - sampleBytes / 2;
  return [head, [middle, middle + sampleBytes], [size - sampleBytes, size]];
}

/** Takes the bytes of a file in order and picks the sampled ones; the ranges are disjoint and ascending. */
export class QuickHasher {
  private readonly ranges: readonly (readonly [number, number])[];
  private readonly hasher: Hasher;
  private position = 0;

  constructor(size: number, hasher: Hasher) {
    this.ranges = quickHashRanges(size);
    this.hasher = hasher;
    hasher.update(new TextEncoder().encode(String(size)));
  }

  update(chunk: Uint8Array): void {
    const from = this.position;
    this.position += chunk.length;
    for (const [start, end] of this.ranges) {
      const first = Math.max(start, from);
      const last = Math.min(end, this.position);
      if (first < last) this.hasher.update(chunk.subarray(first - from, last - from));
    }
  }

  digest(): Uint8Array<ArrayBuffer> | null {
    return this.ranges.length === 0 ? null : this.hasher.digest();
  }
}
