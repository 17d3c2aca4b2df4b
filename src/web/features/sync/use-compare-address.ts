import type { SortKey } from '../../../contract/sync-words.ts';
import { type RowLayout, setPreference } from '../../ui/preferences.ts';
import { useHandlers } from '../../ui/use-handlers.ts';
import type { Show } from './diff-view.ts';
import type { Side } from './states.ts';
import { changeSearch, type SearchChange, writeShow, writeSort } from './sync-search.ts';

const noRow = { row: undefined, at: undefined } as const;

/** Changes of the address, by name. */
export function useCompareAddress(onSearchChange: SearchChange) {
  const change = (changes: Parameters<typeof changeSearch>[1], replace = false) =>
    onSearchChange((search) => changeSearch(search, changes), { replace });
  return useHandlers({
    setFolder: (folder: string) => change({ folder, ...noRow }),
    setShow: (show: Show) => change({ show: writeShow(show), ...noRow }),
    setSort: (side: Side | null, sort: SortKey | null, descending: boolean) =>
      change({ [side === 'b' ? 'sortB' : 'sort']: writeSort(sort, descending), ...noRow }),
    setQuery: (q: string) => change({ q, ...noRow }, true),
    setPair: (side: Side, id: string) => change({ [side]: id, ...noRow }),
    setRow: (side: Side, row: string | undefined, at: string | undefined) =>
      change({ row, at, pane: row !== undefined && side === 'b' ? 'b' : undefined }, true),
    setLayout: (layout: RowLayout) => {
      setPreference('rowLayout', layout);
      change({ layout, pane: undefined, ...noRow });
    },
  });
}

export type CompareAddress = ReturnType<typeof useCompareAddress>;
