import type { z } from 'zod';
import type { Api } from '../../../contract/api.ts';
import type { CompareState, sortKeySchema } from '../../../contract/sync.ts';

export type SortKey = z.infer<typeof sortKeySchema>;

/** Which rows to show. */
export type Show =
  | { readonly kind: 'differences' }
  | { readonly kind: 'all' }
  | { readonly kind: 'moved' }
  | { readonly kind: 'states'; readonly states: readonly CompareState[] };

/** One list of rows: everything that decides which rows there are, and their order. */
export interface DiffView {
  readonly a: string;
  readonly b: string;
  readonly folder: string;
  readonly show: Show;
  readonly query: string;
  /** null: best match first while searching, else by path. */
  readonly sort: SortKey | null;
  readonly descending: boolean;
}

export const differenceStates: readonly CompareState[] = ['only-a', 'only-b', 'unverified', 'conflict', 'case-clash'];

type DiffInput = Parameters<Api['diff']>[0];

export function inputOf(view: DiffView): DiffInput {
  const { a, b, folder, query, descending } = view;
  const sort = view.sort ?? (query === '' ? 'path' : 'relevance');
  return { a, b, folder, query, sort, descending, ...filterOf(view.show) };
}

function filterOf(show: Show): Pick<DiffInput, 'states' | 'moved'> {
  switch (show.kind) {
    case 'differences':
      return { states: [...differenceStates] };
    case 'states':
      return { states: [...show.states] };
    case 'moved':
      return { moved: true };
    case 'all':
      return {};
  }
}

/** Two views with the same key show the same list. */
export function viewKey(view: DiffView): string {
  return JSON.stringify(inputOf(view));
}
