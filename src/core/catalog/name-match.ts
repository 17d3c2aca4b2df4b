import type { Pacer } from '../ports/clock.ts';
import { findWithin, findWord } from './find-word.ts';
import { rememberedHitsOf } from './name-hits.ts';
import { createGroupWalk, type NameTable } from './name-table.ts';
import { mayBeCorrected } from './typo-match.ts';
import { correctionsOf, vocabularyOf } from './vocabulary.ts';
import { either, inCommon, type WordHits, worsened } from './word-hits.ts';

/** Ordinals that match, ascending, each with its score: the smaller the better. */
export interface NameMatches {
  readonly ordinals: Uint32Array;
  readonly scores: Uint16Array;
}

/** A grade tells more than any length of a name, which breaks ties. */
export const perGrade = 256;
/** Added to the grade of what was found in place of what was typed. */
const corrected = 5;
const mostTerms = 16;
/** Hits scored between two looks at the clock. */
const sliceLength = 8_192;

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
  const { pacer } = options;
  const typed = words.slice(0, mostTerms);
  const exact = await scored(table, await findAll(table, typed, pacer), options);
  if (exact.ordinals.length > 0 || !typed.some(mayBeCorrected)) return exact;
  const vocabulary = await vocabularyOf(table, pacer);
  const spellings = typed.map((word) => correctionsOf(word, vocabulary));
  if (spellings.every(({ length }) => length === 0)) return exact;
  const found: WordHits[] = [];
  for (const [k, word] of typed.entries()) {
    let hits = await findWord(table, word, pacer);
    for (const known of spellings[k] ?? [])
      hits = either(hits, worsened(await findWord(table, known, pacer), corrected));
    found.push(hits);
  }
  return scored(table, inCommon(found), options);
}

/** All words, each among the hits of those before it, so that one rare word makes all others cheap. */
async function findAll(table: NameTable, words: readonly string[], pacer: Pacer): Promise<WordHits | null> {
  const known = (word: string): number => rememberedHitsOf(table, word)?.ordinals.length ?? table.count;
  const [first, ...others] = words.toSorted((x, y) => known(x) - known(y) || y.length - x.length);
  if (first === undefined) return null;
  let hits = await findWord(table, first, pacer);
  for (const word of others) hits = await findWithin(table, hits, word, pacer);
  return hits;
}

async function scored(table: NameTable, hits: WordHits | null, options: MatchOptions): Promise<NameMatches> {
  const { accept, confirm, pacer } = options;
  const most = hits?.ordinals.length ?? 0;
  const scores = new Uint16Array(most);
  // Where all of them count, they are not copied.
  const keepsAll = accept === null && confirm === null;
  const found = { ordinals: keepsAll && hits ? hits.ordinals : new Uint32Array(most), scores, count: 0 };
  const groupAt = createGroupWalk(table);
  for (let from = 0; hits !== null && from < most; from += sliceLength) {
    const to = Math.min(from + sliceLength, most);
    if (keepsAll) scoreAll(table, hits, from, to, found);
    else scoreSlice(table, hits, from, to, { ...options, groupAt }, found);
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  return { ordinals: found.ordinals.subarray(0, found.count), scores: scores.subarray(0, found.count) };
}

function scoreAll({ lengths }: NameTable, hits: WordHits, from: number, to: number, found: Found): void {
  const { ordinals, grades } = hits;
  for (let k = from; k < to; k += 1) {
    found.scores[k] = (grades[k] ?? 0) * perGrade + (lengths[ordinals[k] ?? 0] ?? 0);
  }
  found.count = to;
}

interface Found {
  readonly ordinals: Uint32Array;
  readonly scores: Uint16Array;
  count: number;
}

function scoreSlice(
  { lengths }: NameTable,
  { ordinals, grades }: WordHits,
  from: number,
  to: number,
  { accept, confirm, groupAt }: MatchOptions & { readonly groupAt: (ordinal: number) => number },
  found: Found,
): void {
  let { count } = found;
  for (let k = from; k < to; k += 1) {
    const ordinal = ordinals[k] ?? 0;
    if (accept !== null && !accept(ordinal)) continue;
    if (confirm !== null && !confirm(ordinal, groupAt(ordinal))) continue;
    found.ordinals[count] = ordinal;
    found.scores[count] = (grades[k] ?? 0) * perGrade + (lengths[ordinal] ?? 0);
    count += 1;
  }
  found.count = count;
}

/** Enough for the pages that anyone looks at; whoever scrolls on has the rest put in order then. */
export const firstInOrder = 4_096;

/** Pages of ordinals by score, equal scores in their order. */
export function rankedPages(matches: NameMatches): (offset: number, limit: number) => Uint32Array {
  const places = placesOf(matches);
  let sorted = inOrder(matches, places.slice(), firstInOrder);
  return (offset, limit) => {
    const end = Math.min(offset + limit, matches.ordinals.length);
    if (end > sorted.length) sorted = inOrder(matches, places.slice(), matches.ordinals.length);
    return sorted.subarray(offset, end);
  };
}

/** For each score, how many have a better one: where a counting sort puts the first of it. */
function placesOf({ scores }: NameMatches): Uint32Array {
  let worst = 0;
  for (let k = 0; k < scores.length; k += 1) worst = Math.max(worst, scores[k] ?? 0);
  const places = new Uint32Array(worst + 2);
  for (let k = 0; k < scores.length; k += 1) {
    const next = (scores[k] ?? 0) + 1;
    places[next] = (places[next] ?? 0) + 1;
  }
  for (let score = 1; score < places.length; score += 1)
    places[score] = (places[score] ?? 0) + (places[score - 1] ?? 0);
  return places;
}

/** The best `most` of them. Changes `places`. */
function inOrder({ ordinals, scores }: NameMatches, places: Uint32Array, most: number): Uint32Array {
  const sorted = new Uint32Array(Math.min(most, ordinals.length));
  for (let k = 0; k < ordinals.length; k += 1) {
    const score = scores[k] ?? 0;
    const place = places[score] ?? 0;
    if (place >= sorted.length) continue;
    sorted[place] = ordinals[k] ?? 0;
    places[score] = place + 1;
  }
  return sorted;
}
