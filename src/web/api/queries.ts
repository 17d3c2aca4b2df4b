import { queryOptions, useQuery } from '@tanstack/react-query';
import type { EventData } from '../../contract/events.ts';
import type { Location } from '../../contract/locations.ts';
import type { Queue } from '../../contract/queue.ts';
import { api } from './client.ts';

export type ScanProgress = EventData<'index.progressed'>;

/** First words of every query key; events invalidate by them. */
export const keys = {
  locations: ['locations'],
  scan: (location: string) => ['scan', location],
  diff: ['diff'],
  entries: ['entries'],
  problems: ['problems'],
  hashing: ['hashing'],
  settings: ['settings'],
  doctor: ['doctor'],
  queue: ['queue'],
  queueHead: ['queue', 'head'],
  queueLists: ['queue', 'list'],
  task: (id: string) => ['queue', 'task', id],
  steps: (id: string) => ['steps', id],
  dedupe: ['dedupe'],
  dedupeScan: (id: string) => ['dedupe', 'scan', id],
  dedupeScans: ['dedupe', 'scans'],
} as const;

export const locationsQuery = queryOptions({
  queryKey: keys.locations,
  queryFn: async ({ signal }) => (await api.listLocations({}, { signal })).locations,
});

export const hashingQuery = queryOptions({
  queryKey: keys.hashing,
  queryFn: ({ signal }) => api.hashStatus({}, { signal }),
});

/** Tasks that run at the same time are few; what waits is listed in the drawer. */
const tasksInHead = 20;

/** What runs now, and how much is left of everything. Only events renew it. */
export const queueHeadQuery = queryOptions({
  queryKey: keys.queueHead,
  queryFn: ({ signal }) => api.queue({ show: 'active', limit: tasksInHead }, { signal }),
});

export function useQueueHead(): Queue | undefined {
  return useQuery(queueHeadQuery).data;
}

export function useLocations() {
  return useQuery(locationsQuery);
}

export function useHashing() {
  return useQuery(hashingQuery).data;
}

/** Progress of a running refresh; only events fill it. */
export function useScan(location: Pick<Location, 'id' | 'index'>): ScanProgress | undefined {
  const progress = useQuery<ScanProgress>({ queryKey: keys.scan(location.id), enabled: false }).data;
  return location.index.refreshing ? progress : undefined;
}
