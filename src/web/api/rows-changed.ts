import type { QueryClient } from '@tanstack/react-query';
import { keys } from './queries.ts';

const pauseMs = 400;
const longestWaitMs = 3_000;

type Key = readonly string[];

/**
 * Invalidates queries, once for many changes. While an answer is on its way the next round waits, so that a slow server
 * is not asked again before it could answer; it never waits for longer than three seconds.
 */
function createInvalidation(client: QueryClient, first: Key, ...others: readonly Key[]): () => void {
  let timer: number | undefined;
  let firstAt = 0;

  const run = () => {
    const isBusy = client.isFetching({ queryKey: first }) > 0;
    if (isBusy && performance.now() - firstAt < longestWaitMs) {
      timer = window.setTimeout(run, pauseMs);
      return;
    }
    timer = undefined;
    for (const queryKey of [first, ...others]) void client.invalidateQueries({ queryKey });
  };

  return () => {
    if (timer !== undefined) return;
    firstAt = performance.now();
    timer = window.setTimeout(run, pauseMs);
  };
}

/** Rows and entries may be others. */
export const createRowsChanged = (client: QueryClient) => createInvalidation(client, keys.diff, keys.entries);

/** Tasks came, went, or stand in another place. */
export const createQueueChanged = (client: QueryClient) => createInvalidation(client, keys.queueHead, keys.queueLists);
