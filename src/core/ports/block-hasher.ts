/** Hashes a file block by block while its reader goes on, on a second processor where there is one. */
export interface BlockHasher {
  /** A new file. */
  begin(): void;
  /** Memory for the next block; waits until an earlier one in the same place was hashed. Valid until the next call. */
  next(): Uint8Array<ArrayBufferLike>;
  /** The first `length` bytes of what `next` gave are the file's next bytes. They stay as they are until `next`. */
  add(length: number): void;
  /** BLAKE3 of all that was added; waits for it. */
  digest(): Uint8Array<ArrayBuffer>;
  /** As `digest`, but waits only when the answer is called, which may be after other files were hashed. */
  digestLater(): () => Uint8Array<ArrayBuffer>;
}
