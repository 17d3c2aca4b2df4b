import { useEffect, useRef } from 'react';
import type { CompareRow } from '../../../contract/sync.ts';
import type { Selection } from './selection.ts';
import type { RowWindow } from './use-row-window.ts';

/** How far away a row is looked for. */
const reach = 400;

type RowAt = (index: number) => CompareRow | undefined;

interface Place {
  readonly index: number;
  readonly relPath: string;
}

/** By how much a row has moved; 0: it is where it was, or not in reach. */
export function shiftOf(place: Place, rowAt: RowAt): number {
  const found = rowAt(place.index);
  if (!found || found.relPath === place.relPath) return 0;
  for (let distance = 1; distance <= reach; distance += 1) {
    if (rowAt(place.index + distance)?.relPath === place.relPath) return distance;
    if (rowAt(place.index - distance)?.relPath === place.relPath) return -distance;
  }
  return 0;
}

interface KeepPlaceOptions {
  readonly viewKey: string;
  readonly rows: RowWindow;
  readonly selection: Selection;
  readonly rowAt: RowAt;
  readonly onShifted: (by: number) => void;
}

/** When rows appear or go above, the ones in sight stay in sight and the current row stays current. */
export function useKeepPlace({ viewKey, rows, selection, rowAt, onShifted }: KeepPlaceOptions): void {
  const { topRow, scrollByRows } = rows;
  const { focus, focusPath } = selection;
  const seen = useRef<{ viewKey: string; top: Place } | null>(null);

  const focusShift = focus === null || focusPath === null ? 0 : shiftOf({ index: focus, relPath: focusPath }, rowAt);
  useEffect(() => {
    if (focusShift !== 0) onShifted(focusShift);
  }, [focusShift, onShifted]);

  useEffect(() => {
    const before = seen.current;
    const index = topRow();
    // At the very top, new first rows are meant to be seen.
    if (before && before.viewKey === viewKey && index > 0 && before.top.index === index) {
      const shift = shiftOf(before.top, rowAt);
      if (shift !== 0) scrollByRows(shift);
    }
    const now = topRow();
    const relPath = rowAt(now)?.relPath;
    if (relPath !== undefined) seen.current = { viewKey, top: { index: now, relPath } };
  });
}
