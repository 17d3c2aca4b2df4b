import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Location } from '../../../contract/locations.ts';
import { rowAt, useFirstPage } from './diff-rows.ts';
import type { DiffView } from './diff-view.ts';
import { useRowActions } from './row-actions.ts';
import type { RowGridHandle } from './row-grid.tsx';
import { pickedCount } from './selection.ts';
import type { SyncSearch } from './sync-search.ts';
import { useSelection } from './use-selection.ts';

interface RowListOptions {
  readonly view: DiffView;
  readonly isEnabled: boolean;
  /** It has the current row: of the address, of the details and of what one does next. */
  readonly isActive: boolean;
  readonly sides: { readonly a: Location; readonly b: Location };
  readonly search: SyncSearch;
  readonly onCurrent: (row: string | undefined, at: string | undefined) => void;
}

/** One list of rows on the page: what is in it, which rows are chosen, and what can be done with them. */
export function useRowList({ view: wanted, isEnabled, isActive, sides, search, onCurrent }: RowListOptions) {
  const client = useQueryClient();
  const grid = useRef<RowGridHandle>(null);
  const first = useFirstPage(wanted, isEnabled);
  const shown = first.data;
  const view = shown?.view ?? wanted;
  const total = shown?.total ?? 0;

  const picks = useSelection({
    view: shown?.view,
    isActive,
    search,
    isInRows: () => grid.current?.hasFocus() ?? false,
    onCurrent,
  });
  const { selection } = picks;
  const current = selection.focus === null ? undefined : rowAt(client, view, selection.focus);
  const actions = useRowActions({ view, total, sides, selection, current });

  const { focus, focusPath } = selection;
  useEffect(() => {
    if (focus !== null && focusPath === null && current) picks.name(focus, current.relPath);
  }, [focus, focusPath, current, picks.name]);

  return {
    view,
    total,
    totalBytes: shown?.totalBytes,
    /** undefined: nothing is known yet. */
    shown,
    error: first.error,
    retry: () => void first.refetch(),
    selection,
    picked: pickedCount(selection, total),
    picks,
    current,
    actions,
    grid,
    /** Gives the rows the keyboard; the first row becomes the current one when there is none. */
    enter: () => {
      grid.current?.focus();
      if (focus === null && total > 0) picks.move(0, rowAt(client, view, 0), 'replace');
    },
  };
}

export type RowList = ReturnType<typeof useRowList>;
