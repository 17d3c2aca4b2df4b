import type { Clock } from '../ports/clock.ts';

/**
 * Lets a call through at most every `everyMs` milliseconds; what comes in between is dropped, since the next one says
 * more. Nothing is delayed, so the last state has to be published by whoever knows that it is the last.
 */
export function createThrottle(clock: Clock, everyMs: number): (call: () => void) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (call) => {
    const now = clock.monotonicMs();
    if (now - last < everyMs) return;
    last = now;
    call();
  };
}
