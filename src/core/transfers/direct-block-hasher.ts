import type { BlockHasher } from '../ports/block-hasher.ts';
import type { Hasher, Hashers } from '../ports/hashers.ts';

/** Larger blocks are not read faster, and a pause or a cancel waits for one. */
export const blockBytes = 1024 * 1024;

/** Hashes on the thread that reads. */
export function createDirectBlockHasher(hashers: Pick<Hashers, 'blake3'>, size = blockBytes): BlockHasher {
  const block = new Uint8Array(size);
  let hasher: Hasher = hashers.blake3();
  return {
    begin() {
      hasher = hashers.blake3();
    },
    next: () => block,
    add: (length) => hasher.update(block.subarray(0, length)),
    digest: () => hasher.digest(),
    digestLater() {
      const digest = hasher.digest();
      return () => digest;
    },
  };
}
