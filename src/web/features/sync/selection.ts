import type { CompareRow } from '../../../contract/sync.ts';

/** More rows than this are selected by the filter (select all), not by a range. */
export const longestRange = 10_000;

/**
 * The current row and the selected ones. Rows are known by relPath, so that a refresh of the list keeps them; `isAll`
 * means every row of the filter, seen or not.
 */
export interface Selection {
  readonly focus: number | null;
  readonly focusPath: string | null;
  /** Where a Shift range starts. */
  readonly anchor: number | null;
  readonly picked: ReadonlyMap<string, CompareRow>;
  readonly isAll: boolean;
}

export const noSelection: Selection = { focus: null, focusPath: null, anchor: null, picked: new Map(), isAll: false };

export type SelectionAction =
  | { readonly type: 'focus'; readonly index: number; readonly path: string | null; readonly keepsPicked?: boolean }
  | { readonly type: 'toggle'; readonly index: number; readonly row: CompareRow }
  | {
      readonly type: 'range';
      readonly index: number;
      readonly path: string | null;
      readonly rows: readonly CompareRow[];
    }
  | { readonly type: 'all' }
  | { readonly type: 'none' }
  | { readonly type: 'reset'; readonly toFirst: boolean }
  | { readonly type: 'shift'; readonly by: number };

function toggled(picked: ReadonlyMap<string, CompareRow>, row: CompareRow): ReadonlyMap<string, CompareRow> {
  const next = new Map(picked);
  if (!next.delete(row.relPath)) next.set(row.relPath, row);
  return next;
}

export function reduceSelection(state: Selection, action: SelectionAction): Selection {
  switch (action.type) {
    case 'focus': {
      const moved = { ...state, focus: action.index, focusPath: action.path, anchor: action.index };
      return action.keepsPicked ? moved : { ...moved, picked: noSelection.picked, isAll: false };
    }
    case 'toggle': {
      const picked = toggled(state.isAll ? noSelection.picked : state.picked, action.row);
      return { focus: action.index, focusPath: action.row.relPath, anchor: action.index, picked, isAll: false };
    }
    case 'range': {
      const picked = new Map(action.rows.map((row) => [row.relPath, row]));
      return { ...state, focus: action.index, focusPath: action.path, picked, isAll: false };
    }
    case 'all':
      return { ...state, picked: noSelection.picked, isAll: true };
    case 'none':
      return { ...state, picked: noSelection.picked, isAll: false };
    case 'reset':
      return action.toFirst ? { ...noSelection, focus: 0, anchor: 0 } : noSelection;
    case 'shift':
      return {
        ...state,
        focus: state.focus === null ? null : state.focus + action.by,
        anchor: state.anchor === null ? null : state.anchor + action.by,
      };
  }
}

export function isPicked(selection: Selection, relPath: string): boolean {
  return selection.isAll || selection.picked.has(relPath);
}

export function pickedCount(selection: Selection, total: number): number {
  return selection.isAll ? total : selection.picked.size;
}
