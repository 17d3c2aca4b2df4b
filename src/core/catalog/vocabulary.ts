import { keptPerTable } from './kept-per-table.ts';
import { addSignature, mayHold, signatureWords, testsOf } from './search-text.ts';
import { createTypoMatch } from './typo-match.ts';

/** The words that names and folders of a table are made of, and how often each occurs. */
export interface Vocabulary {
  readonly words: readonly string[];
  readonly counts: readonly number[];
  /** As of names: `word of the signature * words.length + k`. */
  readonly signatures: Uint32Array;
}

/** Made when a search first finds nothing. */
export const vocabularyOf = keptPerTable(async ({ lower, folders }, pacer): Promise<Vocabulary> => {
  const found = new Map<string, number>();
  for (const texts of [folders, lower]) {
    for (let k = 0; k < texts.length; k += 1) {
      for (const word of (texts[k] ?? '').match(/[\p{L}\p{N}]{3,40}/gu) ?? []) {
        // Bare numbers are counters and dates: everything is one digit away from one.
        if (!/^\d+$/.test(word)) found.set(word, (found.get(word) ?? 0) + 1);
      }
      if ((k & 255) === 0) {
        const pause = pacer.breathe();
        if (pause) await pause;
      }
    }
  }
  const words = [...found.keys()];
  const signatures = new Uint32Array(words.length * signatureWords);
  for (const [k, word] of words.entries()) {
    addSignature(word, signatures, k, words.length);
    if ((k & 1_023) !== 0) continue;
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  return { words, counts: [...found.values()], signatures };
});

/** Most words that one mistyped word is taken for. */
const mostCorrections = 6;

/** Words of the vocabulary that a mistyped word may stand for (one error, also inside a longer word), frequent first. */
export function correctionsOf(word: string, { words, counts, signatures }: Vocabulary): readonly string[] {
  const matches = createTypoMatch(word);
  if (matches === null) return [];
  const wanted = intactParts(word).map((part) => testsOf(part, words.length));
  const found: [string, number][] = [];
  for (let k = 0; k < words.length; k += 1) {
    if (!wanted.some((part) => mayHold(signatures, k, part))) continue;
    const known = words[k] ?? '';
    if (matches(known)) found.push([known, counts[k] ?? 0]);
  }
  found.sort((x, y) => y[1] - x[1] || (x[0] < y[0] ? -1 : 1));
  return found.slice(0, mostCorrections).map(([known]) => known);
}

/** One error leaves one half of a word as it is; only two letters swapped where the halves meet touch both. */
function intactParts(word: string): readonly string[] {
  const middle = word.length >> 1;
  const swapped = word.slice(0, middle - 1) + word[middle] + word[middle - 1] + word.slice(middle + 1);
  return [word.slice(0, middle), word.slice(middle), swapped];
}
