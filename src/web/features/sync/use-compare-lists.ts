import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import type { CompareSummary } from '../../../contract/sync.ts';
import type { Pair } from './choose-pair.ts';
import { cancelPage, pageQuery } from './diff-rows.ts';
import type { DiffView } from './diff-view.ts';
import type { Side } from './states.ts';
import { type SyncSearch, viewOf } from './sync-search.ts';
import type { CompareAddress } from './use-compare-address.ts';
import { type RowList, useRowList } from './use-row-list.ts';
import { useSearchText } from './use-search-text.ts';

interface CompareListsOptions {
  readonly pair: Pair;
  readonly search: SyncSearch;
  readonly address: CompareAddress;
  /** A list per side, instead of one with both. */
  readonly isPanes: boolean;
  readonly isReady: boolean;
}

export interface Found {
  readonly summary: CompareSummary;
  readonly moved: number;
}

/** One object for as long as nothing changed, however many searches are answered meanwhile. */
function useFound(list: RowList): Found | undefined {
  const { shown } = list;
  const about = shown && `${shown.version}\n${shown.a}\n${shown.b}\n${shown.view.folder}`;
  const known = useRef<{ about: string; found: Found } | null>(null);
  if (shown && about !== undefined && known.current?.about !== about) {
    known.current = { about, found: { summary: shown.summary, moved: shown.moved } };
  }
  return known.current?.found;
}

/** The list of both sides, or those of each side; one of them is the one that keys and actions are for. */
export function useCompareLists({ pair, search, address, isPanes, isReady }: CompareListsOptions) {
  const client = useQueryClient();
  const ids = useMemo(() => ({ a: pair.a.id, b: pair.b.id }), [pair.a.id, pair.b.id]);
  const [active, setActive] = useState<Side>(search.pane === 'b' ? 'b' : 'a');
  const asked = useRef<readonly DiffView[]>([]);

  const load = (query: string) => {
    const sides = isPanes ? (['a', 'b'] as const) : [null];
    for (const view of asked.current) cancelPage(client, view);
    asked.current = isReady ? sides.map((side) => viewOf(search, { pair: ids, side, query })) : [];
    return Promise.allSettled(asked.current.map((view) => client.fetchQuery(pageQuery(view, 0))));
  };
  const searchText = useSearchText({ inAddress: search.q ?? '', load, onSettled: address.setQuery });

  const { query } = searchText;
  const first = isPanes ? 'a' : null;
  const left = useRowList({
    view: useMemo(() => viewOf(search, { pair: ids, side: first, query }), [search, ids, first, query]),
    isEnabled: isReady,
    isActive: !isPanes || active === 'a',
    sides: pair,
    search,
    onCurrent: (row, at) => address.setRow('a', row, at),
  });
  const right = useRowList({
    view: useMemo(() => viewOf(search, { pair: ids, side: 'b', query }), [search, ids, query]),
    isEnabled: isReady && isPanes,
    isActive: isPanes && active === 'b',
    sides: pair,
    search,
    onCurrent: (row, at) => address.setRow('b', row, at),
  });
  const found = useFound(left);
  return {
    searchText,
    lists: { a: left, b: right },
    list: isPanes && active === 'b' ? right : left,
    found,
    active,
    setActive,
  };
}
