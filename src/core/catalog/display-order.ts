import type { Pacer } from '../ports/clock.ts';
import { type FolderPair, shownFile } from './folder-pair.ts';
import { sortPositions } from './ordered-sort.ts';

const orders = new WeakMap<FolderPair, Uint32Array>();

/** Row of a pair that is shown in place k: by name as people read it; null: as they come. Kept as long as the pair. */
export async function displayOrder(pair: FolderPair, pacer: Pacer): Promise<Uint32Array | null> {
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
