import type { NameTable } from './name-table.ts';
import { isWordCharacter } from './search-text.ts';
import { atStart, atWordStart, HitList, inside, type WordHits } from './word-hits.ts';

const a = 97;
const z = 122;
const firstLetterShift = 26;

/** Notes which letters a name holds; see `NameTable`. */
export function addLetters(name: string, letters: Uint32Array, wordLetters: Uint32Array, at: number): void {
  let all = 0;
  let starts = 0;
  let previous = 0;
  for (let k = 0; k < name.length; k += 1) {
    const code = name.charCodeAt(k);
    if (code >= a && code <= z) {
      all |= 1 << (code - a);
      if (!isWordCharacter(previous)) starts |= 1 << (code - a);
      if (k === 0) all |= (code - a + 1) << firstLetterShift;
    }
    previous = code;
  }
  letters[at] = all;
  wordLetters[at] = starts;
}

/**
 * What the first key press finds: most of the library, so it is answered from bits alone. null for anything but one
 * letter a–z.
 */
export function letterHits({ letters, wordLetters, count }: NameTable, word: string): WordHits | null {
  const code = word.charCodeAt(0);
  if (word.length !== 1 || code < a || code > z) return null;
  const bit = 1 << (code - a);
  const first = code - a + 1;
  const hits = new HitList(count);
  for (let ordinal = 0; ordinal < count; ordinal += 1) {
    const all = letters[ordinal] ?? 0;
    if ((all & bit) === 0) continue;
    const isFirst = all >>> firstLetterShift === first;
    hits.add(ordinal, isFirst ? atStart : ((wordLetters[ordinal] ?? 0) & bit) !== 0 ? atWordStart : inside);
  }
  return hits.take();
}
