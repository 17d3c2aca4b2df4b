import type { Pacer } from '../ports/clock.ts';

const runLength = 4_096;

/**
 * Positions of `keys` in ascending or descending order of key, equal keys in their given order, NaN last either way.
 * A merge sort in slices, so that sorting 200,000 rows never holds the event loop.
 */
export async function sortedPositions(keys: Float64Array, descending: boolean, pacer: Pacer): Promise<Uint32Array> {
  const before = (x: number, y: number): number => {
    const p = keys[x] ?? Number.NaN;
    const q = keys[y] ?? Number.NaN;
    if (p === q) return x - y;
    if (Number.isNaN(p)) return Number.isNaN(q) ? x - y : 1;
    if (Number.isNaN(q)) return -1;
    return p < q === descending ? 1 : -1;
  };
  let from = new Uint32Array(keys.length);
  for (let i = 0; i < from.length; i += 1) from[i] = i;
  for (let start = 0; start < from.length; start += runLength) {
    from.subarray(start, start + runLength).sort(before);
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  let to = new Uint32Array(keys.length);
  for (let width = runLength; width < from.length; width *= 2) {
    for (let start = 0; start < from.length; start += width * 2) {
      const middle = Math.min(start + width, from.length);
      const end = Math.min(start + width * 2, from.length);
      let i = start;
      let j = middle;
      for (let k = start; k < end; k += 1) {
        const takeLeft = j >= end || (i < middle && before(from[i] ?? 0, from[j] ?? 0) <= 0);
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
