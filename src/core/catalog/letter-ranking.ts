import type { Pacer } from '../ports/clock.ts';
import { foldersWith } from './find-word.ts';
import { createLetterGrade } from './letter-hits.ts';
import { firstInOrder, perGrade } from './name-match.ts';
import type { NameTable } from './name-table.ts';
import { inFolder } from './word-hits.ts';

export interface LetterRanking {
  readonly total: number;
  /** What is counted of all of them, added up. */
  readonly totalBytes: number;
  pageOf(offset: number, limit: number): Uint32Array;
}

export interface RankingOptions {
  /** Which ordinals count at all; null: all. */
  readonly accept: ((ordinal: number) => boolean) | null;
  /** Bytes of each ordinal, to add up; null: nothing is added. */
  readonly sizes: Float64Array | null;
  readonly pacer: Pacer;
}

const notFound = 0xffff;
const scoresPossible = (inFolder + 1) * perGrade;
/** Groups looked at between two looks at the clock. */
const groupsAtOnce = 256;

/**
 * What the first key press finds, ranked as `matchNames` and `rankedPages` do: most of a library holds any letter, so
 * instead of collecting all that is found, each gets its score, and the best are picked. null for anything but a letter
 * a–z.
 */
export async function rankLetter(
  table: NameTable,
  word: string,
  { accept, sizes, pacer }: RankingOptions,
): Promise<LetterRanking | null> {
  const gradeInName = createLetterGrade(table, word);
  if (gradeInName === null) return null;
  const withLetter = foldersWith(table, word);
  const begin = (): Work => ({
    ...{ table, gradeInName, accept, sizes, withLetter },
    scores: takeScores(table.count),
    counts: new Uint32Array(scoresPossible + 1),
    total: 0,
    totalBytes: 0,
    nextWithLetter: 0,
  });
  const work = begin();
  for (let group = 0; group < table.folders.length; group += groupsAtOnce) {
    scoreGroups(work, group, Math.min(group + groupsAtOnce, table.folders.length));
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  const { total, totalBytes } = work;
  let sorted = takeBest(work, firstInOrder);
  return {
    total,
    totalBytes,
    pageOf(offset, limit) {
      const end = Math.min(offset + limit, total);
      if (end > sorted.length) {
        // Whoever scrolls on has it all put in order, at the price of a second key press.
        const again = begin();
        scoreGroups(again, 0, table.folders.length);
        sorted = takeBest(again, total);
      }
      return sorted.subarray(offset, end);
    },
  };
}

interface Work extends Omit<RankingOptions, 'pacer'> {
  readonly table: NameTable;
  readonly gradeInName: (ordinal: number) => number;
  /** Groups whose path holds the letter, and the first of them that is not behind. */
  readonly withLetter: readonly number[];
  nextWithLetter: number;
  readonly scores: Uint16Array;
  /** How many have each score, one place further on. */
  readonly counts: Uint32Array;
  total: number;
  totalBytes: number;
}

/** The loop a first key press spends its time in. */
function scoreGroups(work: Work, from: number, to: number): void {
  const { gradeInName, accept, sizes, withLetter, scores, counts } = work;
  const { starts, lengths } = work.table;
  let { total, totalBytes } = work;
  for (let group = from; group < to; group += 1) {
    const isInFolder = withLetter[work.nextWithLetter] === group;
    if (isInFolder) work.nextWithLetter += 1;
    const end = starts[group + 1] ?? 0;
    for (let ordinal = starts[group] ?? 0; ordinal < end; ordinal += 1) {
      let grade = gradeInName(ordinal);
      if (grade < 0) {
        if (!isInFolder) continue;
        grade = inFolder;
      }
      if (accept !== null && !accept(ordinal)) continue;
      const score = grade * perGrade + (lengths[ordinal] ?? 0);
      scores[ordinal] = score;
      counts[score + 1] = (counts[score + 1] ?? 0) + 1;
      total += 1;
      if (sizes !== null) totalBytes += sizes[ordinal] ?? 0;
    }
  }
  work.total = total;
  work.totalBytes = totalBytes;
}

/** The first so many in order of their scores, equal ones as they stand. Ends the work: its scores are given back. */
function takeBest({ scores, counts, total }: Work, most: number): Uint32Array {
  // For each score, how many have a better one: where the first of it stands.
  for (let score = 1; score < counts.length; score += 1)
    counts[score] = (counts[score] ?? 0) + (counts[score - 1] ?? 0);
  const sorted = new Uint32Array(Math.min(most, total));
  for (let ordinal = 0; ordinal < scores.length; ordinal += 1) {
    const score = scores[ordinal] ?? notFound;
    if (score === notFound) continue;
    const place = counts[score] ?? 0;
    if (place >= sorted.length) continue;
    sorted[place] = ordinal;
    counts[score] = place + 1;
  }
  spareScores = scores;
  return sorted;
}

/** Kept for the next key press: half a megabyte for each of them would be a lot of garbage. */
let spareScores: Uint16Array | null = null;

function takeScores(count: number): Uint16Array {
  const scores = spareScores?.length === count ? spareScores : new Uint16Array(count);
  spareScores = null;
  return scores.fill(notFound);
}
