/** Time. Wall time is for showing and storing; durations and deadlines use the monotonic one, which never jumps. */
export interface Clock {
  /** Unix time in milliseconds. */
  nowMs(): number;
  /** Milliseconds since some fixed point of this process. */
  monotonicMs(): number;
}

/**
 * Keeps long computations from holding the event loop: call `breathe()` in every loop that may run long. It returns
 * undefined while the slice (5 ms) lasts, else a promise to await.
 *
 *     const pause = pacer.breathe();
 *     if (pause) await pause;
 */
export interface Pacer {
  breathe(): Promise<void> | undefined;
}
