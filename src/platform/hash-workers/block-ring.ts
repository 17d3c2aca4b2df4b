import type { Hasher, Hashers } from '../../core/ports/hashers.ts';

/** 1 MiB a call is where reading and writing stop getting cheaper. */
const blockBytes = 1024 * 1024;
/** A power of two, so that the numbers of blocks may overflow. */
const slotCount = 8;
const digestBytes = 32;
/** That may wait to be read. */
const digestCount = 64;

const addedWord = 0;
const hashedWord = 1;
const firstSlotWord = 2;
/** Marks in the word of a slot, above its length. */
const beginsFile = 1 << 29;
const wantsDigest = 1 << 28;
const lengthMask = wantsDigest - 1;

/**
 * Blocks on their way from the thread that reads files to the one that hashes them, in memory of both. A block belongs
 * to the reader until it is added, and again once it was hashed.
 */
export interface BlockRing {
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly blocks: Uint8Array<SharedArrayBuffer>;
  readonly digests: Uint8Array<SharedArrayBuffer>;
}

export function createBlockRing(): BlockRing {
  return {
    words: new Int32Array(new SharedArrayBuffer(4 * (firstSlotWord + slotCount))),
    blocks: new Uint8Array(new SharedArrayBuffer(slotCount * blockBytes)),
    digests: new Uint8Array(new SharedArrayBuffer(digestCount * digestBytes)),
  };
}

const slotOf = (block: number): number => block & (slotCount - 1);

/** The reader's side. Waits are for the processor only, never for a drive. */
export class RingWriter {
  private added = 0;
  private digests = 0;
  private readonly unread: (() => void)[] = [];
  private readonly ring: BlockRing;

  constructor(ring: BlockRing) {
    this.ring = ring;
  }

  /** Memory of a block that is yet to be added: the next one, or one further ahead. */
  blockAhead(ahead: number): Uint8Array<SharedArrayBuffer> {
    this.waitUntilBehindBy(slotCount - 1 - ahead);
    const at = slotOf(this.added + ahead) * blockBytes;
    return this.ring.blocks.subarray(at, at + blockBytes);
  }

  add(length: number, isFirst: boolean): void {
    this.push(length | (isFirst ? beginsFile : 0));
  }

  /** BLAKE3 of what was added since the first block; the answer waits for it. */
  digestLater(): () => Uint8Array<ArrayBuffer> {
    const at = this.digests % digestCount;
    this.digests += 1;
    // Whoever did not ask yet gets it before its place is used again.
    this.unread[at]?.();
    this.waitUntilBehindBy(slotCount - 1);
    this.push(wantsDigest | at);
    const wanted = this.added;
    let digest: Uint8Array<ArrayBuffer> | null = null;
    const read = (): Uint8Array<ArrayBuffer> => {
      if (digest) return digest;
      this.waitUntilHashed(wanted);
      digest = this.ring.digests.slice(at * digestBytes, (at + 1) * digestBytes);
      return digest;
    };
    this.unread[at] = read;
    return read;
  }

  private push(word: number): void {
    const { words } = this.ring;
    words[firstSlotWord + slotOf(this.added)] = word;
    this.added = (this.added + 1) | 0;
    Atomics.store(words, addedWord, this.added);
    Atomics.notify(words, addedWord);
  }

  private waitUntilBehindBy(blocks: number): void {
    this.waitUntilHashed((this.added - blocks) | 0);
  }

  private waitUntilHashed(block: number): void {
    const { words } = this.ring;
    for (;;) {
      const hashed = Atomics.load(words, hashedWord);
      if (((block - hashed) | 0) <= 0) return;
      Atomics.wait(words, hashedWord, hashed);
    }
  }
}

/** The hashing side: never returns. */
export function hashBlocks({ words, blocks, digests }: BlockRing, hashers: Hashers): never {
  let hasher: Hasher = hashers.blake3();
  for (let block = 0; ; block = (block + 1) | 0) {
    while (Atomics.load(words, addedWord) === block) Atomics.wait(words, addedWord, block);
    const word = words[firstSlotWord + slotOf(block)] ?? 0;
    if (word & beginsFile) hasher = hashers.blake3();
    const at = slotOf(block) * blockBytes;
    if (word & wantsDigest) digests.set(hasher.digest(), (word & lengthMask) * digestBytes);
    else hasher.update(blocks.subarray(at, at + (word & lengthMask)));
    Atomics.store(words, hashedWord, (block + 1) | 0);
    Atomics.notify(words, hashedWord);
  }
}
