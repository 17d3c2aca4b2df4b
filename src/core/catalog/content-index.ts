import type { Pacer } from '../ports/clock.ts';
import { blake3At, hashKnown, hashStateAt } from './folder-hashes.ts';
import type { FilePosition, LocationIndex } from './location-index.ts';

/** First 48 bits of a hash as a number: a bucket, never an answer. Full hashes are compared before anything is said. */
function bucketOf(hash: Uint8Array): number {
  let bucket = 0;
  for (let k = 0; k < 6; k += 1) bucket = bucket * 256 + (hash[k] ?? 0);
  return bucket;
}

/** Files by content, as far as hashes are known. */
export class ContentIndex {
  private readonly buckets = new Map<number, FilePosition | FilePosition[]>();

  add(position: FilePosition): void {
    const { folder, i } = position;
    if (folder.hashes === null || hashStateAt(folder.hashes, i) !== hashKnown) return;
    const bucket = bucketOf(blake3At(folder.hashes, i));
    const there = this.buckets.get(bucket);
    if (there === undefined) this.buckets.set(bucket, position);
    else if (Array.isArray(there)) there.push(position);
    else this.buckets.set(bucket, [there, position]);
  }

  /** Files with exactly this BLAKE3 hash. */
  find(blake3: Uint8Array): readonly FilePosition[] {
    const there = this.buckets.get(bucketOf(blake3));
    if (there === undefined) return [];
    return (Array.isArray(there) ? there : [there]).filter(({ folder, i }) => {
      const hash = folder.hashes === null ? null : blake3At(folder.hashes, i);
      return hash?.every((byte, k) => byte === blake3[k]);
    });
  }
}

export function blake3Of({ folder, i }: FilePosition): Uint8Array | null {
  return folder.hashes !== null && hashStateAt(folder.hashes, i) === hashKnown ? blake3At(folder.hashes, i) : null;
}

export async function buildContentIndex(index: LocationIndex, pacer: Pacer): Promise<ContentIndex> {
  const contents = new ContentIndex();
  for (const folder of index.inOrder()) {
    if (folder.hashes === null) continue;
    for (let i = 0; i < folder.files.count; i += 1) contents.add({ folder, i });
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  return contents;
}
