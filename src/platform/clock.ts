import type { Clock, Pacer } from '../core/ports/clock.ts';
import type { StartTimer } from '../core/ports/timer.ts';

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** Keeps the program running: a command may wait for nothing but the next try of its task. */
export const startTimer: StartTimer = (ms, call) => {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
};

/**
 * Slices of 5 ms, one in each turn of the event loop however many computations run: while a scan keeps all processors
 * busy, each millisecond of work takes two or three, and the event loop may be held for 50.
 */
export function createPacer(sliceMs = 5): Pacer {
  const waiting: (() => void)[] = [];
  let sliceStart = performance.now();

  function startSlice(): void {
    const resume = waiting.shift();
    sliceStart = performance.now();
    resume?.();
    // What is left waits for the next turn, after whatever messages have come.
    if (waiting.length > 0) setImmediate(startSlice);
  }

  return {
    breathe() {
      if (performance.now() - sliceStart < sliceMs) return undefined;
      return new Promise((resolve) => {
        waiting.push(resolve);
        if (waiting.length === 1) setImmediate(startSlice);
      });
    },
  };
}
