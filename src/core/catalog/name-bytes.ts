import type { Pacer } from '../ports/clock.ts';

/**
 * All names of a table in one line of memory, a byte for each code unit: looking through many names costs what their
 * bytes cost, not a jump to each string. Code units that do not fit are `wide`, which no plain word holds.
 */
export interface NameBytes {
  readonly bytes: Uint8Array;
  /** Where each name begins, and the end of the last. */
  readonly starts: Uint32Array;
}

const wide = 255;

export async function packNames(names: readonly string[], pacer: Pacer): Promise<NameBytes> {
  const starts = new Uint32Array(names.length + 1);
  let end = 0;
  for (let k = 0; k < names.length; k += 1) {
    starts[k] = end;
    end += names[k]?.length ?? 0;
  }
  starts[names.length] = end;
  const bytes = new Uint8Array(end);
  for (let k = 0; k < names.length; k += 1) {
    writeName(names[k] ?? '', bytes, starts[k] ?? 0);
    if ((k & 4_095) !== 0) continue;
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  return { bytes, starts };
}

function writeName(name: string, bytes: Uint8Array, start: number): void {
  for (let i = 0; i < name.length; i += 1) bytes[start + i] = Math.min(name.charCodeAt(i), wide);
}

/** The bytes of a word of plain ASCII; null for any other. */
export function plainBytes(word: string): Uint8Array | null {
  const bytes = new Uint8Array(word.length);
  for (let i = 0; i < word.length; i += 1) {
    const code = word.charCodeAt(i);
    if (code > 127) return null;
    bytes[i] = code;
  }
  return bytes;
}

/** Where a word begins in name k, from a place on; -1 where it does not occur. */
export function findBytes({ bytes, starts }: NameBytes, k: number, word: Uint8Array, from: number): number {
  const start = starts[k] ?? 0;
  const last = (starts[k + 1] ?? 0) - word.length;
  const first = word[0] ?? 0;
  for (let at = start + from; at <= last; at += 1) {
    if (bytes[at] !== first) continue;
    let i = 1;
    while (i < word.length && bytes[at + i] === word[i]) i += 1;
    if (i >= word.length) return at - start;
  }
  return -1;
}
