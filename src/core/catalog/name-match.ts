import type { Pacer } from '../ports/clock.ts';
import type { NameTable } from './name-table.ts';
import { mayContain, signatureOf, type WordSignature } from './search-text.ts';
import { correctionsOf, vocabularyOf } from './vocabulary.ts';

/** Ordinals that match, ascending, each with its score: the smaller the better. */
export interface NameMatches {
  readonly ordinals: Uint32Array;
  readonly scores: Uint16Array;
}

/** Where in a name a word was found, from best to worst; the length of the name breaks ties. */
const atStart = 0;
const atWordStart = 1;
const inside = 2;
const inFolder = 3;
const corrected = 5;
const perTerm = 256;
const worstScore = 65_535;
const mostTerms = 16;

const noTest = { at: 0, bits: 0 } as const;

/** A word to find: as it was typed, or as words it may have been meant to be. */
interface Term {
  readonly spellings: readonly Spelling[];
}

interface Spelling {
  readonly text: string;
  readonly signature: WordSignature;
  readonly hasSlash: boolean;
  readonly penalty: number;
  readonly quick: { readonly at: number; readonly bits: number };
}

export interface MatchOptions {
  /** Which ordinals count at all; asked first, so it must be cheap. null: all. */
  readonly accept: ((ordinal: number) => boolean) | null;
  /** Asked last, of what matches; null: nothing more to ask. */
  readonly confirm: ((ordinal: number, group: number) => boolean) | null;
  readonly pacer: Pacer;
}

/**
 * Names in which every word occurs, in the name itself or in the path of its folder. When there is none, words of four
 * letters or more are also taken for known words that differ by one letter. No words: no matches.
 */
export async function matchNames(
  table: NameTable,
  words: readonly string[],
  options: MatchOptions,
): Promise<NameMatches> {
  const typed = words.slice(0, mostTerms);
  const exact = await matchTerms(
    table,
    typed.map((word) => ({ spellings: [spelling(word, 0)] })),
    options,
  );
  if (exact.ordinals.length > 0) return exact;
  const vocabulary = await vocabularyOf(table, options.pacer);
  const terms = typed.map((word) => ({
    spellings: [
      spelling(word, 0),
      ...correctionsOf(word, vocabulary).map((known) => spelling(known, corrected * perTerm)),
    ],
  }));
  return terms.some(({ spellings }) => spellings.length > 1) ? matchTerms(table, terms, options) : exact;
}

function spelling(text: string, penalty: number): Spelling {
  const signature = signatureOf(text);
  return { text, signature, hasSlash: text.includes('/'), penalty, quick: fullest(signature) };
}

function fullest({ at, bits }: WordSignature): { readonly at: number; readonly bits: number } {
  let best: { at: number; bits: number } = noTest;
  for (let k = 0; k < at.length; k += 1) {
    const candidate = { at: at[k] ?? 0, bits: bits[k] ?? 0 };
    if (bitCount(candidate.bits) > bitCount(best.bits)) best = candidate;
  }
  return best;
}

function bitCount(bits: number): number {
  let left = bits;
  let count = 0;
  for (; left !== 0; left &= left - 1) count += 1;
  return count;
}

async function matchTerms(table: NameTable, terms: readonly Term[], options: MatchOptions): Promise<NameMatches> {
  const found: Found = { ordinals: new Uint32Array(table.count), scores: new Uint16Array(table.count), count: 0 };
  const wanted: Term[] = [];
  for (let g = 0; g < table.folders.length; g += 1) {
    const folder = table.folders[g] ?? '';
    wanted.length = 0;
    for (const term of terms) if (!isInFolder(folder, term)) wanted.push(term);
    matchGroup(table, g, wanted, (terms.length - wanted.length) * inFolder * perTerm, options, found);
    if ((g & 63) === 0) {
      const pause = options.pacer.breathe();
      if (pause) await pause;
    }
  }
  return { ordinals: found.ordinals.slice(0, found.count), scores: found.scores.slice(0, found.count) };
}

interface Found {
  readonly ordinals: Uint32Array;
  readonly scores: Uint16Array;
  count: number;
}

/** The names of one folder. A function of its own and without closures: this is where a search spends its time. */
function matchGroup(
  table: NameTable,
  g: number,
  wanted: readonly Term[],
  base: number,
  { accept, confirm }: MatchOptions,
  found: Found,
): void {
  const { signatures, starts } = table;
  const folder = table.folders[g] ?? '';
  // The first look at a name is one comparison: it rules nine of ten names out.
  const { at, bits } = quickTest(wanted[0]);
  const column = at * table.count;
  const end = starts[g + 1] ?? 0;
  for (let ordinal = starts[g] ?? 0; ordinal < end; ordinal += 1) {
    if (((signatures[column + ordinal] ?? 0) & bits) >>> 0 !== bits) continue;
    if (accept !== null && !accept(ordinal)) continue;
    const score = scoreName(folder, table, ordinal, wanted);
    if (score < 0 || (confirm !== null && !confirm(ordinal, g))) continue;
    found.ordinals[found.count] = ordinal;
    found.scores[found.count] = Math.min(base + score, worstScore);
    found.count += 1;
  }
}

/** The fullest word of the signature of a term that is spelled one way only. */
function quickTest(term: Term | undefined): { readonly at: number; readonly bits: number } {
  const only = term?.spellings.length === 1 ? term.spellings[0] : undefined;
  return only === undefined || only.hasSlash ? noTest : only.quick;
}

function isInFolder(folder: string, { spellings }: Term): boolean {
  for (const { text } of spellings) if (folder.includes(text)) return true;
  return false;
}

/** @returns -1 for no match. */
function scoreName(folder: string, table: NameTable, ordinal: number, wanted: readonly Term[]): number {
  let score = 0;
  for (let k = 0; k < wanted.length; k += 1) {
    const term = wanted[k];
    const found = term === undefined ? -1 : scoreTerm(folder, table, ordinal, term);
    if (found < 0) return -1;
    score += found;
  }
  const { length } = table.lower[ordinal] ?? '';
  return score + Math.min(length, 255);
}

function scoreTerm(
  folder: string,
  { lower, signatures, count }: NameTable,
  ordinal: number,
  { spellings }: Term,
): number {
  for (let k = 0; k < spellings.length; k += 1) {
    const spelled = spellings[k];
    if (spelled === undefined) continue;
    if (mayContain(signatures, ordinal, count, spelled.signature)) {
      const name = lower[ordinal] ?? '';
      const at = name.indexOf(spelled.text);
      if (at === 0) return spelled.penalty + atStart * perTerm;
      if (at > 0) return spelled.penalty + (isWordCharacter(name.charCodeAt(at - 1)) ? inside : atWordStart) * perTerm;
    }
    if (spelled.hasSlash && `${folder}/${lower[ordinal] ?? ''}`.includes(spelled.text))
      return spelled.penalty + inFolder * perTerm;
  }
  return -1;
}

function isWordCharacter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code > 127;
}

/** Ordinals by score, equal scores in their order: a counting sort, since scores are small numbers. */
export function byScore({ ordinals, scores }: NameMatches): Uint32Array {
  const places = new Uint32Array(worstScore + 2);
  for (const score of scores) places[score + 1] = (places[score + 1] ?? 0) + 1;
  for (let score = 1; score < places.length; score += 1)
    places[score] = (places[score] ?? 0) + (places[score - 1] ?? 0);
  const sorted = new Uint32Array(ordinals.length);
  for (let k = 0; k < ordinals.length; k += 1) {
    const score = scores[k] ?? 0;
    const place = places[score] ?? 0;
    sorted[place] = ordinals[k] ?? 0;
    places[score] = place + 1;
  }
  return sorted;
}
