import type { MouseEvent } from 'react';
import { useRowHeight } from '../../ui/preferences.ts';
import { useMedia } from '../../ui/use-media.ts';

/** As in sync.css: on a phone a row has two lines, and there is no head. */
const sizes = { headHeight: 28, narrowRowHeight: 48 } as const;

export function useGridSizes(): { rowHeight: number; headHeight: number } {
  const chosen = useRowHeight();
  const isNarrow = useMedia('(max-width: 760px)');
  if (isNarrow) return { rowHeight: sizes.narrowRowHeight, headHeight: 0 };
  return { rowHeight: chosen, headHeight: sizes.headHeight };
}

/** The menu key asks for a menu of the list as a whole; it opens at the current row instead. */
export function openMenuAt(event: MouseEvent, rowId: string | null): void {
  event.preventDefault();
  event.stopPropagation();
  const row = rowId === null ? null : document.getElementById(rowId);
  if (!row) return;
  const { left, bottom } = row.getBoundingClientRect();
  row.dispatchEvent(
    new window.MouseEvent('contextmenu', {
      bubbles: true,
      cancelable: true,
      button: 2,
      clientX: left + 24,
      clientY: bottom,
    }),
  );
}
