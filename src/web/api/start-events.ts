import { applyEvent } from './apply-event.ts';
import { followEvents } from './event-stream.ts';
import { queryClient } from './query-client.ts';
import { createRowsChanged } from './rows-changed.ts';

/** Keeps the cache in step with the engine. */
export function startEvents(): void {
  const sink = { client: queryClient, rowsChanged: createRowsChanged(queryClient) };
  followEvents({
    onEvent: (event) => applyEvent(sink, event),
    onReconnect: () => void queryClient.invalidateQueries(),
  });
}
