/**
 * 256 bits a name: which pairs of neighbouring letters occur in it. A missing bit proves that a word is not in the
 * name, so most names are ruled out without being looked at. Model names set about 32 of the bits.
 */
export const signatureWords = 8;

/** Text as it is compared: lower case, accents composed. */
export function normalise(text: string): string {
  const lower = text.toLowerCase();
  const composed = beyondAscii.test(lower) ? lower.normalize('NFC') : lower;
  return composed === text ? text : composed;
}

const beyondAscii = /[\u0080-\uffff]/;

/**
 * Sets the bits of a text. Signatures of many names stand word by word (`word * stride + at`), so that a search that
 * looks at one word of each goes through memory in one line.
 */
export function addSignature(text: string, into: Uint32Array, at: number, stride: number): void {
  let previous = text.charCodeAt(0);
  for (let k = 1; k < text.length; k += 1) {
    const next = text.charCodeAt(k);
    const bit = pairBit(previous, next);
    const word = (bit >> 5) * stride + at;
    into[word] = (into[word] ?? 0) | (1 << (bit & 31));
    previous = next;
  }
}

/** Letters and digits use 5 bits each, mixed so that frequent pairs spread. */
function pairBit(first: number, second: number): number {
  return ((Math.imul(first, 0x9e37) + Math.imul(second, 0x85eb)) >>> 7) & 255;
}

/** The bits of a word, as numbers of words and what must be set in them. */
export interface WordSignature {
  readonly at: readonly number[];
  readonly bits: readonly number[];
}

export function signatureOf(word: string): WordSignature {
  const signature = new Uint32Array(signatureWords);
  addSignature(word, signature, 0, 1);
  const at = Array.from(signature.keys()).filter((k) => signature[k] !== 0);
  return { at, bits: at.map((k) => signature[k] ?? 0) };
}

/** false proves that the word is not in the name. */
export function mayContain(signatures: Uint32Array, i: number, stride: number, { at, bits }: WordSignature): boolean {
  for (let k = 0; k < at.length; k += 1) {
    const needed = bits[k] ?? 0;
    if (((signatures[(at[k] ?? 0) * stride + i] ?? 0) & needed) >>> 0 !== needed) return false;
  }
  return true;
}
