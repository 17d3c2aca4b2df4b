import { compareStates } from '../../src/contract/sync-words.ts';
import type { ViewRow } from './view-rows.ts';

export interface NaiveFacts {
  readonly size: number;
  readonly mtimeMs: number;
  readonly isHashed: boolean;
}

/** A row with what the filters ask about each side. */
export interface NaiveRow extends ViewRow {
  readonly factsA: NaiveFacts | null;
  readonly factsB: NaiveFacts | null;
}

export interface NaiveRequest {
  readonly folder: string;
  readonly states: readonly string[] | null;
  readonly terms: readonly string[];
  readonly extensions: readonly string[] | null;
  /** Top folders in lower case; empty for files that lie in none. */
  readonly categories: readonly string[] | null;
  readonly minSize: number | null;
  readonly hashed: boolean | null;
  readonly location: 'a' | 'b' | null;
  readonly sort: 'path' | 'state' | 'size-a' | 'size-b' | 'mtime-a' | 'mtime-b';
  readonly descending: boolean;
}

/** What a request means, written without regard to speed. Names must be plain ASCII. */
export function selectNaively(rows: readonly NaiveRow[], request: NaiveRequest): NaiveRow[] {
  const fitting = rows.filter((row) => fits(row, request)).sort((x, y) => comparePaths(x.shown, y.shown));
  const { sort, descending } = request;
  if (sort === 'path') return descending ? fitting.reverse() : fitting;
  const keyed = fitting.map((row) => ({ row, key: keyOf(row, sort) }));
  keyed.sort((x, y) => {
    if (x.key === null || y.key === null) return Number(x.key === null) - Number(y.key === null);
    return descending ? y.key - x.key : x.key - y.key;
  });
  return keyed.map(({ row }) => row);
}

function fits(row: NaiveRow, request: NaiveRequest): boolean {
  const path = row.shown.toLowerCase();
  if (request.folder !== '' && !row.shown.startsWith(`${request.folder}/`)) return false;
  if (request.states !== null && !request.states.includes(row.state)) return false;
  if (!request.terms.every((term) => path.includes(term.toLowerCase()))) return false;
  return sidePasses(row.factsA, 'a', path, request) || sidePasses(row.factsB, 'b', path, request);
}

function sidePasses(facts: NaiveFacts | null, side: 'a' | 'b', path: string, request: NaiveRequest): boolean {
  if (facts === null) return false;
  if (request.extensions !== null && !request.extensions.includes(lastPart(path))) return false;
  const [top = '', ...rest] = path.split('/');
  if (request.categories !== null && !request.categories.includes(rest.length === 0 ? '' : top)) return false;
  if (request.minSize !== null && facts.size < request.minSize) return false;
  if (request.hashed !== null && facts.isHashed !== request.hashed) return false;
  return request.location === null || request.location === side;
}

/** What comes after the last dot of a name, which is not its first letter; “preview.png” is one. */
function lastPart(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (/..\.preview\.png$/.test(`.${name}`)) return 'preview.png';
  return /^.+\.([^.]+)$/.exec(name)?.[1] ?? '-';
}

function keyOf(row: NaiveRow, sort: Exclude<NaiveRequest['sort'], 'path'>): number | null {
  if (sort === 'state') return (compareStates as readonly string[]).indexOf(row.state);
  const facts = sort.endsWith('a') ? row.factsA : row.factsB;
  return facts === null ? null : sort.startsWith('size') ? facts.size : facts.mtimeMs;
}

/** A folder's own files first, then folder by folder; letters without regard to case, equal ones by code unit. */
export function comparePaths(x: string, y: string): number {
  const left = x.split('/');
  const right = y.split('/');
  for (let depth = 0; ; depth += 1) {
    const isLastLeft = depth === left.length - 1;
    const isLastRight = depth === right.length - 1;
    if (isLastLeft !== isLastRight) return isLastLeft ? -1 : 1;
    const order = compareNames(left[depth] ?? '', right[depth] ?? '');
    if (order !== 0 || isLastLeft) return order;
  }
}

function compareNames(x: string, y: string): number {
  const foldedX = x.toLowerCase();
  const foldedY = y.toLowerCase();
  if (foldedX !== foldedY) return foldedX < foldedY ? -1 : 1;
  return x === y ? 0 : x < y ? -1 : 1;
}
