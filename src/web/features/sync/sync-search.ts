import { type CompareState, compareStates, type SortKey, sortKeys } from '../../../contract/sync-words.ts';
import type { RowLayout } from '../../ui/preferences.ts';
import type { DiffView, Show } from './diff-view.ts';
import type { Side } from './states.ts';

/** What the address holds, so that back, reload and sharing work. */
export interface SyncSearch {
  readonly a?: string;
  readonly b?: string;
  readonly folder?: string;
  /** `all`, `moved` or states with commas; left out for the differences. */
  readonly show?: string;
  readonly q?: string;
  /** Sort key, with `-` before it when descending. */
  readonly sort?: string;
  /** The same for the list of the right side, when each side has its own. */
  readonly sortB?: string;
  /** Left out: as this viewer had it last. */
  readonly layout?: string;
  /** `b`: the current row is in the list of the right side. */
  readonly pane?: string;
  /** relPath of the current row, and where it was. */
  readonly row?: string;
  readonly at?: string;
}

/** Changes the address; `replace` leaves no step for the back button. */
export type SearchChange = (next: (search: SyncSearch) => SyncSearch, options: { readonly replace: boolean }) => void;

const names = ['a', 'b', 'folder', 'show', 'q', 'sort', 'sortB', 'layout', 'pane', 'row', 'at'] as const;

export function parseSyncSearch(search: Record<string, unknown>): SyncSearch {
  const known = names.flatMap((name) => {
    const value = search[name];
    return typeof value === 'string' && value !== '' ? [[name, value] as const] : [];
  });
  return Object.fromEntries(known);
}

/** One object each, so that memoised parts of the page are not drawn again for every view. */
const plainShows = { differences: { kind: 'differences' }, all: { kind: 'all' }, moved: { kind: 'moved' } } as const;

function parseShow(text: string | undefined): Show {
  if (text === undefined) return plainShows.differences;
  if (text === 'all' || text === 'moved') return plainShows[text];
  const states = text.split(',').filter((state): state is CompareState => compareStates.some((one) => one === state));
  return states.length === 0 ? plainShows.differences : { kind: 'states', states };
}

export function writeShow(show: Show): string | undefined {
  if (show.kind === 'differences') return undefined;
  return show.kind === 'states' ? show.states.join(',') : show.kind;
}

function parseSort(text: string | undefined): { sort: SortKey | null; descending: boolean } {
  const descending = text?.startsWith('-') ?? false;
  const sort = sortKeys.find((key) => key === (descending ? text?.slice(1) : text));
  return sort ? { sort, descending } : { sort: null, descending: false };
}

export function writeSort(sort: SortKey | null, descending: boolean): string | undefined {
  return sort === null ? undefined : `${descending ? '-' : ''}${sort}`;
}

const layouts: readonly RowLayout[] = ['aligned', 'panes'];

export function layoutOf(search: SyncSearch, remembered: RowLayout): RowLayout {
  return layouts.find((layout) => layout === search.layout) ?? remembered;
}

interface ViewOptions {
  readonly pair: { readonly a: string; readonly b: string };
  readonly side: Side | null;
  /** Given apart: the search box is ahead of the address while one types. */
  readonly query: string;
}

/** A list of one side is never in an order of the other. */
function sortFor(search: SyncSearch, side: Side | null): ReturnType<typeof parseSort> {
  const parsed = parseSort(side === 'b' ? search.sortB : search.sort);
  const isOfOther = side !== null && parsed.sort?.endsWith(side === 'a' ? '-b' : '-a');
  return isOfOther ? parseSort(undefined) : parsed;
}

export function viewOf(search: SyncSearch, { pair, side, query }: ViewOptions): DiffView {
  return {
    a: pair.a,
    b: pair.b,
    side,
    ...sortFor(search, side),
    folder: search.folder ?? '',
    show: parseShow(search.show),
    query: query.trim(),
  };
}

/** Changes some names of the address; `undefined` takes one out. */
export function changeSearch(
  search: SyncSearch,
  changes: { readonly [K in keyof SyncSearch]?: string | undefined },
): SyncSearch {
  return parseSyncSearch({ ...search, ...changes });
}
