import type { Pacer } from '../ports/clock.ts';
import { letterHits } from './letter-hits.ts';
import { createNameGrade, nameHits, rememberedHitsOf } from './name-hits.ts';
import { createGroupWalk, type NameTable } from './name-table.ts';
import { mayHold, testsOf } from './search-text.ts';
import { createGradeWalk, HitList, inFolder, type WordHits } from './word-hits.ts';

/** Hits looked at between two looks at the clock. */
const sliceLength = 8_192;

/** Names and folder paths that hold a word (lower case, composed). */
export async function findWord(table: NameTable, word: string, pacer: Pacer): Promise<WordHits> {
  if (word.includes('/')) return findAcross(table, word, pacer);
  const inNames = letterHits(table, word) ?? (await nameHits(table, word, pacer));
  const groups = foldersWith(table, word);
  return groups.length === 0 ? inNames : withFolders(table, inNames, groups);
}

/** What of some hits holds a word as well: costs as little as they are few. Both grades added up. */
export async function findWithin(table: NameTable, hits: WordHits, word: string, pacer: Pacer): Promise<WordHits> {
  const known = word.includes('/') ? await findAcross(table, word, pacer) : rememberedHitsOf(table, word);
  const gradeInName = known ? createGradeWalk(known) : createNameGrade(table, word);
  const groups = word.includes('/') ? [] : foldersWith(table, word);
  const grades = { inName: gradeInName, isInFolder: groups.length > 0 ? createFolderTest(table, groups) : null };
  const found = new HitList(hits.ordinals.length);
  for (let from = 0; from < hits.ordinals.length; from += sliceLength) {
    keepWithin(hits, from, Math.min(from + sliceLength, hits.ordinals.length), grades, found);
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  return found.take();
}

interface Grades {
  readonly inName: (ordinal: number) => number;
  readonly isInFolder: ((ordinal: number) => boolean) | null;
}

function keepWithin(hits: WordHits, from: number, to: number, { inName, isInFolder }: Grades, found: HitList): void {
  const { ordinals, grades } = hits;
  for (let k = from; k < to; k += 1) {
    const ordinal = ordinals[k] ?? 0;
    let grade = inName(ordinal);
    if (grade < 0 && isInFolder?.(ordinal)) grade = inFolder;
    if (grade >= 0) found.add(ordinal, (grades[k] ?? 0) + grade);
  }
}

function createFolderTest(table: NameTable, groups: readonly number[]): (ordinal: number) => boolean {
  const groupAt = createGroupWalk(table);
  let k = 0;
  return (ordinal) => {
    const group = groupAt(ordinal);
    while (k < groups.length && (groups[k] ?? 0) < group) k += 1;
    return groups[k] === group;
  };
}

const rememberedGroups = new WeakMap<NameTable, Map<string, readonly number[]>>();
const groupListsKept = 256;

/** Groups whose path holds a word without a slash, ascending; only among those that hold its beginning, where known. */
export function foldersWith(table: NameTable, word: string): readonly number[] {
  let known = rememberedGroups.get(table);
  if (!known || known.size > groupListsKept) {
    known = new Map();
    rememberedGroups.set(table, known);
  }
  const there = known.get(word);
  if (there) return there;
  const shorter = known.get(word.slice(0, -1));
  const groups = shorter ? shorter.filter((group) => table.folders[group]?.includes(word)) : searchFolders(table, word);
  known.set(word, groups);
  return groups;
}

function searchFolders({ folders, folderSignatures }: NameTable, word: string): readonly number[] {
  const tests = testsOf(word, folders.length);
  const column = tests.columns[0] ?? 0;
  const first = tests.bits[0] ?? 0;
  const groups: number[] = [];
  for (let group = 0; group < folders.length; group += 1) {
    if (((folderSignatures[column + group] ?? 0) & first) !== first) continue;
    if (mayHold(folderSignatures, group, tests, 1) && folders[group]?.includes(word)) groups.push(group);
  }
  return groups;
}

function withFolders({ starts }: NameTable, inNames: WordHits, groups: readonly number[]): WordHits {
  const { ordinals, grades } = inNames;
  let most = ordinals.length;
  for (const group of groups) most += (starts[group + 1] ?? 0) - (starts[group] ?? 0);
  const hits = new HitList(most);
  let k = 0;
  for (const group of groups) {
    const end = starts[group + 1] ?? 0;
    const start = starts[group] ?? 0;
    for (; k < ordinals.length && (ordinals[k] ?? 0) < start; k += 1) hits.add(ordinals[k] ?? 0, grades[k] ?? 0);
    for (let ordinal = start; ordinal < end; ordinal += 1) {
      const isInName = ordinals[k] === ordinal;
      hits.add(ordinal, isInName ? (grades[k] ?? 0) : inFolder);
      if (isInName) k += 1;
    }
  }
  for (; k < ordinals.length; k += 1) hits.add(ordinals[k] ?? 0, grades[k] ?? 0);
  return hits.take();
}

/** A word with a slash lies in the path of the folder, or its last slash is where folder and name meet. */
async function findAcross({ folders, starts, lower, count }: NameTable, word: string, pacer: Pacer): Promise<WordHits> {
  const slash = word.lastIndexOf('/');
  const [end, start] = [word.slice(0, slash), word.slice(slash + 1)];
  const hits = new HitList(count);
  for (let group = 0; group < folders.length; group += 1) {
    const folder = folders[group] ?? '';
    const isInside = folder.includes(word);
    if (isInside || folder.endsWith(end)) {
      const last = starts[group + 1] ?? 0;
      for (let ordinal = starts[group] ?? 0; ordinal < last; ordinal += 1)
        if (isInside || lower[ordinal]?.startsWith(start)) hits.add(ordinal, inFolder);
    }
    if ((group & 1_023) !== 0) continue;
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  return hits.take();
}
