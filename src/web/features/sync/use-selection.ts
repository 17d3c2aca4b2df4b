import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useReducer, useRef } from 'react';
import type { CompareRow } from '../../../contract/sync.ts';
import { toApiError } from '../../api/api-error.ts';
import { noticeFailure } from '../../ui/notices.ts';
import { loadRange } from './diff-rows.ts';
import { type DiffView, viewKey } from './diff-view.ts';
import type { PickMode } from './row-grid.tsx';
import { longestRange, noSelection, reduceSelection, type Selection } from './selection.ts';
import type { SyncSearch } from './sync-search.ts';

const writeAfterMs = 250;

function fromAddress({ search, isActive }: Pick<SelectionOptions, 'search' | 'isActive'>): Selection {
  const { row, at } = search;
  const index = at === undefined ? Number.NaN : Number(at);
  if (!isActive || row === undefined || !Number.isInteger(index) || index < 0) return noSelection;
  return { ...noSelection, focus: index, anchor: index, focusPath: row };
}

interface SelectionOptions {
  /** The list on screen. */
  readonly view: DiffView | undefined;
  /** Its current row is the one of the address. */
  readonly isActive: boolean;
  readonly search: SyncSearch;
  /** Whether the keys go to the rows: then a new list starts at its first one. */
  readonly isInRows: () => boolean;
  readonly onCurrent: (row: string | undefined, at: string | undefined) => void;
}

/** Current and selected rows; the current one is kept in the address. A new list starts anew. */
export function useSelection({ view, isActive, search, isInRows, onCurrent }: SelectionOptions) {
  const client = useQueryClient();
  const [selection, dispatch] = useReducer(reduceSelection, { search, isActive }, fromAddress);
  const rangeNumber = useRef(0);

  const latest = useRef({ isInRows, onCurrent, search, selection });
  latest.current = { isInRows, onCurrent, search, selection };

  const key = view && viewKey(view);
  const shownKey = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (shownKey.current !== undefined && shownKey.current !== key) {
      const toFirst = latest.current.isInRows();
      // Of a reducer React only knows after drawing once more that nothing changed: a second time for each key typed.
      if (toFirst || latest.current.selection !== noSelection) dispatch({ type: 'reset', toFirst });
    }
    shownKey.current = key;
  }, [key]);

  const { focus, focusPath } = selection;
  useEffect(() => {
    if (!isActive) return;
    const [row, at] = focus === null || focusPath === null ? [undefined, undefined] : [focusPath, String(focus)];
    const timer = window.setTimeout(() => {
      const known = latest.current.search;
      if (row !== known.row || at !== known.at) latest.current.onCurrent(row, at);
    }, writeAfterMs);
    return () => window.clearTimeout(timer);
  }, [isActive, focus, focusPath]);

  const extend = async (index: number, path: string | null) => {
    if (!view) return;
    const start = selection.anchor ?? index;
    const [from, to] = [Math.min(start, index), Math.max(start, index)];
    rangeNumber.current += 1;
    const number = rangeNumber.current;
    if (to - from >= longestRange) {
      noticeFailure({
        message: `A range holds ${longestRange.toLocaleString()} rows at most.`,
        hint: 'Narrow the filter and select all of it instead (Ctrl+A).',
      });
      return;
    }
    const rows = await loadRange(client, view, from, to);
    if (number === rangeNumber.current) dispatch({ type: 'range', index, path, rows });
  };

  const move = (index: number, row: CompareRow | undefined, mode: PickMode) => {
    const path = row?.relPath ?? null;
    if (mode === 'extend') extend(index, path).catch((thrown: unknown) => noticeFailure(toApiError(thrown)));
    else if (mode === 'toggle' && row) dispatch({ type: 'toggle', index, row });
    else dispatch({ type: 'focus', index, path, keepsPicked: mode === 'keep' });
  };

  /** The current row became known, after its page arrived. */
  const name = useCallback(
    (index: number, path: string) => dispatch({ type: 'focus', index, path, keepsPicked: true }),
    [],
  );
  const shift = useCallback((by: number) => dispatch({ type: 'shift', by }), []);
  return {
    selection,
    move,
    name,
    shift,
    selectAll: () => dispatch({ type: 'all' }),
    selectNone: () => dispatch({ type: 'none' }),
  };
}
