import { compareStates } from '../../src/contract/sync-words.ts';
import type { CompareView } from '../../src/core/catalog/compare-view.ts';
import { aFolder, type FolderPair, fileAt } from '../../src/core/catalog/folder-pair.ts';
import { keyOf, type OracleRules } from './name-keys.ts';

/** One row of a compare view, spelled out. */
export interface ViewRow {
  /** relPath of the file, `folder`, or null. */
  readonly a: string | null;
  readonly b: string | null;
  readonly state: string;
  /** The relPath that names the row. */
  readonly shown: string;
  readonly bytes: number;
}

export function rowsOf(view: CompareView): ViewRow[] {
  return view.inOrder().flatMap(({ pair }) => Array.from(pair.states, (_, row) => rowOf(pair, row)));
}

export function rowOf(pair: FolderPair, row: number): ViewRow {
  const read = (side: 'a' | 'b'): { path: string; size: number } | 'folder' | null => {
    const position = pair.rows[row * 2 + (side === 'a' ? 0 : 1)] ?? -1;
    if (position < 0) return position === aFolder ? 'folder' : null;
    const { folder, i } = fileAt(pair[side], position);
    return {
      path: folder.relPath === '' ? folder.files.name(i) : `${folder.relPath}/${folder.files.name(i)}`,
      size: folder.files.size(i),
    };
  };
  const a = read('a');
  const b = read('b');
  const shown = a !== null && a !== 'folder' ? a : b;
  if (shown === null || shown === 'folder') throw new RangeError('a row without a file');
  const pathOf = (side: typeof a): string | null => (side === null || side === 'folder' ? side : side.path);
  return {
    a: pathOf(a),
    b: pathOf(b),
    state: compareStates[pair.states[row] ?? 0] ?? '?',
    shown: shown.path,
    bytes: shown.size,
  };
}

export type Counts = Readonly<Record<string, readonly [files: number, bytes: number]>>;

/** Roll-up of every folder, by its path. */
export function foldersOf(view: CompareView): Map<string, Counts> {
  return new Map(
    view.inOrder().map(({ pair, subtree }) => [
      pair.relPath,
      Object.fromEntries(
        compareStates.flatMap((state, code) => {
          const files = subtree[code] ?? 0;
          return files > 0 ? [[state, [files, subtree[compareStates.length + code] ?? 0] as const]] : [];
        }),
      ),
    ]),
  );
}

/** The same from the rows, for the folder and what is below it. */
export function sumRows(rows: readonly ViewRow[], folder: string, rules: OracleRules): Counts {
  const counts: Record<string, [number, number]> = {};
  for (const { shown, state, bytes } of rows) {
    if (folder !== '' && !keyOf(shown, rules).startsWith(`${keyOf(folder, rules)}/`)) continue;
    const [files, sum] = counts[state] ?? [0, 0];
    counts[state] = [files + 1, sum + bytes];
  }
  return counts;
}
