import type { QueryClient } from '@tanstack/react-query';
import { keys } from './queries.ts';

const pauseMs = 400;
const longestWaitMs = 3_000;

/**
 * Invalidates rows and entries, once for many changes. While an answer is on its way the next round waits, so that a
 * slow server is not asked again before it could answer; it never waits for longer than three seconds.
 */
export function createRowsChanged(client: QueryClient): () => void {
  let timer: number | undefined;
  let firstAt = 0;

  const run = () => {
    const isBusy = client.isFetching({ queryKey: keys.diff }) > 0;
    if (isBusy && performance.now() - firstAt < longestWaitMs) {
      timer = window.setTimeout(run, pauseMs);
      return;
    }
    timer = undefined;
    void client.invalidateQueries({ queryKey: keys.diff });
    void client.invalidateQueries({ queryKey: keys.entries });
  };

  return () => {
    if (timer !== undefined) return;
    firstAt = performance.now();
    timer = window.setTimeout(run, pauseMs);
  };
}
