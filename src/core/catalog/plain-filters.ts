import { extensionOf } from '../paths/rel-path-parts.ts';
import type { Pacer } from '../ports/clock.ts';
import { folderCategory } from './file-filters.ts';
import type { OrdinalTest } from './filter-memo.ts';
import { keptPerTable } from './kept-per-table.ts';
import type { RowTable } from './row-table.ts';
import type { SearchFilter } from './search-query.ts';

/** Filters that need no more than name, size and folder of a file. */
export function isPlainFilter({ kind }: SearchFilter): boolean {
  return kind === 'extension' || kind === 'size' || kind === 'category' || kind === 'state';
}

/** Asks plain filters of columns, for rows whose sides are alike in all that these look at: one comparison a filter. */
export async function createPlainTest(
  table: RowTable,
  filters: readonly SearchFilter[],
  pacer: Pacer,
): Promise<OrdinalTest> {
  const tests: OrdinalTest[] = [];
  for (const filter of filters) {
    const test = await testOf(table, filter, pacer);
    if (test !== null) tests.push(test);
  }
  const [first, second] = tests;
  if (!first) return () => true;
  if (!second) return first;
  return (ordinal, group) => tests.every((test) => test(ordinal, group));
}

async function testOf(
  { names, pairs, sizes }: RowTable,
  filter: SearchFilter,
  pacer: Pacer,
): Promise<OrdinalTest | null> {
  switch (filter.kind) {
    case 'size': {
      const { min, max } = filter;
      return (ordinal) => {
        const size = sizes[ordinal] ?? 0;
        return size >= min && size <= max;
      };
    }
    case 'category': {
      const isIn = Uint8Array.from(pairs, ({ relPath }) =>
        filter.categories.includes(folderCategory(relPath)) ? 1 : 0,
      );
      return (_, group) => isIn[group] === 1;
    }
    case 'extension': {
      const { codes, codeOf } = await extensionsOf(names, pacer);
      const isWanted = new Uint8Array(codeOf.size);
      for (const extension of filter.extensions) isWanted[codeOf.get(extension) ?? codeOf.size] = 1;
      return (ordinal) => isWanted[codes[ordinal] ?? 0] === 1;
    }
    default:
      return null;
  }
}

interface Extensions {
  /** Number of the extension of each name. */
  readonly codes: Uint32Array;
  readonly codeOf: ReadonlyMap<string, number>;
}

/** Made when a search first asks for an extension. */
const extensionsOf = keptPerTable(async ({ lower, count }, pacer): Promise<Extensions> => {
  const codes = new Uint32Array(count);
  const codeOf = new Map<string, number>();
  for (let ordinal = 0; ordinal < count; ordinal += 1) {
    const extension = extensionOf(lower[ordinal] ?? '');
    let code = codeOf.get(extension);
    if (code === undefined) {
      code = codeOf.size;
      codeOf.set(extension, code);
    }
    codes[ordinal] = code;
    if ((ordinal & 1_023) !== 0) continue;
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  return { codes, codeOf };
});
