import type { Pacer } from '../ports/clock.ts';
import { type NameBytes, packNames } from './name-bytes.ts';
import type { PackedFolder } from './packed-folder.ts';
import { addLetters, addSignature, normalise, signatureWords } from './search-text.ts';

/**
 * Names in one long row, folder after folder, for searching: a search is a walk over flat arrays. Positions in it are
 * called ordinals. Made anew when what it is made of changes.
 */
export interface NameTable {
  readonly count: number;
  /** Lower-case path of each group. */
  readonly folders: readonly string[];
  /** First ordinal of each group, and the count at the end. */
  readonly starts: Uint32Array;
  readonly lower: readonly string[];
  /** The same in one line of memory. */
  readonly text: NameBytes;
  /** Length of each name, 255 for all that are longer. */
  readonly lengths: Uint8Array;
  /** Which of a–z occur in each name (bits 0–25), and which of them it begins with (1–26 in bits 26–30). */
  readonly letters: Uint32Array;
  /** Which of a–z begin a word of each name. */
  readonly wordLetters: Uint32Array;
  /** `signatureWords` numbers a name, word by word: `word * count + ordinal`. */
  readonly signatures: Uint32Array;
  /** The same of the folders' paths: `word * folders.length + group`. */
  readonly folderSignatures: Uint32Array;
}

export interface NameGroup {
  readonly relPath: string;
  /** Number of names. */
  readonly count: number;
  /** File that gives the k-th name. */
  nameSource(k: number): { readonly files: PackedFolder; readonly i: number };
}

export async function buildNameTable(groups: readonly NameGroup[], pacer: Pacer): Promise<NameTable> {
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const starts = new Uint32Array(groups.length + 1);
  const lower: string[] = [];
  const signatures = new Uint32Array(count * signatureWords);
  const lengths = new Uint8Array(count);
  const letters = new Uint32Array(count);
  const wordLetters = new Uint32Array(count);
  const folders: string[] = [];
  const folderSignatures = new Uint32Array(groups.length * signatureWords);
  let at = 0;
  for (let g = 0; g < groups.length; g += 1) {
    const group = groups[g];
    if (!group) continue;
    starts[g] = at;
    const folder = normalise(group.relPath);
    folders.push(folder);
    addSignature(folder, folderSignatures, g, groups.length);
    for (let k = 0; k < group.count; k += 1) {
      const { files, i } = group.nameSource(k);
      const name = files.searchNames()[i] ?? '';
      lower.push(name);
      lengths[at] = Math.min(name.length, 255);
      addSignature(name, signatures, at, count);
      addLetters(name, letters, wordLetters, at);
      at += 1;
    }
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  starts[groups.length] = at;
  return {
    count,
    folders,
    starts,
    lower,
    text: await packNames(lower, pacer),
    lengths,
    letters,
    wordLetters,
    signatures,
    folderSignatures,
  };
}

/** Group that an ordinal belongs to. */
export function groupOf({ starts }: Pick<NameTable, 'starts'>, ordinal: number): number {
  let low = 0;
  let high = starts.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= ordinal) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Finds the group of ascending ordinals one after the other. */
export function createGroupWalk(table: NameTable): (ordinal: number) => number {
  let group = 0;
  return (ordinal) => {
    if (ordinal >= (table.starts[group + 1] ?? 0)) {
      group += 1;
      if (ordinal >= (table.starts[group + 1] ?? 0)) group = groupOf(table, ordinal);
    }
    return group;
  };
}

/** Ordinals that pass a test, ascending. */
export async function filterOrdinals(
  { count, folders, starts }: NameTable,
  passes: (ordinal: number, group: number) => boolean,
  pacer: Pacer,
): Promise<Uint32Array> {
  const ordinals = new Uint32Array(count);
  let found = 0;
  for (let group = 0; group < folders.length; group += 1) {
    const end = starts[group + 1] ?? 0;
    for (let ordinal = starts[group] ?? 0; ordinal < end; ordinal += 1) {
      if (!passes(ordinal, group)) continue;
      ordinals[found] = ordinal;
      found += 1;
    }
    if ((group & 63) === 0) {
      const pause = pacer.breathe();
      if (pause) await pause;
    }
  }
  return ordinals.slice(0, found);
}
