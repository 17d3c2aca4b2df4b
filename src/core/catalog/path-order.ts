import type { Pacer } from '../ports/clock.ts';
import type { PairNode } from './compare-view.ts';
import { displayOrder } from './display-order.ts';
import { type FolderPair, stateCount } from './folder-pair.ts';
import type { RowPosition, RowSelection } from './row-selection.ts';

/**
 * Rows in the order of their paths, counted folder by folder from totals that are known: no row is looked at before
 * the page that shows it.
 *
 * @param counts 1 for each state that counts; null: all.
 */
export async function inPathOrder(
  nodes: Iterable<PairNode>,
  counts: Uint8Array | null,
  descending: boolean,
  pacer: Pacer,
): Promise<RowSelection> {
  const pairs: FolderPair[] = [];
  /** Rows before each pair. */
  const starts: number[] = [];
  let total = 0;
  let totalBytes = 0;
  // All of one moment: while others are let in, a view may be brought up to date.
  for (const pair of Array.from(nodes, (node) => node.pair)) {
    const pause = pacer.breathe();
    if (pause) await pause;
    const { files, bytes } = sumOf(pair, counts);
    if (files === 0) continue;
    pairs.push(pair);
    starts.push(total);
    total += files;
    totalBytes += bytes;
  }
  const order = createRowLists(counts, pacer);

  /** Rows from..to in ascending order. */
  async function slice(from: number, to: number): Promise<RowPosition[]> {
    const found: RowPosition[] = [];
    for (let k = lastAtMost(starts, from); found.length < to - from && k < pairs.length; k += 1) {
      const pair = pairs[k];
      if (!pair) break;
      const start = starts[k] ?? 0;
      const rows = await order(pair);
      for (let at = Math.max(from - start, 0); at < rows.length && start + at < to; at += 1)
        found.push({ pair, row: rows[at] ?? 0 });
    }
    return found;
  }

  return {
    total,
    totalBytes,
    async page(offset, limit) {
      const end = Math.min(offset + limit, total);
      if (end <= offset) return [];
      return descending ? (await slice(total - end, total - offset)).reverse() : slice(offset, end);
    },
  };
}

function sumOf({ totals }: FolderPair, counts: Uint8Array | null): { files: number; bytes: number } {
  let files = 0;
  let bytes = 0;
  for (let code = 0; code < stateCount; code += 1) {
    if (counts !== null && counts[code] !== 1) continue;
    files += totals[code] ?? 0;
    bytes += totals[stateCount + code] ?? 0;
  }
  return { files, bytes };
}

/** The rows of a pair that count, as they are shown. Remembers the last one: pages of a large folder follow each other. */
function createRowLists(counts: Uint8Array | null, pacer: Pacer): (pair: FolderPair) => Promise<Uint32Array> {
  let latest: { readonly pair: FolderPair; readonly rows: Uint32Array } | null = null;
  return async (pair) => {
    if (latest?.pair === pair) return latest.rows;
    const order = await displayOrder(pair, pacer);
    const rows = new Uint32Array(pair.states.length);
    let kept = 0;
    for (let k = 0; k < rows.length; k += 1) {
      const row = order?.[k] ?? k;
      if (counts !== null && counts[pair.states[row] ?? 0] !== 1) continue;
      rows[kept] = row;
      kept += 1;
    }
    latest = { pair, rows: rows.subarray(0, kept) };
    return latest.rows;
  };
}

/** Position of the last number that is not greater; 0 when all are. */
function lastAtMost(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
