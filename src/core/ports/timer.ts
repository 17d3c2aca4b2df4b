/** Calls back after some milliseconds. Returns the way to call it off. Never keeps the program running. */
export type StartTimer = (ms: number, call: () => void) => () => void;
