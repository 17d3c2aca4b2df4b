import type { Pacer } from '../ports/clock.ts';
import type { CompareView } from './compare-view.ts';
import { type FolderPair, fileAt } from './folder-pair.ts';
import type { FilePosition } from './location-index.ts';
import { buildNameTable, groupOf, type NameTable } from './name-table.ts';
import { sortPositions } from './ordered-sort.ts';

/** All rows of a compare view in the order they are shown: folders in order, names without regard to case. */
export interface RowTable {
  readonly names: NameTable;
  readonly pairs: readonly FolderPair[];
  /** Row within its pair, by ordinal. */
  readonly rows: Uint32Array;
  /** State code, by ordinal. */
  readonly states: Uint8Array;
  /** Bytes of the A side, of B where A has none, by ordinal. */
  readonly sizes: Float64Array;
}

export interface RowPosition {
  readonly pair: FolderPair;
  readonly row: number;
}

const tables = new WeakMap<CompareView, { readonly version: number; readonly table: Promise<RowTable> }>();

/** The table of a view as it is now; made once per version. */
export function rowTableOf(view: CompareView, pacer: Pacer): Promise<RowTable> {
  const known = tables.get(view);
  if (known?.version === view.version) return known.table;
  const table = buildRowTable(view, pacer);
  tables.set(view, { version: view.version, table });
  return table;
}

async function buildRowTable(view: CompareView, pacer: Pacer): Promise<RowTable> {
  const pairs = view.inOrder().map(({ pair }) => pair);
  const count = pairs.reduce((sum, pair) => sum + pair.states.length, 0);
  const rows = new Uint32Array(count);
  const states = new Uint8Array(count);
  const sizes = new Float64Array(count);
  let at = 0;
  for (const pair of pairs) {
    const order = await displayOrder(pair, pacer);
    for (let k = 0; k < pair.states.length; k += 1) {
      const row = order?.[k] ?? k;
      rows[at] = row;
      states[at] = pair.states[row] ?? 0;
      const { folder, i } = shownFile(pair, row);
      sizes[at] = folder.files.size(i);
      at += 1;
    }
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  let start = 0;
  const groups = pairs.map((pair) => {
    const first = start;
    start += pair.states.length;
    return {
      relPath: pair.relPath,
      count: pair.states.length,
      nameSource(k: number) {
        const { folder, i } = shownFile(pair, rows[first + k] ?? 0);
        return { files: folder.files, i };
      },
    };
  });
  return { names: await buildNameTable(groups, pacer), pairs, rows, states, sizes };
}

const orders = new WeakMap<FolderPair, Uint32Array>();

/** Row of a pair that is shown in place k: by name as people read it; null: as they come. Kept as long as the pair. */
async function displayOrder(pair: FolderPair, pacer: Pacer): Promise<Uint32Array | null> {
  const known = orders.get(pair);
  if (known) return known;
  const keys = Array.from(pair.states, (_, row) => {
    const { folder, i } = shownFile(pair, row);
    return folder.files.searchNames()[i] ?? '';
  });
  if (keys.every((key, row) => row === 0 || (keys[row - 1] ?? '') <= key)) return null;
  // Rows come sorted by their exact names: equal keys keep that order.
  const compare = (x: number, y: number): number => {
    const p = keys[x] ?? '';
    const q = keys[y] ?? '';
    return p < q ? -1 : p > q ? 1 : x - y;
  };
  const order = await sortPositions(keys.length, compare, pacer);
  orders.set(pair, order);
  return order;
}

export function rowAt({ names, pairs, rows }: RowTable, ordinal: number): RowPosition {
  const pair = pairs[groupOf(names, ordinal)];
  if (!pair) throw new RangeError('ordinal outside the table');
  return { pair, row: rows[ordinal] ?? 0 };
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
