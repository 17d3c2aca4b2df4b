import { useLocations } from '../../api/queries.ts';
import type { NameOf } from './scan-words.ts';

/** Names of locations by id; the id where one is not known any more. */
export function useLocationNames(): NameOf {
  const locations = useLocations().data ?? [];
  return (id) => locations.find((location) => location.id === id)?.name ?? id;
}
