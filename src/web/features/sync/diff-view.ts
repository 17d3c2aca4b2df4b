import type { Api } from '../../../contract/api.ts';
import { type CompareState, compareStates, type SortKey } from '../../../contract/sync-words.ts';
import type { Side } from './states.ts';

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
  /** Only what this side has; null: the rows of both. */
  readonly side: Side | null;
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
  return { a, b, folder, query, sort, descending, ...filterOf(view) };
}

function statesOf(show: Show): readonly CompareState[] | null {
  if (show.kind === 'differences') return differenceStates;
  return show.kind === 'states' ? show.states : null;
}

/** Which rows of both sides are in a view, before its folder and search. */
export function filterOf({ show, side }: DiffView): { states?: CompareState[]; moved?: boolean } {
  const moved = show.kind === 'moved' ? { moved: true } : {};
  const states = statesOf(show);
  if (side === null) return states === null ? moved : { states: [...states], ...moved };
  const missingHere = side === 'a' ? 'only-b' : 'only-a';
  return { states: (states ?? compareStates).filter((state) => state !== missingHere), ...moved };
}

/** Two views with the same key show the same list. */
export function viewKey(view: DiffView): string {
  return JSON.stringify(inputOf(view));
}
