import type { NameTable } from './name-table.ts';
import { firstLetterShift, letterNumber } from './search-text.ts';
import { atStart, atWordStart, HitList, inside, type WordHits } from './word-hits.ts';

/** The grade of one letter a–z in the name of an ordinal, from bits alone; -1 where it is not in it. null: no such letter. */
export function createLetterGrade(
  { letters, wordLetters }: NameTable,
  word: string,
): ((ordinal: number) => number) | null {
  const first = letterNumber(word.charCodeAt(0));
  if (word.length !== 1 || first === 0) return null;
  const bit = 1 << (first - 1);
  return (ordinal) => {
    const all = letters[ordinal] ?? 0;
    if ((all & bit) === 0) return -1;
    if (all >>> firstLetterShift === first) return atStart;
    return ((wordLetters[ordinal] ?? 0) & bit) !== 0 ? atWordStart : inside;
  };
}

/** Names that hold one letter a–z; null for anything but such a letter. */
export function letterHits(table: NameTable, word: string): WordHits | null {
  const gradeOf = createLetterGrade(table, word);
  if (gradeOf === null) return null;
  const hits = new HitList(table.count);
  for (let ordinal = 0; ordinal < table.count; ordinal += 1) {
    const grade = gradeOf(ordinal);
    if (grade >= 0) hits.add(ordinal, grade);
  }
  return hits.take();
}
