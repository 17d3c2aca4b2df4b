import type { PackedFolder } from './packed-folder.ts';

const words = 4;

/** What searching needs of the names of one folder; made when first searched and kept as long as the folder. */
export interface SearchNames {
  /** Lower case; the very string of the folder where it has no capitals. */
  readonly lower: readonly string[];
  /** 128 bits a name: which pairs of letters occur in it. A missing bit proves that a word is not in the name. */
  readonly signatures: Uint32Array;
}

const cache = new WeakMap<PackedFolder, SearchNames>();

export function searchNames(files: PackedFolder): SearchNames {
  let names = cache.get(files);
  if (!names) {
    const lower = files.names().map(normalise);
    const signatures = new Uint32Array(lower.length * words);
    for (let i = 0; i < lower.length; i += 1) addSignature(lower[i] ?? '', signatures, i * words);
    names = { lower, signatures };
    cache.set(files, names);
  }
  return names;
}

/** Text as it is compared: lower case, accents composed. */
export function normalise(text: string): string {
  const lower = text.toLowerCase();
  const composed = beyondAscii.test(lower) ? lower.normalize('NFC') : lower;
  return composed === text ? text : composed;
}

const beyondAscii = /[\u0080-\uffff]/;

function addSignature(text: string, into: Uint32Array, at: number): void {
  let previous = text.charCodeAt(0);
  for (let k = 1; k < text.length; k += 1) {
    const next = text.charCodeAt(k);
    const bit = (previous * 37 + next * 101) & 127;
    into[at + (bit >> 5)] = (into[at + (bit >> 5)] ?? 0) | (1 << (bit & 31));
    previous = next;
  }
}

export function signatureOf(term: string): Uint32Array {
  const signature = new Uint32Array(words);
  addSignature(term, signature, 0);
  return signature;
}

/** How many of the term's letter pairs the name certainly lacks. */
export function missingPairs(signatures: Uint32Array, i: number, term: Uint32Array): number {
  let missing = 0;
  for (let word = 0; word < words; word += 1) {
    let lacks = (term[word] ?? 0) & ~(signatures[i * words + word] ?? 0);
    while (lacks !== 0) {
      lacks &= lacks - 1;
      missing += 1;
    }
  }
  return missing;
}

export function mayContain(signatures: Uint32Array, i: number, term: Uint32Array): boolean {
  const at = i * words;
  return (
    ((term[0] ?? 0) & ~(signatures[at] ?? 0)) === 0 &&
    ((term[1] ?? 0) & ~(signatures[at + 1] ?? 0)) === 0 &&
    ((term[2] ?? 0) & ~(signatures[at + 2] ?? 0)) === 0 &&
    ((term[3] ?? 0) & ~(signatures[at + 3] ?? 0)) === 0
  );
}
