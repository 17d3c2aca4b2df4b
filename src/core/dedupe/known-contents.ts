import { blake3At, bucketOf, hashKnown, hashStateAt, sampleAt } from '../catalog/folder-hashes.ts';
import type { Pacer } from '../ports/clock.ts';
import type { Candidates } from './candidates.ts';

const hashed = 1;
const sampled = 2;
const lost = 4;
const sampleBytes = 8;
const hashBytes = 32;

/** What is known of the content of each candidate: of the index when the scan began, and of what was read since. */
export class KnownContents {
  private readonly states: Uint8Array;
  private readonly hashes: Uint8Array<ArrayBuffer>;
  private readonly samples: Uint8Array<ArrayBuffer>;

  constructor(count: number) {
    this.states = new Uint8Array(count);
    this.hashes = new Uint8Array(count * hashBytes);
    this.samples = new Uint8Array(count * sampleBytes);
  }

  async load({ count, folders, folderOf, positionOf }: Candidates, pacer: Pacer): Promise<void> {
    for (let c = 0; c < count; c += 1) {
      const hashesThere = folders[folderOf[c] ?? 0]?.folder.hashes ?? null;
      if (hashesThere === null) continue;
      const i = positionOf[c] ?? 0;
      if (hashStateAt(hashesThere, i) === hashKnown) this.setHash(c, blake3At(hashesThere, i));
      const sample = sampleAt(hashesThere, i);
      if (sample !== null) this.setSample(c, sample);
      const pause = (c & 1023) === 1023 ? pacer.breathe() : undefined;
      if (pause) await pause;
    }
  }

  setHash(c: number, blake3: Uint8Array): void {
    this.hashes.set(blake3, c * hashBytes);
    this.states[c] = this.stateOf(c) | hashed;
  }

  setSample(c: number, sample: Uint8Array): void {
    this.samples.set(sample, c * sampleBytes);
    this.states[c] = this.stateOf(c) | sampled;
  }

  /** It could not be read, or is no longer what the index says: it takes no further part. */
  lose(c: number): void {
    this.states[c] = this.stateOf(c) | lost;
  }

  hasHash(c: number): boolean {
    return (this.stateOf(c) & hashed) !== 0;
  }

  hasSample(c: number): boolean {
    return (this.stateOf(c) & sampled) !== 0;
  }

  isLost(c: number): boolean {
    return (this.stateOf(c) & lost) !== 0;
  }

  blake3(c: number): Uint8Array<ArrayBuffer> {
    return this.hashes.subarray(c * hashBytes, (c + 1) * hashBytes);
  }

  hashBucket(c: number): number {
    return bucketOf(this.hashes, c * hashBytes);
  }

  sampleBucket(c: number): number {
    return bucketOf(this.samples, c * sampleBytes);
  }

  hasEqualHash(x: number, y: number): boolean {
    return equalAt(this.hashes, x * hashBytes, y * hashBytes, hashBytes);
  }

  hasEqualSample(x: number, y: number): boolean {
    return equalAt(this.samples, x * sampleBytes, y * sampleBytes, sampleBytes);
  }

  private stateOf(c: number): number {
    return this.states[c] ?? 0;
  }
}

function equalAt(bytes: Uint8Array, x: number, y: number, length: number): boolean {
  for (let k = 0; k < length; k += 1) if (bytes[x + k] !== bytes[y + k]) return false;
  return true;
}
