import { normalise } from './search-text.ts';

/**
 * The files of one folder as one block of bytes: what the scanner produces, the catalog stores and the index keeps in
 * memory. Two reads of an unchanged folder give equal bytes, so "nothing changed" is one memory comparison.
 * Layout: docs/formats/packed-folder.md. Little-endian; n files sorted by name (UTF-16 code unit order).
 *
 *     0  u8 version = 1 · 3 bytes zero · u32 n · u32 bytes of names · u32 zero
 *    16  f64 size[n] · i64 mtimeNs[n] · u64 fileId[n] · u32 links[n] · u32 device[n] · u8 kind[n] · names, UTF-8, joined by "/"
 */
export const packedFolderVersion = 1;
const headerBytes = 16;

export type PackedKind = 'file' | 'link';

export interface FileFacts {
  readonly name: string;
  readonly kind: PackedKind;
  /** Bytes. */
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly fileId: bigint;
  readonly links: number;
  /** 0: the device of the location's root; anything else tells two devices below one root apart. */
  readonly device: number;
}

const encoder = new TextEncoder();
/** A name may begin with U+FEFF; without this it would be taken for a byte order mark and dropped. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Packs facts in any order; names must be unique and hold no `/`. */
export function packFolder(facts: readonly FileFacts[]): Uint8Array<ArrayBuffer> {
  const files = facts.length < 2 ? facts : [...facts].sort((x, y) => (x.name < y.name ? -1 : 1));
  const n = files.length;
  let joined = '';
  for (let i = 0; i < n; i += 1) joined += i === 0 ? nameAt(files, 0) : `/${nameAt(files, i)}`;
  const names = encoder.encode(joined);
  const bytes = new Uint8Array(headerBytes + n * 33 + names.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, packedFolderVersion);
  view.setUint32(4, n, true);
  view.setUint32(8, names.length, true);
  let i = 0;
  for (const file of files) {
    view.setFloat64(headerBytes + 8 * i, file.size, true);
    view.setBigInt64(headerBytes + 8 * (n + i), file.mtimeNs, true);
    view.setBigUint64(headerBytes + 8 * (2 * n + i), file.fileId, true);
    view.setUint32(headerBytes + 24 * n + 4 * i, file.links, true);
    view.setUint32(headerBytes + 28 * n + 4 * i, file.device, true);
    view.setUint8(headerBytes + 32 * n + i, file.kind === 'link' ? 1 : 0);
    i += 1;
  }
  bytes.set(names, headerBytes + 33 * n);
  return bytes;
}

function nameAt(files: readonly FileFacts[], i: number): string {
  return files[i]?.name ?? '';
}

/** Reads a packed folder in place. Throws RangeError where the bytes are not one (a damaged cache is then rebuilt). */
export class PackedFolder {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly count: number;
  private readonly view: DataView;
  private decoded: readonly string[] | null = null;
  private search: readonly string[] | null = null;

  constructor(bytes: Uint8Array<ArrayBuffer>) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = bytes.byteLength >= headerBytes ? view.getUint32(4, true) : -1;
    if (
      count < 0 ||
      view.getUint8(0) !== packedFolderVersion ||
      headerBytes + count * 33 + view.getUint32(8, true) !== bytes.byteLength
    ) {
      throw new RangeError('not a packed folder of this version');
    }
    this.bytes = bytes;
    this.view = view;
    this.count = count;
  }

  /** All names, sorted by code unit; decoded once and kept. */
  names(): readonly string[] {
    this.decoded ??= this.namesForNow();
    return this.decoded;
  }

  /** As `names`, for who goes through all folders once: what is decoded is not kept. */
  namesForNow(): readonly string[] {
    return this.decoded ?? (this.count === 0 ? [] : decoder.decode(this.nameBytes()).split('/'));
  }

  /** Names as they are searched and sorted; the very strings of `names` where these have no capitals. */
  searchNames(): readonly string[] {
    this.search ??= this.names().map(normalise);
    return this.search;
  }

  name(i: number): string {
    return this.names()[i] ?? '';
  }

  size(i: number): number {
    return this.view.getFloat64(headerBytes + 8 * i, true);
  }

  mtimeNs(i: number): bigint {
    return this.view.getBigInt64(headerBytes + 8 * (this.count + i), true);
  }

  /** Unix time in milliseconds with fraction; exact to 0.3 µs. */
  mtimeMs(i: number): number {
    const at = headerBytes + 8 * (this.count + i);
    return (this.view.getInt32(at + 4, true) * 4_294_967_296 + this.view.getUint32(at, true)) / 1e6;
  }

  /** Nanoseconds between two times; exact as long as they are less than 100 days apart. Avoids BigInt in hot loops. */
  mtimeDifferenceNs(i: number, other: PackedFolder, j: number): number {
    const mine = headerBytes + 8 * (this.count + i);
    const theirs = headerBytes + 8 * (other.count + j);
    const high = this.view.getInt32(mine + 4, true) - other.view.getInt32(theirs + 4, true);
    return high * 4_294_967_296 + (this.view.getUint32(mine, true) - other.view.getUint32(theirs, true));
  }

  fileId(i: number): bigint {
    return this.view.getBigUint64(headerBytes + 8 * (2 * this.count + i), true);
  }

  /** The lower half of the file id, as a number. */
  fileIdLow(i: number): number {
    return this.view.getUint32(headerBytes + 8 * (2 * this.count + i), true);
  }

  /** Both have the same file id, and it is not 0, which means that the drive gives none. Avoids BigInt in hot loops. */
  hasFileIdOf(i: number, other: PackedFolder, j: number): boolean {
    const mine = headerBytes + 8 * (2 * this.count + i);
    const theirs = headerBytes + 8 * (2 * other.count + j);
    const low = this.view.getUint32(mine, true);
    const high = this.view.getUint32(mine + 4, true);
    return (
      low === other.view.getUint32(theirs, true) &&
      high === other.view.getUint32(theirs + 4, true) &&
      (low !== 0 || high !== 0)
    );
  }

  links(i: number): number {
    return this.view.getUint32(headerBytes + 24 * this.count + 4 * i, true);
  }

  device(i: number): number {
    return this.view.getUint32(headerBytes + 28 * this.count + 4 * i, true);
  }

  kind(i: number): PackedKind {
    return this.view.getUint8(headerBytes + 32 * this.count + i) === 1 ? 'link' : 'file';
  }

  facts(i: number): FileFacts {
    return {
      name: this.name(i),
      kind: this.kind(i),
      size: this.size(i),
      mtimeNs: this.mtimeNs(i),
      fileId: this.fileId(i),
      links: this.links(i),
      device: this.device(i),
    };
  }

  /** Position of a name, -1 when it is not there. */
  indexOf(name: string): number {
    const names = this.names();
    let low = 0;
    let high = names.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const at = names[middle] ?? '';
      if (at === name) return middle;
      if (at < name) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  totalBytes(): number {
    let sum = 0;
    for (let i = 0; i < this.count; i += 1) sum += this.size(i);
    return sum;
  }

  equals(other: Uint8Array): boolean {
    return (
      this.bytes.length === other.length &&
      sameBytes(this.view, 0, new DataView(other.buffer, other.byteOffset, other.length), 0, other.length)
    );
  }

  /** All names in UTF-8, joined by `/`. */
  nameBytes(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(headerBytes + 33 * this.count);
  }

  /** Both hold the same names, compared without decoding them. */
  hasNamesOf(other: PackedFolder): boolean {
    const start = headerBytes + 33 * this.count;
    const length = this.bytes.length - start;
    if (this.count !== other.count || other.bytes.length - start !== length) return false;
    return sameBytes(this.view, start, other.view, start, length);
  }
}

const slash = 0x2f;

/**
 * Goes through the sorted names of two folders side by side without making strings of them; -1 stands for "not in this
 * one". Returns false, and visits nothing, where a name is not plain ASCII: bytes sort otherwise than code units there.
 */
export function walkPlainNames(x: PackedFolder, y: PackedFolder, visit: (i: number, j: number) => void): boolean {
  const a = x.nameBytes();
  const b = y.nameBytes();
  if (!isPlain(a) || !isPlain(b)) return false;
  let i = 0;
  let j = 0;
  let p = 0;
  let q = 0;
  while (i < x.count && j < y.count) {
    const order = compareNames(a, p, b, q);
    visit(order <= 0 ? i : -1, order >= 0 ? j : -1);
    if (order <= 0) {
      i += 1;
      p = afterName(a, p);
    }
    if (order >= 0) {
      j += 1;
      q = afterName(b, q);
    }
  }
  for (; i < x.count; i += 1) visit(i, -1);
  for (; j < y.count; j += 1) visit(-1, j);
  return true;
}

function isPlain(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += 1) if ((bytes[at] ?? 0) > 0x7f) return false;
  return true;
}

/** Of the names that begin at p and q: below, above or equal to 0 as the first one is less, greater or the same. */
function compareNames(a: Uint8Array, p: number, b: Uint8Array, q: number): number {
  for (let k = 0; ; k += 1) {
    const c = p + k < a.length ? (a[p + k] ?? slash) : slash;
    const d = q + k < b.length ? (b[q + k] ?? slash) : slash;
    if (c === d) {
      if (c === slash) return 0;
      continue;
    }
    // The end of a name comes before whatever the other goes on with.
    return c === slash ? -1 : d === slash ? 1 : c - d;
  }
}

function afterName(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== slash) at += 1;
  return at + 1;
}

/** Four bytes at a time: a re-scan compares every folder of the library. */
function sameBytes(x: DataView, from: number, y: DataView, yFrom: number, length: number): boolean {
  let at = 0;
  for (; at + 4 <= length; at += 4) if (x.getInt32(from + at) !== y.getInt32(yFrom + at)) return false;
  for (; at < length; at += 1) if (x.getInt8(from + at) !== y.getInt8(yFrom + at)) return false;
  return true;
}
