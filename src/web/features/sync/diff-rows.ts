import {
  hashKey,
  keepPreviousData,
  type QueryClient,
  queryOptions,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { CompareRow } from '../../../contract/sync.ts';
import { api } from '../../api/client.ts';
import { keys } from '../../api/queries.ts';
import { useSettled } from '../../ui/use-settled.ts';
import { type DiffView, inputOf } from './diff-view.ts';

/** Small enough that a key stroke waits for little, large enough that a screen needs two at most. */
export const pageSize = 60;
/** Rows before and after those in sight that are loaded too. */
const lookAhead = 24;

/**
 * One page of rows. An answer is kept under the question it answers, and a question nobody waits for any more is
 * aborted: a later answer is never overwritten by an earlier one.
 */
export function pageQuery(view: DiffView, page: number) {
  return queryOptions({
    queryKey: [...keys.diff, 'rows', view, page],
    queryFn: async ({ signal }) => {
      const answer = await api.diff({ ...inputOf(view), offset: page * pageSize, limit: pageSize }, { signal });
      return { ...answer, view };
    },
    gcTime: 60_000,
  });
}

/** Nobody waits for the first page of a view any more. Finds it by its key; `cancelQueries` looks at all there are. */
export function cancelPage(client: QueryClient, view: DiffView): void {
  const query = client.getQueryCache().get(hashKey(pageQuery(view, 0).queryKey));
  void query?.cancel({ revert: true });
}

export function useFirstPage(view: DiffView, isEnabled: boolean) {
  return useQuery({ ...pageQuery(view, 0), enabled: isEnabled, placeholderData: keepPreviousData });
}

/** The row at a position, when its page is known. */
export function rowAt(client: QueryClient, view: DiffView, index: number): CompareRow | undefined {
  const page = Math.floor(index / pageSize);
  return client.getQueryData(pageQuery(view, page).queryKey)?.rows[index % pageSize];
}

interface RowsInSight {
  readonly view: DiffView;
  readonly total: number;
  readonly first: number;
  readonly last: number;
}

/** Loads the pages that the rows in sight need; returns the way to read a row. */
export function useRows({ view, total, first, last }: RowsInSight): (index: number) => CompareRow | undefined {
  const client = useQueryClient();
  const lastPage = Math.floor(Math.max(0, total - 1) / pageSize);
  const firstPage = Math.floor(Math.max(0, first - lookAhead) / pageSize);
  const wanted = `${firstPage}-${Math.min(lastPage, Math.floor((last + lookAhead) / pageSize))}`;
  const [from = 0, to = 0] = useSettled(wanted).split('-').map(Number);
  const pages = Array.from({ length: to - from + 1 }, (_, offset) => from + offset);
  useQueries({ queries: pages.map((page) => pageQuery(view, page)) });
  return pagesReader(client, view);
}

/** Reads rows by position; each page is looked up once, not once per row. */
function pagesReader(client: QueryClient, view: DiffView): (index: number) => CompareRow | undefined {
  const known = new Map<number, readonly CompareRow[] | undefined>();
  return (index) => {
    const page = Math.floor(index / pageSize);
    if (!known.has(page)) known.set(page, client.getQueryData(pageQuery(view, page).queryKey)?.rows);
    return known.get(page)?.[index % pageSize];
  };
}

/** All rows between two positions, both included; loads what is missing. */
export async function loadRange(client: QueryClient, view: DiffView, from: number, to: number): Promise<CompareRow[]> {
  const rows: CompareRow[] = [];
  for (let page = Math.floor(from / pageSize); page * pageSize <= to; page += 1) {
    const answer = await client.ensureQueryData(pageQuery(view, page));
    rows.push(...answer.rows.slice(Math.max(0, from - page * pageSize), to - page * pageSize + 1));
  }
  return rows;
}
