import type { EventMessage } from '../../contract/events.ts';
import { applyEvent } from './apply-event.ts';
import { taskEnded } from './ended-tasks.ts';
import { followEvents } from './event-stream.ts';
import { queryClient } from './query-client.ts';
import { createQueueChanged, createRowsChanged } from './rows-changed.ts';

/** After this the first screen is there, and asking once more does not slow it down. */
const firstResetWaitsMs = 1_000;

/**
 * Keeps the cache in step with the engine. The stream begins with a reset: answers that arrived before it may already
 * be old, so they are asked for again, a little later. Every further reset means that events were missed.
 */
export function startEvents(): void {
  const sink = {
    client: queryClient,
    rowsChanged: createRowsChanged(queryClient),
    queueChanged: createQueueChanged(queryClient),
    taskEnded,
  };
  let isFirst = true;
  followEvents((event: EventMessage) => {
    const waits = isFirst && event.type === 'reset';
    isFirst = false;
    if (waits) window.setTimeout(() => void queryClient.invalidateQueries(), firstResetWaitsMs);
    else applyEvent(sink, event);
  });
}
