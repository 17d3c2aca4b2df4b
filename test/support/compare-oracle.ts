import { keyOf, type OracleRules } from './name-keys.ts';
import type { WalkedFile, WalkedTree } from './walk-tree.ts';

/**
 * The table of states in spec 1, over plain maps of path strings. It shares no code with the catalog on purpose: what
 * both get wrong they would have to get wrong twice.
 */
export interface OracleSide extends WalkedTree {
  /** relPaths of the files whose content is known. */
  readonly hashed: ReadonlySet<string>;
}

export interface OracleAnswer {
  /** State of each file of a side, by its relPath. */
  readonly a: ReadonlyMap<string, string>;
  readonly b: ReadonlyMap<string, string>;
  /** Keys of all folders of both sides. */
  readonly folderKeys: ReadonlySet<string>;
  /** Rows that belong to each key, however the names of a clash are put side by side. */
  readonly rowsOfKey: ReadonlyMap<string, number>;
}

interface Group {
  readonly filesA: string[];
  readonly filesB: string[];
  readonly foldersA: string[];
  readonly foldersB: string[];
}

const twoSeconds = 2_000_000_000n;

export function compareNaively(a: OracleSide, b: OracleSide, rules: OracleRules): OracleAnswer {
  const groups = new Map<string, Group>();
  const put = (path: string, list: keyof Group): void => {
    const key = keyOf(path, rules);
    if (!groups.has(key)) groups.set(key, { filesA: [], filesB: [], foldersA: [], foldersB: [] });
    groups.get(key)?.[list].push(path);
  };
  for (const path of a.files.keys()) put(path, 'filesA');
  for (const path of b.files.keys()) put(path, 'filesB');
  for (const path of a.folders) put(path, 'foldersA');
  for (const path of b.folders) put(path, 'foldersB');

  const stateA = new Map<string, string>();
  const stateB = new Map<string, string>();
  const rowsOfKey = new Map<string, number>();
  for (const [key, group] of groups) {
    const state = stateOfGroup(group, a, b);
    for (const path of group.filesA) stateA.set(path, state);
    for (const path of group.filesB) stateB.set(path, state);
    const both = group.filesA.filter((path) => group.filesB.includes(path)).length;
    const rows = both + Math.max(group.filesA.length - both, group.filesB.length - both);
    if (rows > 0) rowsOfKey.set(key, rows);
  }
  const folderKeys = new Set([...a.folders, ...b.folders].map((path) => keyOf(path, rules)));
  return { a: stateA, b: stateB, folderKeys, rowsOfKey };
}

/** All files of one key share a state: a clash is a clash for each of them. */
function stateOfGroup({ filesA, filesB, foldersA, foldersB }: Group, a: OracleSide, b: OracleSide): string {
  const fileAgainstFolder =
    (filesA.length > 0 && foldersA.length === 0 && filesB.length === 0 && foldersB.length > 0) ||
    (filesB.length > 0 && foldersB.length === 0 && filesA.length === 0 && foldersA.length > 0);
  if (fileAgainstFolder) return 'conflict';
  if (new Set([...filesA, ...filesB, ...foldersA, ...foldersB]).size > 1) return 'case-clash';
  const [path = ''] = [...filesA, ...filesB];
  const onA = a.files.get(path);
  const onB = b.files.get(path);
  if (!onB) return 'only-a';
  if (!onA) return 'only-b';
  return stateOfTwo(onA, onB, a.hashed.has(path) && b.hashed.has(path));
}

function stateOfTwo(onA: WalkedFile, onB: WalkedFile, bothHashed: boolean): string {
  if (onA.size !== onB.size) return 'conflict';
  if (bothHashed) return onA.content === onB.content ? 'same-verified' : 'conflict';
  const apart = onA.mtimeNs > onB.mtimeNs ? onA.mtimeNs - onB.mtimeNs : onB.mtimeNs - onA.mtimeNs;
  return apart <= twoSeconds ? 'same-probable' : 'unverified';
}

export interface OracleMoves {
  readonly pairs: number;
  readonly pairsOfOneName: number;
}

/**
 * How many lone files find a partner of the same content: as many as there can be, those of the same name first. Empty
 * files only move under their own name, since their content says nothing.
 */
export function countMovesNaively(answer: OracleAnswer, a: OracleSide, b: OracleSide): OracleMoves {
  const lone = (states: ReadonlyMap<string, string>, state: string, side: OracleSide): string[] =>
    [...states].flatMap(([path, at]) => (at === state && side.hashed.has(path) ? [path] : []));
  const ofA = lone(answer.a, 'only-a', a);
  const ofB = lone(answer.b, 'only-b', b);
  let pairs = 0;
  let pairsOfOneName = 0;
  for (const content of new Set(ofA.map((path) => a.files.get(path)?.content))) {
    const namesA = ofA.filter((path) => a.files.get(path)?.content === content).map(lastName);
    const namesB = ofB.filter((path) => b.files.get(path)?.content === content).map(lastName);
    let sameName = 0;
    for (const name of new Set(namesA)) sameName += Math.min(count(namesA, name), count(namesB, name));
    pairsOfOneName += sameName;
    pairs += content === '' ? sameName : Math.min(namesA.length, namesB.length);
  }
  return { pairs, pairsOfOneName };
}

export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function count(names: readonly string[], name: string): number {
  return names.filter((other) => other === name).length;
}
