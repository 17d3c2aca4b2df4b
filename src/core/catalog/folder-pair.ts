import { type CompareState, compareStates } from '../../contract/sync-words.ts';
import { foldName, type NameRules } from '../paths/name-folding.ts';
import { equalHashes, hashKnown, hashStateAt } from './folder-hashes.ts';
import type { FilePosition, IndexedFolder } from './location-index.ts';
import { walkPlainNames } from './packed-folder.ts';

/** `mtime`s this close are equal: FAT keeps 2 s, exFAT and some shares 1 s. */
export const sameTimeNs = 2_000_000_000;

/** Position of each state in counters and row bytes. */
export const stateCode = Object.fromEntries(compareStates.map((state, code) => [state, code])) as Readonly<
  Record<CompareState, number>
>;

/** No file on this side of the row. */
export const noFile = -1;
/** A folder stands where the other side has a file. */
export const aFolder = -2;

/**
 * The folders of A and B that are one folder by the names' rules, and their files row by row. Normally one folder a
 * side; several where a case-sensitive side holds names that the other cannot tell apart.
 */
export interface FolderPair {
  /** Key by the rules in force. */
  readonly key: string;
  /** As A spells it, else B. */
  readonly relPath: string;
  readonly a: readonly IndexedFolder[];
  readonly b: readonly IndexedFolder[];
  /** Two numbers a row: position in the files of `a` and of `b` (counted through all folders of the side). */
  readonly rows: Int32Array;
  /** One state code a row. */
  readonly states: Uint8Array;
  /** Files per state, then bytes per state; of these files alone, not of the folders below. */
  readonly totals: readonly number[];
}

export const stateCount = compareStates.length;

export interface PairSource {
  readonly key: string;
  readonly a: readonly IndexedFolder[];
  readonly b: readonly IndexedFolder[];
  readonly rules: NameRules;
  /** Keys of the names of subfolders; where names are exact, those that the other side has as well may be left out. */
  readonly foldersOfA: ReadonlySet<string>;
  readonly foldersOfB: ReadonlySet<string>;
}

/** Lines up the files of a pair of folders and says how each row stands. */
export function pairFolder(source: PairSource): FolderPair {
  const { a, b, rules } = source;
  const onlyA = a[0];
  const onlyB = b[0];
  const exact = rules.caseSensitive && rules.unicodeSensitive;
  const rows = new RowList(source);
  if (exact || (a.length <= 1 && b.length <= 1 && sameSpelling(onlyA, onlyB) && noFoldedTwins(source))) {
    pairByName(onlyA, onlyB, rows);
  } else {
    pairByKey(source, rows);
  }
  return rows.finish();
}

function sameSpelling(a: IndexedFolder | undefined, b: IndexedFolder | undefined): boolean {
  return !a || !b || a.relPath === b.relPath;
}

/** Of the very same folders, and with the same states: nothing that is derived from it changed. */
export function isSamePair(x: FolderPair | undefined, y: FolderPair | undefined): boolean {
  if (x === undefined || y === undefined) return x === y;
  const areSame = (left: readonly IndexedFolder[], right: readonly IndexedFolder[]): boolean =>
    left.length === right.length && left.every((folder, k) => folder === right[k]);
  return areSame(x.a, y.a) && areSame(x.b, y.b) && x.states.every((state, row) => state === y.states[row]);
}

/** Whether a file that one side alone has is known by its content: what moves are found by. */
export function hasHashedLoneFile(pair: FolderPair | undefined): boolean {
  if (!pair) return false;
  const { totals, a, b } = pair;
  const areHashed = (folders: readonly IndexedFolder[]): boolean => folders.some(({ hashes }) => hashes !== null);
  return (
    ((totals[stateCode['only-a']] ?? 0) > 0 && areHashed(a)) || ((totals[stateCode['only-b']] ?? 0) > 0 && areHashed(b))
  );
}

/** True when no two different names of the pair have one key; then comparing names exactly gives the same rows. */
function noFoldedTwins({ a, b, rules, foldersOfA, foldersOfB }: PairSource): boolean {
  const nameOfKey = new Map<string, string>();
  for (const folder of [a[0], b[0]]) {
    for (const name of folder?.files.names() ?? []) {
      const key = foldName(name, rules);
      if (foldersOfA.has(key) || foldersOfB.has(key)) return false;
      const other = nameOfKey.get(key);
      if (other !== undefined && other !== name) return false;
      nameOfKey.set(key, name);
    }
  }
  return true;
}

/** Merges two sorted lists of names. */
function pairByName(a: IndexedFolder | undefined, b: IndexedFolder | undefined, rows: RowList): void {
  if (a && b && a.files.hasNamesOf(b.files)) {
    for (let i = 0; i < a.files.count; i += 1) rows.add(i, i, null);
    return;
  }
  if (!a || !b) {
    for (let k = 0; k < ((a ?? b)?.files.count ?? 0); k += 1) rows.add(a ? k : noFile, b ? k : noFile, null);
    return;
  }
  if (walkPlainNames(a.files, b.files, (i, j) => rows.add(i, j, null))) return;
  const aNames = a.files.names();
  const bNames = b.files.names();
  let i = 0;
  let j = 0;
  while (i < aNames.length || j < bNames.length) {
    const x = aNames[i];
    const y = bNames[j];
    if (y === undefined || (x !== undefined && x < y)) {
      rows.add(i, noFile, null);
      i += 1;
    } else if (x === undefined || y < x) {
      rows.add(noFile, j, null);
      j += 1;
    } else {
      rows.add(i, j, null);
      i += 1;
      j += 1;
    }
  }
}

/**
 * Groups by key. A group with more than one spelling is a clash, row for row, and is never merged; so is one that holds
 * files and folders of one side, which can only differ in their spelling.
 */
function pairByKey({ a, b, rules, foldersOfA, foldersOfB }: PairSource, rows: RowList): void {
  const groups = new Map<string, { a: [string, number][]; b: [string, number][] }>();
  const collect = (folders: readonly IndexedFolder[], side: 'a' | 'b'): void => {
    let position = 0;
    for (const folder of folders) {
      for (const name of folder.files.names()) {
        const key = foldName(name, rules);
        let group = groups.get(key);
        if (!group) {
          group = { a: [], b: [] };
          groups.set(key, group);
        }
        group[side].push([`${folder.relPath}/${name}`, position]);
        position += 1;
      }
    }
  };
  collect(a, 'a');
  collect(b, 'b');
  for (const key of [...groups.keys()].sort()) {
    const group = groups.get(key);
    if (!group) continue;
    const spellings = new Set([...group.a, ...group.b].map(([path]) => path));
    const kindOfA = { file: group.a.length > 0, folder: foldersOfA.has(key) };
    const kindOfB = { file: group.b.length > 0, folder: foldersOfB.has(key) };
    const hasFolders = kindOfA.folder || kindOfB.folder;
    const forced = isFileAgainstFolder(kindOfA, kindOfB)
      ? 'conflict'
      : spellings.size > 1 || hasFolders
        ? 'case-clash'
        : null;
    const restOfB = new Map(group.b);
    const restOfA: number[] = [];
    for (const [path, i] of group.a) {
      const j = restOfB.get(path);
      if (j === undefined) {
        restOfA.push(i);
        continue;
      }
      restOfB.delete(path);
      rows.add(i, j, forced);
    }
    const leftOfB = [...restOfB.values()];
    for (let k = 0; k < Math.max(restOfA.length, leftOfB.length); k += 1) {
      rows.add(restOfA[k] ?? noFile, leftOfB[k] ?? noFile, forced);
    }
  }
}

interface Kinds {
  readonly file: boolean;
  readonly folder: boolean;
}

function isFileAgainstFolder(a: Kinds, b: Kinds): boolean {
  return (a.file && !a.folder && b.folder && !b.file) || (b.file && !b.folder && a.folder && !a.file);
}

class RowList {
  /** Room for the most rows there can be: no file of one side meets one of the other. */
  private readonly rows: Int32Array;
  private readonly states: Uint8Array;
  private count = 0;
  private readonly totals = new Array<number>(stateCount * 2).fill(0);
  private readonly source: PairSource;

  constructor(source: PairSource) {
    this.source = source;
    const most = fileCount(source.a) + fileCount(source.b);
    this.rows = new Int32Array(most * 2);
    this.states = new Uint8Array(most);
  }

  add(i: number, j: number, forced: CompareState | null): void {
    const { a: sideA, b: sideB } = this.source;
    const [onlyA, onlyB] = [sideA[0], sideB[0]];
    if (i >= 0 && j >= 0 && forced === null && sideA.length === 1 && sideB.length === 1 && onlyA && onlyB) {
      // Nearly every row: a file on both sides, one folder each.
      this.push(i, j, stateCode[stateOfBoth(onlyA, i, onlyB, j)], onlyA.files.size(i));
      return;
    }
    const a = i >= 0 ? fileAt(sideA, i) : null;
    const b = j >= 0 ? fileAt(sideB, j) : null;
    const folderOnA = b !== null && a === null && this.isFolder(b, this.source.foldersOfA);
    const folderOnB = a !== null && b === null && this.isFolder(a, this.source.foldersOfB);
    const state = forced ?? (folderOnA || folderOnB ? 'conflict' : stateOf(a, b));
    const bytes = a ? a.folder.files.size(a.i) : b ? b.folder.files.size(b.i) : 0;
    this.push(folderOnA ? aFolder : i, folderOnB ? aFolder : j, stateCode[state], bytes);
  }

  private push(i: number, j: number, code: number, bytes: number): void {
    this.rows[this.count * 2] = i;
    this.rows[this.count * 2 + 1] = j;
    this.states[this.count] = code;
    this.count += 1;
    this.totals[code] = (this.totals[code] ?? 0) + 1;
    this.totals[stateCount + code] = (this.totals[stateCount + code] ?? 0) + bytes;
  }

  finish(): FolderPair {
    const { key, a, b } = this.source;
    return {
      key,
      relPath: a[0]?.relPath ?? b[0]?.relPath ?? '',
      a,
      b,
      rows: this.rows.slice(0, this.count * 2),
      states: this.states.slice(0, this.count),
      totals: this.totals,
    };
  }

  private isFolder(file: FilePosition, folders: ReadonlySet<string>): boolean {
    return folders.size > 0 && folders.has(foldName(file.folder.files.name(file.i), this.source.rules));
  }
}

function fileCount(folders: readonly IndexedFolder[]): number {
  let count = 0;
  for (const { files } of folders) count += files.count;
  return count;
}

export function fileAt(folders: readonly IndexedFolder[], position: number): FilePosition {
  let i = position;
  for (const folder of folders) {
    if (i < folder.files.count) return { folder, i };
    i -= folder.files.count;
  }
  throw new RangeError('row points outside its folders');
}

export function sideFile(pair: FolderPair, row: number, side: 'a' | 'b'): FilePosition | null {
  const position = pair.rows[row * 2 + (side === 'a' ? 0 : 1)] ?? -1;
  return position >= 0 ? fileAt(pair[side], position) : null;
}

/** The file that names the row: A's, or B's where A has none. */
export function shownFile(pair: FolderPair, row: number): FilePosition {
  const file = sideFile(pair, row, 'a') ?? sideFile(pair, row, 'b');
  if (!file) throw new RangeError('a row needs a file on one side');
  return file;
}

function stateOf(a: FilePosition | null, b: FilePosition | null): CompareState {
  if (!a) return 'only-b';
  if (!b) return 'only-a';
  return stateOfBoth(a.folder, a.i, b.folder, b.i);
}

/** The table of spec 1, for two files of one name. Only full hashes can say "same"; size alone can say "conflict". */
function stateOfBoth(x: IndexedFolder, i: number, y: IndexedFolder, j: number): CompareState {
  if (x.files.size(i) !== y.files.size(j)) return 'conflict';
  if (x.hashes && y.hashes && hashStateAt(x.hashes, i) === hashKnown && hashStateAt(y.hashes, j) === hashKnown) {
    return equalHashes(x.hashes, i, y.hashes, j) ? 'same-verified' : 'conflict';
  }
  return Math.abs(x.files.mtimeDifferenceNs(i, y.files, j)) <= sameTimeNs ? 'same-probable' : 'unverified';
}
