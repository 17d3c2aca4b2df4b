import type { Location } from '../../../contract/locations.ts';

export interface Pair {
  readonly a: Location;
  readonly b: Location;
}

/** The two locations to compare: those of the address, else Local and Lake, else the first two. */
export function choosePair(locations: readonly Location[], wanted: { a?: string; b?: string }): Pair | null {
  const find = (id: string | undefined) => locations.find((location) => location.id === id);
  const a = find(wanted.a) ?? find('local') ?? locations.find((location) => location.id !== wanted.b);
  const b = find(wanted.b) ?? find('lake');
  const other = b && b !== a ? b : locations.find((location) => location !== a);
  return a && other ? { a, b: other } : null;
}
