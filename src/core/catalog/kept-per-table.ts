import type { Pacer } from '../ports/clock.ts';
import type { NameTable } from './name-table.ts';

/** What is made of a table of names when it is first asked for, and kept as long as the table. */
export function keptPerTable<T>(make: (table: NameTable, pacer: Pacer) => Promise<T>): typeof make {
  const known = new WeakMap<NameTable, Promise<T>>();
  return (table, pacer) => {
    const kept = known.get(table) ?? make(table, pacer);
    known.set(table, kept);
    return kept;
  };
}
