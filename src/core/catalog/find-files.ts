import { AppError } from '../errors/app-error.ts';
import type { Pacer } from '../ports/clock.ts';
import { passesFilters } from './file-filters.ts';
import { type OrdinalTest, remembering } from './filter-memo.ts';
import { rankLetter } from './letter-ranking.ts';
import type { FilePosition, IndexedFolder, LocationIndex } from './location-index.ts';
import { matchNames, rankedPages } from './name-match.ts';
import { buildNameTable, filterOrdinals, groupOf, type NameTable } from './name-table.ts';
import type { SearchQuery } from './search-query.ts';

export interface FoundFile extends FilePosition {
  readonly location: string;
}

export interface FoundFiles {
  readonly total: number;
  page(offset: number, limit: number): readonly FoundFile[];
}

/** Files of some locations that fit a query, best match first, else in path order. Typos only count when nothing fits exactly. */
export async function findFiles(
  indexes: readonly LocationIndex[],
  query: SearchQuery,
  pacer: Pacer,
): Promise<FoundFiles> {
  const table = await fileTableOf(indexes, pacer);
  const fits = fileTest(table, query);
  if (query.terms.length === 0) {
    const ordinals = await filterOrdinals(table.names, fits ?? (() => true), pacer);
    return foundFiles(table, ordinals.length, (offset, limit) => ordinals.subarray(offset, offset + limit));
  }
  const [word = '', ...others] = query.terms;
  const ranking =
    others.length === 0 && fits === null
      ? await rankLetter(table.names, word, { accept: null, sizes: null, pacer })
      : null;
  if (ranking !== null) return foundFiles(table, ranking.total, ranking.pageOf);
  const matches = await matchNames(table.names, query.terms, { accept: null, confirm: fits, pacer });
  return foundFiles(table, matches.ordinals.length, rankedPages(matches));
}

function foundFiles(
  table: FileTable,
  total: number,
  pageOf: (offset: number, limit: number) => Uint32Array,
): FoundFiles {
  return {
    total,
    page: (offset, limit) => Array.from(pageOf(offset, limit), (ordinal) => fileOf(table, ordinal)),
  };
}

function fileTest({ names, folders }: FileTable, { filters }: SearchQuery): OrdinalTest | null {
  if (filters.some(({ kind }) => kind === 'state')) {
    throw new AppError('INVALID_INPUT', '“state:” says how two locations compare; it cannot be asked of files alone.');
  }
  if (filters.length === 0) return null;
  return remembering(names, filters, (ordinal, group) => {
    const there = folders[group];
    return (
      there !== undefined &&
      passesFilters(there.location, { folder: there.folder, i: ordinal - (names.starts[group] ?? 0) }, filters)
    );
  });
}

/** Files of some locations in one row, by location and path. */
interface FileTable {
  readonly names: NameTable;
  readonly folders: readonly { readonly location: string; readonly folder: IndexedFolder }[];
}

function fileOf({ names, folders }: FileTable, ordinal: number): FoundFile {
  const group = groupOf(names, ordinal);
  const there = folders[group];
  if (!there) throw new RangeError('ordinal outside the table');
  return { ...there, i: ordinal - (names.starts[group] ?? 0) };
}

/** The table of the locations that were searched last, until one of them changes. */
let latest: {
  readonly key: string;
  readonly indexes: readonly LocationIndex[];
  readonly table: Promise<FileTable>;
} | null = null;

function fileTableOf(indexes: readonly LocationIndex[], pacer: Pacer): Promise<FileTable> {
  const key = indexes.map(({ location, version }) => `${location}:${version}`).join(' ');
  const isSame = latest?.key === key && indexes.every((index, k) => latest?.indexes[k] === index);
  if (latest && isSame) return latest.table;
  latest = { key, indexes, table: buildFileTable(indexes, pacer) };
  return latest.table;
}

async function buildFileTable(indexes: readonly LocationIndex[], pacer: Pacer): Promise<FileTable> {
  const folders = indexes.flatMap((index) => index.inOrder().map((folder) => ({ location: index.location, folder })));
  const groups = folders.map(({ folder }) => ({
    relPath: folder.relPath,
    count: folder.files.count,
    nameSource: (i: number) => ({ files: folder.files, i }),
  }));
  return { names: await buildNameTable(groups, pacer), folders };
}
