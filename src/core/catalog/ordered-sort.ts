import type { Pacer } from '../ports/clock.ts';

const runLength = 4_096;

/**
 * Positions of `keys` in ascending or descending order of key, equal keys in their given order, NaN last either way.
 */
export function sortedPositions(keys: Float64Array, descending: boolean, pacer: Pacer): Promise<Uint32Array> {
  const compare = (x: number, y: number): number => {
    const p = keys[x] ?? Number.NaN;
    const q = keys[y] ?? Number.NaN;
    if (p === q) return x - y;
    if (Number.isNaN(p)) return Number.isNaN(q) ? x - y : 1;
    if (Number.isNaN(q)) return -1;
    return p < q === descending ? 1 : -1;
  };
  return sortPositions(keys.length, compare, pacer);
}

/**
 * Positions 0 … count - 1 in the order of `compare`, which must never find two of them equal. A merge sort in slices,
 * so that sorting 200,000 rows never holds the event loop.
 */
export async function sortPositions(
  count: number,
  compare: (x: number, y: number) => number,
  pacer: Pacer,
): Promise<Uint32Array> {
  let from = new Uint32Array(count);
  for (let i = 0; i < from.length; i += 1) from[i] = i;
  for (let start = 0; start < from.length; start += runLength) {
    from.subarray(start, start + runLength).sort(compare);
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  let to = new Uint32Array(count);
  for (let width = runLength; width < from.length; width *= 2) {
    for (let start = 0; start < from.length; start += width * 2) {
      const middle = Math.min(start + width, from.length);
      const end = Math.min(start + width * 2, from.length);
      let i = start;
      let j = middle;
      for (let k = start; k < end; k += 1) {
        const takeLeft = j >= end || (i < middle && compare(from[i] ?? 0, from[j] ?? 0) <= 0);
        to[k] = takeLeft ? (from[i++] ?? 0) : (from[j++] ?? 0);
        if ((k & 8_191) === 0) {
          const pause = pacer.breathe();
          if (pause) await pause;
        }
      }
    }
    [from, to] = [to, from];
  }
  return from;
}
