import type { Pacer } from '../ports/clock.ts';
import type { CompareView, PairNode } from './compare-view.ts';
import { passesFilters } from './file-filters.ts';
import { fileAt, type FolderPair, stateCode } from './folder-pair.ts';
import { type FilePosition, joinPath } from './location-index.ts';
import type { Moves } from './moves.ts';
import { NameMatcher, noMatch } from './name-matcher.ts';
import { sortedPositions } from './ordered-sort.ts';
import type { SearchQuery } from './search-query.ts';
import { normalise } from './search-text.ts';

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

export interface RowPosition {
  readonly pair: FolderPair;
  readonly row: number;
}

/** Rows that fit a request, in order; pages are cut out of it without going through the library again. */
export interface RowSelection {
  readonly total: number;
  readonly totalBytes: number;
  page(offset: number, limit: number): readonly RowPosition[];
}

/** The rows of one folder that fit, in the order of the pair until they are shown. */
interface Slice {
  readonly pair: FolderPair;
  readonly start: number;
  readonly count: number;
  rows: Uint32Array | null;
  isSorted: boolean;
}

export async function selectRows(view: CompareView, request: RowRequest, pacer: Pacer): Promise<RowSelection> {
  const exact = await collect(view, request, false, pacer);
  if (exact.total > 0 || request.query.terms.length === 0) return order(exact, request, pacer);
  return order(await collect(view, request, true, pacer), request, pacer);
}

interface Collected {
  readonly slices: Slice[];
  readonly total: number;
  readonly totalBytes: number;
  /** One score a row, only where words were searched. */
  readonly scores: readonly number[];
}

async function collect(view: CompareView, request: RowRequest, allowTypos: boolean, pacer: Pacer): Promise<Collected> {
  const matcher = new NameMatcher(request.query.terms, allowTypos);
  const test = rowTest(view, request);
  const slices: Slice[] = [];
  const scores: number[] = [];
  let total = 0;
  let totalBytes = 0;
  for (const { pair } of view.below(request.folder)) {
    const pause = pacer.breathe();
    if (pause) await pause;
    if (!matcher.matchesAll) matcher.enterFolder(pair.relPath);
    const fitting: number[] = [];
    for (let row = 0; row < pair.states.length; row += 1) {
      if (request.states !== null && !request.states.has(pair.states[row] ?? 0)) continue;
      if (test !== null && !test(pair, row)) continue;
      if (!matcher.matchesAll) {
        const { folder, i } = shownFile(pair, row);
        const score = matcher.score(folder.files, i);
        if (score === noMatch) continue;
        scores.push(score);
      }
      fitting.push(row);
      totalBytes += sizeOf(pair, row);
    }
    if (fitting.length === 0) continue;
    const rows = fitting.length === pair.states.length ? null : Uint32Array.from(fitting);
    slices.push({ pair, start: total, count: fitting.length, rows, isSorted: false });
    total += fitting.length;
  }
  return { slices, total, totalBytes, scores };
}

/** What beyond state and words decides, or null when nothing does. */
function rowTest(view: CompareView, { query, onlyMoved }: RowRequest): ((pair: FolderPair, row: number) => boolean) | null {
  const { filters } = query;
  if (filters.length === 0 && onlyMoved === null) return null;
  const states = filters.flatMap((filter) => (filter.kind === 'state' ? [new Set(filter.states.map((state) => stateCode[state]))] : []));
  return (pair, row) => {
    if (!states.every((set) => set.has(pair.states[row] ?? 0))) return false;
    const a = sideFile(pair, row, 'a');
    const b = sideFile(pair, row, 'b');
    if (onlyMoved !== null && !isMoved(onlyMoved, a, b)) return false;
    return (a !== null && passesFilters(view.a.location, a, filters)) || (b !== null && passesFilters(view.b.location, b, filters));
  };
}

function isMoved(moves: Moves, a: FilePosition | null, b: FilePosition | null): boolean {
  if (a !== null && b === null) return moves.fromA.has(relPathOf(a));
  return a === null && b !== null && moves.fromB.has(relPathOf(b));
}

export function relPathOf({ folder, i }: FilePosition): string {
  return joinPath(folder.relPath, folder.files.name(i));
}

export function sideFile(pair: FolderPair, row: number, side: 'a' | 'b'): FilePosition | null {
  const position = pair.rows[row * 2 + (side === 'a' ? 0 : 1)] ?? -1;
  return position >= 0 ? fileAt(pair[side], position) : null;
}

/** The file that names the row: A's, or B's where A has none. */
export function shownFile(pair: FolderPair, row: number): FilePosition {
  const file = sideFile(pair, row, 'a') ?? sideFile(pair, row, 'b');
  if (!file) throw new RangeError('a row needs a file on one side');
  return file;
}

function sizeOf(pair: FolderPair, row: number): number {
  const { folder, i } = shownFile(pair, row);
  return folder.files.size(i);
}

async function order(collected: Collected, request: RowRequest, pacer: Pacer): Promise<RowSelection> {
  const { slices, total, totalBytes } = collected;
  const byPath = { total, totalBytes, page: (offset: number, limit: number) => pageOf(slices, total, offset, limit, request.descending) };
  if (request.sort === 'path' || (request.sort === 'relevance' && collected.scores.length === 0)) return byPath;
  const keys = request.sort === 'relevance' ? Float64Array.from(collected.scores) : await keysOf(slices, total, request.sort, pacer);
  // Equal keys stay in path order, which needs each folder's rows sorted first; scores were taken in pair order.
  const positions = await sortedPositions(keys, request.sort !== 'relevance' && request.descending, pacer);
  return {
    total,
    totalBytes,
    page: (offset, limit) => Array.from(positions.subarray(offset, offset + limit), (at) => rowAt(slices, at)),
  };
}

async function keysOf(slices: readonly Slice[], total: number, sort: RowSort, pacer: Pacer): Promise<Float64Array> {
  const keys = new Float64Array(total);
  for (const slice of slices) {
    const pause = pacer.breathe();
    if (pause) await pause;
    for (let k = 0; k < slice.count; k += 1) keys[slice.start + k] = keyOf(slice.pair, slice.rows?.[k] ?? k, sort);
  }
  return keys;
}

function keyOf(pair: FolderPair, row: number, sort: RowSort): number {
  if (sort === 'state') return pair.states[row] ?? 0;
  const file = sideFile(pair, row, sort.endsWith('a') ? 'a' : 'b');
  if (file === null) return Number.NaN;
  return sort.startsWith('size') ? file.folder.files.size(file.i) : file.folder.files.mtimeMs(file.i);
}

function sliceAt(slices: readonly Slice[], position: number): Slice {
  let low = 0;
  let high = slices.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((slices[middle]?.start ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  const slice = slices[low];
  if (!slice) throw new RangeError('position outside the selection');
  return slice;
}

function rowAt(slices: readonly Slice[], position: number): RowPosition {
  const slice = sliceAt(slices, position);
  const k = position - slice.start;
  return { pair: slice.pair, row: slice.rows?.[k] ?? k };
}

function pageOf(slices: readonly Slice[], total: number, offset: number, limit: number, descending: boolean): RowPosition[] {
  const page: RowPosition[] = [];
  for (let at = offset; at < Math.min(offset + limit, total); at += 1) {
    const position = descending ? total - 1 - at : at;
    const slice = sliceAt(slices, position);
    sortSlice(slice);
    page.push({ pair: slice.pair, row: slice.rows?.[position - slice.start] ?? position - slice.start });
  }
  return page;
}

/** Names without regard to case, as people read them; only done for folders that are shown. */
function sortSlice(slice: Slice): void {
  if (slice.isSorted) return;
  slice.isSorted = true;
  const rows = slice.rows ? Array.from(slice.rows) : Array.from({ length: slice.count }, (_, k) => k);
  const keyed = rows.map((row) => {
    const name = shownFile(slice.pair, row).folder.files.name(shownFile(slice.pair, row).i);
    return { row, key: `${normalise(name)}\u0000${name}` };
  });
  keyed.sort((x, y) => (x.key < y.key ? -1 : x.key > y.key ? 1 : 0));
  slice.rows = Uint32Array.from(keyed, ({ row }) => row);
}
