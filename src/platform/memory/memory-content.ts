/** Bytes that exist only as a rule: any part of a file of any size can be read without anything being stored. */
export interface MemoryContent {
  /** Fills `target` with the bytes that start at `position`. */
  fill(target: Uint8Array, position: number): void;
}

/** Bytes that follow from a seed and a name alone, so two files of one name and seed have equal bytes. */
export function seededContent(seed: number, name: string): MemoryContent {
  const key = hashText(name, seed);
  return {
    fill(target, position) {
      for (let i = 0; i < target.length; ) {
        const at = position + i;
        const word = wordAt(key, Math.floor(at / 4));
        for (let byte = at % 4; byte < 4 && i < target.length; byte += 1) {
          target[i] = (word >>> (byte * 8)) & 255;
          i += 1;
        }
      }
    },
  };
}

/** Bytes given one by one. */
export function literalContent(bytes: Uint8Array): MemoryContent {
  const kept = bytes.slice();
  return { fill: (target, position) => target.set(kept.subarray(position, position + target.length)) };
}

/** Other bytes from `position` on, for as long as `bytes` is. */
export function patchedContent(content: MemoryContent, position: number, bytes: Uint8Array): MemoryContent {
  const kept = bytes.slice();
  return {
    fill(target, from) {
      content.fill(target, from);
      const start = Math.max(position, from);
      const end = Math.min(position + kept.length, from + target.length);
      if (start < end) target.set(kept.subarray(start - position, end - position), start - from);
    },
  };
}

/** Bytes that are written bit by bit. */
export class WrittenContent implements MemoryContent {
  private bytes: Uint8Array;

  constructor(content: MemoryContent, size: number) {
    this.bytes = new Uint8Array(size);
    content.fill(this.bytes, 0);
  }

  fill(target: Uint8Array, position: number): void {
    const known = this.bytes.subarray(position, position + target.length);
    target.set(known);
    target.fill(0, known.length);
  }

  write(bytes: Uint8Array, position: number): void {
    const end = position + bytes.length;
    if (end > this.bytes.length) {
      const grown = new Uint8Array(Math.max(end, Math.min(this.bytes.length * 2, this.bytes.length + 16_777_216)));
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.bytes.set(bytes, position);
  }

  /** What is behind the end reads as zeros when the file grows again. */
  cut(size: number): void {
    this.bytes.fill(0, size);
  }

  /** As it is now. */
  copy(size: number): MemoryContent {
    const bytes = new Uint8Array(size);
    this.fill(bytes, 0);
    return literalContent(bytes);
  }
}

/** FNV-1a, 32 bits. */
function hashText(text: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

/** The finalizer of MurmurHash3 over a counter: cheap, and without visible pattern. The counter may pass 32 bits. */
function wordAt(key: number, counter: number): number {
  let word = (key ^ (counter >>> 0) ^ Math.imul(Math.floor(counter / 4_294_967_296), 0x9e3779b1)) >>> 0;
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}
