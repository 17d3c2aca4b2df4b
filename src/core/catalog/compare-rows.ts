import { foldName } from '../paths/name-folding.ts';
import type { Pacer } from '../ports/clock.ts';
import type { CompareView } from './compare-view.ts';
import { passesFilters } from './file-filters.ts';
import { type OrdinalTest, remembering } from './filter-memo.ts';
import { type FolderPair, sideFile, stateCode } from './folder-pair.ts';
import { rankLetter } from './letter-ranking.ts';
import { type FilePosition, isBelow, joinPath } from './location-index.ts';
import type { Moves } from './moves.ts';
import { matchNames, rankedPages } from './name-match.ts';
import { filterOrdinals } from './name-table.ts';
import { sortedPositions } from './ordered-sort.ts';
import { inPathOrder } from './path-order.ts';
import { createPlainTest, isPlainFilter } from './plain-filters.ts';
import type { RowPosition, RowSelection } from './row-selection.ts';
import { type RowTable, rowAt, rowTableOf } from './row-table.ts';
import type { SearchQuery } from './search-query.ts';

export type RowSort = 'path' | 'state' | 'size-a' | 'size-b' | 'mtime-a' | 'mtime-b' | 'relevance';

export interface RowRequest {
  readonly folder: string;
  /** State codes; null: all. */
  readonly states: ReadonlySet<number> | null;
  /** Only rows that are part of a move; null: never mind. */
  readonly onlyMoved: Moves | null;
  readonly query: SearchQuery;
  readonly sort: RowSort;
  readonly descending: boolean;
}

export async function selectRows(view: CompareView, request: RowRequest, pacer: Pacer): Promise<RowSelection> {
  const { query, sort, descending, onlyMoved } = request;
  const isPlain = query.terms.length === 0 && onlyMoved === null && query.filters.every(({ kind }) => kind === 'state');
  if (isPlain && (sort === 'path' || sort === 'relevance')) {
    return inPathOrder(
      view.below(request.folder),
      stateMask(request.states, query),
      sort === 'path' && descending,
      pacer,
    );
  }
  const table = await rowTableOf(view, pacer);
  const { pageOf, total, totalBytes } = await orderedOrdinals(view, table, request, pacer);
  return {
    total,
    totalBytes,
    page: async (offset, limit) => Array.from(pageOf(offset, limit), (ordinal) => rowAt(table, ordinal)),
  };
}

interface OrderedOrdinals {
  readonly pageOf: (offset: number, limit: number) => Uint32Array;
  readonly total: number;
  readonly totalBytes: number;
}

async function orderedOrdinals(
  view: CompareView,
  table: RowTable,
  request: RowRequest,
  pacer: Pacer,
): Promise<OrderedOrdinals> {
  const { sort, descending, query } = request;
  const tests = await rowTests(view, table, request, pacer);
  const [word, ...others] = query.terms;
  if (sort === 'relevance' && word !== undefined && others.length === 0 && tests.confirm === null) {
    const ranking = await rankLetter(table.names, word, { accept: tests.accept, sizes: table.sizes, pacer });
    if (ranking !== null) return ranking;
  }
  const matches = query.terms.length === 0 ? null : await matchNames(table.names, query.terms, { ...tests, pacer });
  const fitting = matches?.ordinals ?? (await fittingOrdinals(table, tests, pacer));
  // Added up in the order they lie in memory, not as they are shown.
  const sums = { total: fitting.length, totalBytes: sumBytes(table, fitting) };
  if (sort === 'relevance' && matches) return { ...sums, pageOf: rankedPages(matches) };
  const ordinals = sort === 'relevance' ? fitting : await sortOrdinals(table, fitting, { sort, descending }, pacer);
  return { ...sums, pageOf: (offset, limit) => ordinals.subarray(offset, offset + limit) };
}

/** Whether a row counts, apart from its words: what the table tells at once, and what needs a look at the files. */
interface RowTests {
  readonly accept: ((ordinal: number) => boolean) | null;
  readonly confirm: OrdinalTest | null;
}

async function rowTests(view: CompareView, table: RowTable, request: RowRequest, pacer: Pacer): Promise<RowTests> {
  const { onlyMoved, query } = request;
  const { start, end } = folderRange(view, table, request.folder);
  const isWhole = start === 0 && end === table.names.count;
  const mask = stateMask(request.states, query);
  const { states } = table;
  const accept =
    isWhole && mask === null
      ? null
      : (ordinal: number) => ordinal >= start && ordinal < end && (mask === null || mask[states[ordinal] ?? 0] === 1);
  if (onlyMoved === null && query.filters.every(({ kind }) => kind === 'state')) return { accept, confirm: null };
  const plain = query.filters.every(isPlainFilter) ? await createPlainTest(table, query.filters, pacer) : null;
  const passes = remembering(table.names, query.filters, (ordinal, group) => {
    const pair = table.pairs[group];
    if (!pair) return false;
    const row = table.rows[ordinal] ?? 0;
    const a = sideFile(pair, row, 'a');
    if (a !== null && passesFilters(view.a.location, a, query.filters)) return true;
    const b = sideFile(pair, row, 'b');
    return b !== null && passesFilters(view.b.location, b, query.filters);
  });
  const confirm: OrdinalTest =
    plain === null
      ? passes
      : (ordinal, group) => (areAlike(states[ordinal] ?? 0) ? plain(ordinal, group) : passes(ordinal, group));
  if (onlyMoved === null) return { accept, confirm };
  const isPartOfMove: OrdinalTest = (ordinal, group) => {
    const pair = table.pairs[group];
    return pair !== undefined && isMoved(onlyMoved, pair, table.rows[ordinal] ?? 0);
  };
  return { accept, confirm: (ordinal, group) => isPartOfMove(ordinal, group) && confirm(ordinal, group) };
}

/** Folders below one folder stand together, since they are in order. */
function folderRange(view: CompareView, { names, pairs }: RowTable, folder: string): { start: number; end: number } {
  if (folder === '') return { start: 0, end: names.count };
  const key = foldName(folder, view.nameRules());
  const first = pairs.findIndex((pair) => pair.key === key);
  if (first < 0) return { start: 0, end: 0 };
  let last = first;
  while (last + 1 < pairs.length && isBelow(key, pairs[last + 1]?.key ?? '')) last += 1;
  return { start: names.starts[first] ?? 0, end: names.starts[last + 1] ?? 0 };
}

/** 1 for each state that counts; null when all do. */
function stateMask(states: ReadonlySet<number> | null, { filters }: SearchQuery): Uint8Array | null {
  const sets = filters.flatMap((filter) =>
    filter.kind === 'state' ? [new Set(filter.states.map((state) => stateCode[state]))] : [],
  );
  if (states !== null) sets.push(new Set(states));
  if (sets.length === 0) return null;
  return Uint8Array.from({ length: 16 }, (_, code) => (sets.every((set) => set.has(code)) ? 1 : 0));
}

/** Files of one size and one name; of a clash not even the names are. */
function areAlike(state: number): boolean {
  return state !== stateCode.conflict && state !== stateCode['case-clash'];
}

function isMoved(moves: Moves, pair: FolderPair, row: number): boolean {
  const a = sideFile(pair, row, 'a');
  const b = sideFile(pair, row, 'b');
  if (a !== null && b === null) return moves.fromA.has(relPathOf(a));
  return a === null && b !== null && moves.fromB.has(relPathOf(b));
}

export function relPathOf({ folder, i }: FilePosition): string {
  return joinPath(folder.relPath, folder.files.name(i));
}

async function fittingOrdinals({ names }: RowTable, { accept, confirm }: RowTests, pacer: Pacer): Promise<Uint32Array> {
  return filterOrdinals(
    names,
    (ordinal, group) => (accept === null || accept(ordinal)) && (confirm === null || confirm(ordinal, group)),
    pacer,
  );
}

async function sortOrdinals(
  table: RowTable,
  ordinals: Uint32Array,
  { sort, descending }: { sort: Exclude<RowSort, 'relevance'>; descending: boolean },
  pacer: Pacer,
): Promise<Uint32Array> {
  if (sort === 'path') return descending ? ordinals.slice().reverse() : ordinals;
  const keys = new Float64Array(ordinals.length);
  for (let k = 0; k < keys.length; k += 1) {
    const ordinal = ordinals[k] ?? 0;
    keys[k] = sort === 'state' ? (table.states[ordinal] ?? 0) : keyOf(rowAt(table, ordinal), sort);
    if ((k & 1_023) === 0) {
      const pause = pacer.breathe();
      if (pause) await pause;
    }
  }
  const positions = await sortedPositions(keys, descending, pacer);
  return positions.map((position) => ordinals[position] ?? 0);
}

function keyOf({ pair, row }: RowPosition, sort: 'size-a' | 'size-b' | 'mtime-a' | 'mtime-b'): number {
  const file = sideFile(pair, row, sort.endsWith('a') ? 'a' : 'b');
  if (file === null) return Number.NaN;
  return sort.startsWith('size') ? file.folder.files.size(file.i) : file.folder.files.mtimeMs(file.i);
}

/** Bytes of the A side, of B where A has none. */
function sumBytes({ sizes }: RowTable, ordinals: Uint32Array): number {
  let sum = 0;
  for (let k = 0; k < ordinals.length; k += 1) sum += sizes[ordinals[k] ?? 0] ?? 0;
  return sum;
}
