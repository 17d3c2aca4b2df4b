import type { RawFile } from '../ports/raw-file-system.ts';

/** What is wrong with a header, as a sentence; the rest of the file is not looked at. */
export class BadHeader extends Error {
  override readonly name = 'BadHeader';
}

const windowBytes = 64 * 1024;

/** Reads a file from its beginning through a small window, so that no header fills the memory, however long it says it is. */
export class ByteReader {
  readonly size: number;
  private readonly file: RawFile;
  private readonly window = new Uint8Array(windowBytes);
  private readonly view = new DataView(this.window.buffer);
  private start = 0;
  private length = 0;
  private at = 0;

  constructor(file: RawFile, size: number) {
    this.file = file;
    this.size = size;
  }

  get position(): number {
    return this.start + this.at;
  }

  get left(): number {
    return this.size - this.position;
  }

  u8(): number {
    this.need(1);
    const value = this.window[this.at] ?? 0;
    this.at += 1;
    return value;
  }

  /** The next byte, which stays the next one. */
  peek(): number {
    this.need(1);
    return this.window[this.at] ?? 0;
  }

  u32(): number {
    this.need(4);
    const value = this.view.getUint32(this.at, true);
    this.at += 4;
    return value;
  }

  /** @throws BadHeader above 2^53, which no length or offset in a real file reaches. */
  u64(): number {
    this.need(8);
    const value = this.view.getBigUint64(this.at, true);
    this.at += 8;
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new BadHeader('it holds a number that is too large to be true');
    return Number(value);
  }

  i64(): bigint {
    this.need(8);
    this.at += 8;
    return this.view.getBigInt64(this.at - 8, true);
  }

  f32(): number {
    this.need(4);
    this.at += 4;
    return this.view.getFloat32(this.at - 4, true);
  }

  f64(): number {
    this.need(8);
    this.at += 8;
    return this.view.getFloat64(this.at - 8, true);
  }

  /** At most 16 KiB; for more, skip. */
  bytes(count: number): Uint8Array {
    this.need(count);
    const copy = this.window.slice(this.at, this.at + count);
    this.at += count;
    return copy;
  }

  skip(count: number): void {
    if (count > this.left) throw new BadHeader('it ends in the middle of its header');
    if (count <= this.length - this.at) {
      this.at += count;
      return;
    }
    this.start = this.position + count;
    this.at = 0;
    this.length = 0;
  }

  private need(count: number): void {
    if (this.at + count <= this.length) return;
    if (count > this.left) throw new BadHeader('it ends in the middle of its header');
    const rest = this.length - this.at;
    this.window.copyWithin(0, this.at, this.length);
    this.start += this.at;
    this.at = 0;
    this.length = rest;
    while (this.length < count) {
      const read = this.file.read(this.window.subarray(this.length), this.start + this.length);
      if (read === 0) throw new BadHeader('it became shorter while it was being read');
      this.length += read;
    }
  }
}
