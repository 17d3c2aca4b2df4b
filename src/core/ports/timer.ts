/**
 * Calls back after some milliseconds, for which the program stays. Returns the way to call it off. Timers count whole
 * milliseconds, so it may be up to two too early by the clock: whoever waits for a moment looks whether it has come.
 */
export type StartTimer = (ms: number, call: () => void) => () => void;
