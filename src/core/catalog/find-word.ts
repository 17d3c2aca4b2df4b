import type { Pacer } from '../ports/clock.ts';
import { letterHits } from './letter-hits.ts';
import { createNameGrade, nameHits, rememberedHitsOf } from './name-hits.ts';
import { createGroupWalk, type NameTable } from './name-table.ts';
import { mayHold, testsOf } from './search-text.ts';
import { createGradeWalk, HitList, inFolder, type WordHits } from './word-hits.ts';

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
  const isInFolder = createFolderTest(table, groups);
  const found = new HitList(hits.ordinals.length);
  for (let k = 0; k < hits.ordinals.length; k += 1) {
    const ordinal = hits.ordinals[k] ?? 0;
    let grade = gradeInName(ordinal);
    if (grade < 0 && groups.length > 0 && isInFolder(ordinal)) grade = inFolder;
    if (grade >= 0) found.add(ordinal, (hits.grades[k] ?? 0) + grade);
    if ((k & 8_191) !== 8_191) continue;
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  return found.take();
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

/** Groups whose path holds a word without a slash, ascending. */
function foldersWith({ folders, folderSignatures }: NameTable, word: string): number[] {
  const tests = testsOf(word, folders.length);
  const groups: number[] = [];
  for (let group = 0; group < folders.length; group += 1) {
    if (mayHold(folderSignatures, group, tests) && folders[group]?.includes(word)) groups.push(group);
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
