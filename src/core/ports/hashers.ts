/** A running hash. `update` may be called with a view of a buffer that is reused afterwards. */
export interface Hasher {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array<ArrayBuffer>;
}

export interface Hashers {
  /** BLAKE3, 32 bytes (https://github.com/BLAKE3-team/BLAKE3-specs). */
  blake3(): Hasher;
  /** SHA-256, 32 bytes (FIPS 180-4). */
  sha256(): Hasher;
}
