import type { Pacer } from '../ports/clock.ts';
import { passesFilters } from './file-filters.ts';
import type { FilePosition, LocationIndex } from './location-index.ts';
import { NameMatcher, noMatch } from './name-matcher.ts';
import { sortedPositions } from './ordered-sort.ts';
import type { SearchQuery } from './search-query.ts';

export interface FoundFile extends FilePosition {
  readonly location: string;
}

export interface FoundFiles {
  readonly total: number;
  page(offset: number, limit: number): readonly FoundFile[];
}

/** Files of some locations that fit a query, best match first, else in path order. Typos only count when nothing fits exactly. */
export async function findFiles(indexes: readonly LocationIndex[], query: SearchQuery, pacer: Pacer): Promise<FoundFiles> {
  const exact = await collect(indexes, query, false, pacer);
  if (exact.total > 0 || query.terms.length === 0) return exact;
  return collect(indexes, query, true, pacer);
}

async function collect(indexes: readonly LocationIndex[], query: SearchQuery, allowTypos: boolean, pacer: Pacer): Promise<FoundFiles> {
  const matcher = new NameMatcher(query.terms, allowTypos);
  const filters = query.filters.filter(({ kind }) => kind !== 'state');
  const found: FoundFile[] = [];
  const scores: number[] = [];
  for (const index of indexes) {
    for (const folder of index.inOrder()) {
      const pause = pacer.breathe();
      if (pause) await pause;
      if (!matcher.matchesAll) matcher.enterFolder(folder.relPath);
      for (let i = 0; i < folder.files.count; i += 1) {
        const score = matcher.matchesAll ? 0 : matcher.score(folder.files, i);
        if (score === noMatch) continue;
        if (filters.length > 0 && !passesFilters(index.location, { folder, i }, filters)) continue;
        found.push({ location: index.location, folder, i });
        scores.push(score);
      }
    }
  }
  if (matcher.matchesAll) return { total: found.length, page: (offset, limit) => found.slice(offset, offset + limit) };
  const order = await sortedPositions(Float64Array.from(scores), false, pacer);
  return {
    total: found.length,
    page: (offset, limit) =>
      Array.from(order.subarray(offset, offset + limit)).flatMap((at) => {
        const file = found[at];
        return file ? [file] : [];
      }),
  };
}
