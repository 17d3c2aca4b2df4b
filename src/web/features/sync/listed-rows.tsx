import type { CompareRow } from '../../../contract/sync.ts';
import type { SortKey } from '../../../contract/sync-words.ts';
import { useHandlers } from '../../ui/use-handlers.ts';
import { type PickMode, RowGrid } from './row-grid.tsx';
import type { Side, SideNames } from './states.ts';
import type { RowList } from './use-row-list.ts';

/** Rows drawn as skeletons while nothing is known yet. */
const skeletons = 24;

export interface ListedRowsProps {
  readonly list: RowList;
  readonly names: SideNames;
  readonly isDimmed: { readonly a: boolean; readonly b: boolean };
  readonly onPick: (side: Side | null, index: number, row: CompareRow | undefined, mode: PickMode) => void;
  readonly onPress: () => void;
  readonly onOpen: () => void;
  readonly onBack: () => void;
  readonly onSort: (side: Side | null, sort: SortKey | null, descending: boolean) => void;
  readonly onTurn: (to: Side) => void;
}

/** The rows of one list, with what keys and pointer do in them. */
export function ListedRows({ list, names, isDimmed, onPick, onSort, ...rest }: ListedRowsProps) {
  const { side } = list.view;
  const handlers = useHandlers({
    onMove: (index: number, row: CompareRow | undefined, mode: PickMode) => onPick(side, index, row, mode),
    onSort: (sort: SortKey | null, descending: boolean) => onSort(side, sort, descending),
    onSelectAll: list.picks.selectAll,
  });
  return (
    <RowGrid
      view={list.view}
      total={list.shown ? list.total : skeletons}
      names={names}
      selection={list.selection}
      isDimmed={isDimmed}
      handle={list.grid}
      onShifted={list.picks.shift}
      {...handlers}
      {...rest}
    />
  );
}
