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

export const firstLetterShift = 26;

/** 1–26 for a–z, 0 for everything else. */
export function letterNumber(code: number): number {
  return code >= 97 && code <= 122 ? code - 96 : 0;
}

/** Which of a–z a word holds, bit by bit. */
export function lettersOf(word: string): number {
  let all = 0;
  for (let k = 0; k < word.length; k += 1) {
    const letter = letterNumber(word.charCodeAt(k));
    if (letter > 0) all |= 1 << (letter - 1);
  }
  return all;
}

/** Notes which letters a name holds; see `NameTable`. */
export function addLetters(name: string, letters: Uint32Array, wordLetters: Uint32Array, at: number): void {
  let all = 0;
  let starts = 0;
  let previous = 0;
  for (let k = 0; k < name.length; k += 1) {
    const code = name.charCodeAt(k);
    const letter = letterNumber(code);
    if (letter > 0) {
      all |= 1 << (letter - 1);
      if (!isWordCharacter(previous)) starts |= 1 << (letter - 1);
      if (k === 0) all |= letter << firstLetterShift;
    }
    previous = code;
  }
  letters[at] = all;
  wordLetters[at] = starts;
}

export function isWordCharacter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code > 127;
}

/** Where the words of signatures begin and the bits that a text must have set there, the most telling first. */
export interface SignatureTests {
  readonly columns: readonly number[];
  readonly bits: readonly number[];
}

/** @param stride Number of texts the signatures are of. */
export function testsOf(word: string, stride: number): SignatureTests {
  const signature = new Uint32Array(signatureWords);
  addSignature(word, signature, 0, 1);
  const set = Array.from(signature.keys()).filter((k) => signature[k] !== 0);
  set.sort((x, y) => bitCount(signature[y] ?? 0) - bitCount(signature[x] ?? 0));
  return { columns: set.map((k) => k * stride), bits: set.map((k) => (signature[k] ?? 0) | 0) };
}

function bitCount(bits: number): number {
  let left = bits;
  let count = 0;
  for (; left !== 0; left &= left - 1) count += 1;
  return count;
}

/** false proves that the word is not in the text. */
export function mayHold(signatures: Uint32Array, at: number, { columns, bits }: SignatureTests, from = 0): boolean {
  for (let k = from; k < columns.length; k += 1) {
    const needed = bits[k] ?? 0;
    if (((signatures[(columns[k] ?? 0) + at] ?? 0) & needed) !== needed) return false;
  }
  return true;
}
