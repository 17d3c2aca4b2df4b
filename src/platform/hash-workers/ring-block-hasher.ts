import type { BlockHasher } from '../../core/ports/block-hasher.ts';
import type { Hashers } from '../../core/ports/hashers.ts';
import { type BlockRing, RingWriter } from './block-ring.ts';

/** Files of so few bytes are hashed by their reader: handing one over costs more than hashing 64 KiB, 0.03 ms. */
const fewBytes = 64 * 1024;

/** Short reads: more than the ring has room for must not be held. */
const mostHeld = 4;

/** Hashes on the thread at the other end of the ring. */
export function createRingBlockHasher(ring: BlockRing, hashers: Hashers): BlockHasher {
  const writer = new RingWriter(ring);
  /** The first blocks, until they are too large. */
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let isHandedOver = false;
  let block: Uint8Array = new Uint8Array(0);

  function handOver(): void {
    for (const [index, { length }] of held.entries()) writer.add(length, index === 0);
    held = [];
    isHandedOver = true;
  }

  function digestLater(): () => Uint8Array<ArrayBuffer> {
    if (isHandedOver) return writer.digestLater();
    const hasher = hashers.blake3();
    for (const bytes of held) hasher.update(bytes);
    const digest = hasher.digest();
    return () => digest;
  }

  return {
    begin() {
      held = [];
      heldBytes = 0;
      isHandedOver = false;
    },
    next() {
      block = writer.blockAhead(held.length);
      return block;
    },
    add(length) {
      if (isHandedOver) return writer.add(length, false);
      held.push(block.subarray(0, length));
      heldBytes += length;
      if (heldBytes > fewBytes || held.length === mostHeld) handOver();
    },
    digest: () => digestLater()(),
    digestLater,
  };
}
