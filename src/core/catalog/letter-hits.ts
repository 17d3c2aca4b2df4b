import type { NameTable } from './name-table.ts';
import { firstLetterShift, letterNumber } from './search-text.ts';
import { atStart, atWordStart, HitList, inside, type WordHits } from './word-hits.ts';

/**
 * What the first key press finds: most of the library, so it is answered from bits alone. null for anything but one
 * letter a–z.
 */
export function letterHits({ letters, wordLetters, count }: NameTable, word: string): WordHits | null {
  const first = letterNumber(word.charCodeAt(0));
  if (word.length !== 1 || first === 0) return null;
  const bit = 1 << (first - 1);
  const hits = new HitList(count);
  for (let ordinal = 0; ordinal < count; ordinal += 1) {
    const all = letters[ordinal] ?? 0;
    if ((all & bit) === 0) continue;
    const isFirst = all >>> firstLetterShift === first;
    hits.add(ordinal, isFirst ? atStart : ((wordLetters[ordinal] ?? 0) & bit) !== 0 ? atWordStart : inside);
  }
  return hits.take();
}
