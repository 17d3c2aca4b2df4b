/**
 * Many small pieces of memory as one, for messages: a message costs by the objects in it, and a library has tens of
 * thousands of folders.
 */
export interface PackedParts {
  /** Bytes of each part; -1 for one that is null. */
  readonly lengths: Int32Array<ArrayBuffer>;
  readonly block: Uint8Array<ArrayBuffer>;
}

export function packParts(parts: readonly (Uint8Array | null)[]): PackedParts {
  const lengths = Int32Array.from(parts, (part) => part?.length ?? -1);
  const block = new Uint8Array(lengths.reduce((sum, length) => sum + Math.max(0, length), 0));
  let at = 0;
  for (const part of parts) {
    if (part === null) continue;
    block.set(part, at);
    at += part.length;
  }
  return { lengths, block };
}

/** The parts as windows into the block. */
export function unpackParts({ lengths, block }: PackedParts): (Uint8Array<ArrayBuffer> | null)[] {
  const parts: (Uint8Array<ArrayBuffer> | null)[] = [];
  let at = 0;
  for (const length of lengths) {
    parts.push(length < 0 ? null : block.subarray(at, at + length));
    at += Math.max(0, length);
  }
  return parts;
}

/** Separates paths in a message: no file system has it in a name. */
const separator = '\u0000';

export function joinPaths(paths: readonly string[]): string {
  return paths.join(separator);
}

/** @param count Tells no paths from the path of the root, which is empty. */
export function splitPaths(joined: string, count: number): readonly string[] {
  return count === 0 ? [] : joined.split(separator);
}
