/** Calls back after some milliseconds, for which the program stays. Returns the way to call it off. */
export type StartTimer = (ms: number, call: () => void) => () => void;
