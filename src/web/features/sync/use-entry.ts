import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { EntryDetails } from '../../../contract/indexing.ts';
import { api } from '../../api/client.ts';
import { keys } from '../../api/queries.ts';
import { useRested } from './use-rested.ts';

/** Everything the index knows about one entry; undefined while that is not known, or belongs to another row. */
export function useEntry(id: string | null): EntryDetails | undefined {
  const rested = useRested(id);
  const { data } = useQuery({
    queryKey: [...keys.entries, rested],
    queryFn: ({ signal }) => api.readEntry({ id: rested ?? '' }, { signal }),
    enabled: rested !== null && rested === id,
    placeholderData: keepPreviousData,
  });
  return data?.id === id ? data : undefined;
}
