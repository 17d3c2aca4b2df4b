import type { Pacer } from '../ports/clock.ts';
import type { NameTable } from './name-table.ts';
import { createTypoMatch } from './typo-match.ts';

/** The words that names and folders of a table are made of, and how often each occurs. */
export type Vocabulary = ReadonlyMap<string, number>;

const vocabularies = new WeakMap<NameTable, Promise<Vocabulary>>();

/** Made when a search first finds nothing, and kept as long as the table. */
export function vocabularyOf(table: NameTable, pacer: Pacer): Promise<Vocabulary> {
  let vocabulary = vocabularies.get(table);
  if (!vocabulary) {
    vocabulary = collectWords(table, pacer);
    vocabularies.set(table, vocabulary);
  }
  return vocabulary;
}

async function collectWords({ lower, folders }: NameTable, pacer: Pacer): Promise<Vocabulary> {
  const words = new Map<string, number>();
  for (const texts of [folders, lower]) {
    for (let k = 0; k < texts.length; k += 1) {
      for (const word of (texts[k] ?? '').match(/[\p{L}\p{N}]{3,40}/gu) ?? []) {
        // Bare numbers are counters and dates: everything is one digit away from one.
        if (!/^\d+$/.test(word)) words.set(word, (words.get(word) ?? 0) + 1);
      }
      if ((k & 255) === 0) {
        const pause = pacer.breathe();
        if (pause) await pause;
      }
    }
  }
  return words;
}

/** Most words that one mistyped word is taken for. */
const mostCorrections = 6;

/** Words of the vocabulary that a mistyped word may stand for (one error, also inside a longer word), frequent first. */
export function correctionsOf(word: string, vocabulary: Vocabulary): readonly string[] {
  const matches = createTypoMatch(word);
  if (matches === null) return [];
  const found: [string, number][] = [];
  for (const [known, count] of vocabulary) if (matches(known)) found.push([known, count]);
  found.sort((x, y) => y[1] - x[1] || (x[0] < y[0] ? -1 : 1));
  return found.slice(0, mostCorrections).map(([known]) => known);
}
