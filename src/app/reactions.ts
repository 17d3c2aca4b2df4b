import { setTimeout as delay } from 'node:timers/promises';
import type { ApiHandlers } from '../contract/api.ts';
import type { LocationRegistry } from '../core/catalog/location-registry.ts';
import type { EventLog } from '../core/events/event-log.ts';
import { rehearsalOf } from './search-rehearsal.ts';

/** Every flow that crosses features stands in this file. */

const lookAgainMs = 15_000;

/** A location that is offline is looked at again by itself, so that it comes back when its drive does. */
export function watchOffline({ registry }: { readonly registry: LocationRegistry }): () => void {
  const timer = setInterval(() => {
    for (const slot of registry.list()) if (slot.state.kind === 'offline') void registry.look(slot);
  }, lookAgainMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** A location that comes back is read again: what its drive holds may have changed while it was away. */
export function readReturned({
  events,
  handlers,
}: {
  readonly events: EventLog;
  readonly handlers: ApiHandlers;
}): () => void {
  const away = new Set<string>();
  return events.subscribe(({ type, data }) => {
    if (type !== 'location.changed') return;
    const { id, state, index } = data;
    if (state.kind === 'offline') away.add(id);
    if (state.kind !== 'online' || !away.delete(id) || index.refreshing) return;
    handlers.refreshIndex({ location: id, wait: false }).catch(() => {});
  });
}

/** Finds nothing, so that names and the words they are made of are all made ready for whoever types next. */
const unlikelyWord = 'qxzjkvwq ext:safetensors';
/** Files that the first search of this run is rehearsed with. */
const rehearsedFiles = 3;
const searchAfterMs = 400;

/** The pair that the page shows first. */
const firstPair = { a: 'local', b: 'lake' } as const;

/**
 * Lines the first pair up and makes its names searchable before anyone asks, once the stored index is loaded and after
 * each refresh, so that the first page and the first key press do not wait for it. Before the first one some searches
 * are rehearsed: what runs for the first time runs several times as long.
 */
export function keepWarm({
  events,
  handlers,
  registry,
}: {
  readonly events: EventLog;
  readonly handlers: ApiHandlers;
  readonly registry: LocationRegistry;
}): { readonly stop: () => void; readonly firstTime: Promise<void> } {
  let latest = 0;
  let isRehearsed = false;
  const warm = async (): Promise<void> => {
    await Promise.allSettled(registry.list().map(({ loaded }) => loaded));
    if (!registry.find(firstPair.a) || !registry.find(firstPair.b)) return;
    const firstRows = { ...firstPair, folder: '', query: '', sort: 'path', descending: false, limit: 100 } as const;
    // What is wrong with the stored index is told to whoever asks for its rows.
    const first = await handlers.diff(firstRows).catch(() => null);
    // Whoever looks at what has just changed comes first.
    latest += 1;
    const asked = latest;
    await delay(searchAfterMs, undefined, { ref: false });
    if (asked !== latest) return;
    const search = (query: string) => handlers.diff({ ...firstRows, query, sort: 'relevance' }).catch(() => {});
    await search(unlikelyWord);
    if (isRehearsed || !first || first.rows.length === 0) return;
    isRehearsed = true;
    for (const query of rehearsalOf(first.rows.slice(-rehearsedFiles).map(({ relPath }) => relPath)))
      await search(query);
  };
  const stop = events.subscribe(({ type }) => {
    if (type === 'index.finished') void warm();
  });
  return { stop, firstTime: warm() };
}
