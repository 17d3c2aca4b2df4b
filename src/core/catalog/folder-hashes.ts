/**
 * What is known of the content of each file of a folder, beside its `PackedFolder`: n × 41 bytes, a state byte, the
 * BLAKE3 hash, and the sample (hashing/sample-file.ts). Stored in the catalog as it is (docs/formats/packed-folder.md);
 * null stands for "nothing known".
 */
export type FolderHashes = Uint8Array<ArrayBuffer>;

export const hashUnknown = 0;
export const hashKnown = 1;
export const hashFailed = 2;
const stride = 41;
const sampleStart = 33;

export function createFolderHashes(count: number): FolderHashes {
  return new Uint8Array(count * stride);
}

export function hashStateAt(hashes: FolderHashes | null, i: number): number {
  return hashes === null ? hashUnknown : (hashes[i * stride] ?? hashUnknown);
}

export function blake3At(hashes: FolderHashes, i: number): Uint8Array<ArrayBuffer> {
  return hashes.subarray(i * stride + 1, i * stride + sampleStart);
}

/** Where the hash of file i begins. */
export function startOfHash(i: number): number {
  return i * stride + 1;
}

/** First 48 bits of a hash as a number: a bucket, never an answer. Full hashes are compared before anything is said. */
export function bucketOf(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  const low = ((bytes[at + 3] ?? 0) << 16) | ((bytes[at + 4] ?? 0) << 8) | (bytes[at + 5] ?? 0);
  return high * 16_777_216 + low;
}

export function setHash(hashes: FolderHashes, i: number, blake3: Uint8Array): void {
  hashes[i * stride] = hashKnown;
  hashes.set(blake3, i * stride + 1);
}

export function setHashFailed(hashes: FolderHashes, i: number): void {
  hashes.fill(0, i * stride, (i + 1) * stride);
  hashes[i * stride] = hashFailed;
}

/** Eight bytes that differ between two files only when their contents do; null: not sampled. Equal ones prove nothing. */
export function sampleAt(hashes: FolderHashes | null, i: number): Uint8Array<ArrayBuffer> | null {
  if (hashes === null) return null;
  const at = i * stride + sampleStart;
  for (let k = at; k < at + 8; k += 1) if (hashes[k] !== 0) return hashes.subarray(at, at + 8);
  return null;
}

/** A file that gave its sample can be read after all. */
export function setSample(hashes: FolderHashes, i: number, sample: Uint8Array): void {
  if (hashes[i * stride] === hashFailed) hashes[i * stride] = hashUnknown;
  hashes.set(sample, i * stride + sampleStart);
}

/** A hash or a sample. */
export function isAnythingKnown(hashes: FolderHashes, i: number): boolean {
  return hashes[i * stride] === hashKnown || sampleAt(hashes, i) !== null;
}

/** What `to` lacks of file i and `from` has. Both are of one listing. */
export function addKnown(to: FolderHashes, from: FolderHashes, i: number): void {
  const sample = sampleAt(from, i);
  if (sample !== null && sampleAt(to, i) === null) setSample(to, i, sample);
  if (to[i * stride] === hashUnknown && from[i * stride] === hashKnown) setHash(to, i, blake3At(from, i));
}

export function copyHash(from: FolderHashes, i: number, to: FolderHashes, j: number): void {
  to.set(from.subarray(i * stride, (i + 1) * stride), j * stride);
}

/** Both known and equal byte by byte. */
export function equalHashes(a: FolderHashes, i: number, b: FolderHashes, j: number): boolean {
  const x = i * stride + 1;
  const y = j * stride + 1;
  for (let k = 0; k < 32; k += 1) if (a[x + k] !== b[y + k]) return false;
  return true;
}

export function countKnown(hashes: FolderHashes | null): number {
  if (hashes === null) return 0;
  let known = 0;
  for (let at = 0; at < hashes.length; at += stride) if (hashes[at] === hashKnown) known += 1;
  return known;
}

const byteDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (let k = 0; k < bytes.length; k += 1) text += byteDigits[bytes[k] ?? 0] ?? '';
  return text;
}
