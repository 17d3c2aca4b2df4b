import type { Pacer } from '../ports/clock.ts';
import type { CompareView } from './compare-view.ts';
import { displayOrder } from './display-order.ts';
import { type FolderPair, shownFile } from './folder-pair.ts';
import { buildNameTable, groupOf, type NameTable } from './name-table.ts';
import type { RowPosition } from './row-selection.ts';

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

export function rowAt({ names, pairs, rows }: RowTable, ordinal: number): RowPosition {
  const pair = pairs[groupOf(names, ordinal)];
  if (!pair) throw new RangeError('ordinal outside the table');
  return { pair, row: rows[ordinal] ?? 0 };
}
