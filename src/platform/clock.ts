import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock, Pacer } from '../core/ports/clock.ts';

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** Slices of 10 ms: well below the 50 ms that the event loop may be held, with room for what else runs in between. */
export function createPacer(sliceMs = 10): Pacer {
  let sliceStart = performance.now();
  return {
    breathe() {
      if (performance.now() - sliceStart < sliceMs) return undefined;
      return nextTurn().then(() => {
        sliceStart = performance.now();
      });
    },
  };
}
