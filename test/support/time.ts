import type { Clock, Pacer } from '../../src/core/ports/clock.ts';

/** Time that stands still unless it is moved. */
export function createTestClock(startMs = 1_767_225_600_000): Clock & { advance(ms: number): void } {
  let now = startMs;
  return {
    nowMs: () => now,
    monotonicMs: () => now - startMs,
    advance(ms) {
      now += ms;
    },
  };
}

/** Never pauses. */
export const steadyPacer: Pacer = { breathe: () => undefined };

/** Pauses whenever it is asked, so that whatever can happen in between does. */
export const restlessPacer: Pacer = { breathe: () => new Promise((resolve) => setImmediate(resolve)) };
