import { useCallback } from 'react';
import { useLocations } from '../../api/queries.ts';
import type { NameOf } from './task-words.ts';

/** Names of locations by id; the id itself where it is not known any more. */
export function useNames(): NameOf {
  const { data } = useLocations();
  return useCallback((id: string) => data?.find((location) => location.id === id)?.name ?? id, [data]);
}
