import type { NameTable } from './name-table.ts';
import type { SearchFilter } from './search-query.ts';

export type OrdinalTest = (ordinal: number, group: number) => boolean;

const passed = 1;
const failed = 2;
const filtersKept = 8;

const answers = new WeakMap<NameTable, Map<string, Uint8Array>>();

/** Filters stay while someone types on: what was asked of an ordinal once is not asked again of the same table. */
export function remembering(table: NameTable, filters: readonly SearchFilter[], test: OrdinalTest): OrdinalTest {
  let ofTable = answers.get(table);
  if (!ofTable) {
    ofTable = new Map();
    answers.set(table, ofTable);
  }
  const key = JSON.stringify(filters);
  const known = ofTable.get(key) ?? new Uint8Array(table.count);
  ofTable.delete(key);
  ofTable.set(key, known);
  for (const old of [...ofTable.keys()].slice(0, -filtersKept)) ofTable.delete(old);
  return (ordinal, group) => {
    const before = known[ordinal];
    if (before !== 0) return before === passed;
    const passes = test(ordinal, group);
    known[ordinal] = passes ? passed : failed;
    return passes;
  };
}
