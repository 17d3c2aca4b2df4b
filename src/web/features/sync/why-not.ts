import type { Location } from '../../../contract/locations.ts';

/** Why a file of a side can't be opened or read now; null: it can. */
export function whyNot(location: Location, isThere: boolean): string | null {
  if (!isThere) return 'missing there';
  return location.state.kind === 'offline' ? 'offline' : null;
}
