import type { QueryClient } from '@tanstack/react-query';
import type { EventMessage } from '../../contract/events.ts';
import type { Location } from '../../contract/locations.ts';
import type { Task } from '../../contract/queue.ts';
import { applyEndOfScan, applyScan } from './dedupe-cache.ts';
import { keys } from './queries.ts';
import { applyChange, applyProgress } from './queue-cache.ts';

function putLocation(locations: Location[] | undefined, changed: Location): Location[] | undefined {
  if (!locations) return undefined;
  const known = locations.some((location) => location.id === changed.id);
  return known ? locations.map((one) => (one.id === changed.id ? changed : one)) : [...locations, changed];
}

function markRefreshing(locations: Location[] | undefined, id: string, refreshing: boolean): Location[] | undefined {
  const stale = locations?.find((one) => one.id === id && one.index.refreshing !== refreshing);
  return stale ? putLocation(locations, { ...stale, index: { ...stale.index, refreshing } }) : locations;
}

export interface EventSink {
  readonly client: QueryClient;
  /** Rows may have changed: asked for again soon, many changes at once. */
  readonly rowsChanged: () => void;
  /** The order of the queue may have changed: lists of it are asked for again soon. */
  readonly queueChanged: () => void;
  readonly taskEnded: (task: Task) => void;
}

/** Brings the cache up to what one event says. */
export function applyEvent({ client, rowsChanged, queueChanged, taskEnded }: EventSink, event: EventMessage): void {
  switch (event.type) {
    case 'location.changed':
      client.setQueryData<Location[]>(keys.locations, (known) => putLocation(known, event.data));
      return;
    case 'location.removed':
      client.setQueryData<Location[]>(keys.locations, (known) => known?.filter((one) => one.id !== event.data.id));
      rowsChanged();
      return;
    case 'index.progressed':
      client.setQueryData(keys.scan(event.data.location), event.data);
      client.setQueryData<Location[]>(keys.locations, (known) => markRefreshing(known, event.data.location, true));
      return;
    case 'index.finished':
      client.removeQueries({ queryKey: keys.scan(event.data.id) });
      client.setQueryData<Location[]>(keys.locations, (known) => markRefreshing(known, event.data.id, false));
      void client.invalidateQueries({ queryKey: keys.locations });
      void client.invalidateQueries({ queryKey: keys.problems });
      return;
    case 'compare.changed':
      rowsChanged();
      return;
    case 'hash.progressed':
      client.setQueryData(keys.hashing, event.data);
      return;
    case 'hash.finished':
      client.setQueryData(keys.hashing, event.data);
      rowsChanged();
      return;
    case 'queue.progressed':
      applyProgress(client, event.data);
      return;
    case 'queue.changed':
      applyChange(client, event.data);
      queueChanged();
      return;
    case 'queue.finished':
      taskEnded(event.data);
      return;
    case 'dedupe.progressed':
      applyScan(client, event.data);
      return;
    case 'dedupe.finished':
      applyEndOfScan(client, event.data);
      return;
    case 'reset':
      void client.invalidateQueries();
      return;
    default:
      // An event of a newer server; nothing on this page shows it.
      event satisfies never;
  }
}
