/**
 * Words that a copy thread of a transfer process shares with the main thread. The copy thread writes what it is at, the
 * main thread reads it and tells the program; the other way round for what the program wants.
 */
export type ControlWords = Int32Array<SharedArrayBuffer>;

const pausedWord = 0;
const cancelledWord = 1;
const pulseWord = 2;
const runWord = 3;
const locationWord = 4;
const flushingWord = 5;

/** A notice between the look at the words and the wait would be missed, so a wait never lasts longer than this. */
const longestWaitMs = 200;

export function createControlWords(): ControlWords {
  return new Int32Array(new SharedArrayBuffer(4 * 6));
}

export function setPaused(words: ControlWords, paused: boolean): void {
  Atomics.store(words, pausedWord, paused ? 1 : 0);
  Atomics.notify(words, pausedWord);
}

export function markCancelled(words: ControlWords, run: number): void {
  Atomics.store(words, cancelledWord, run);
  Atomics.notify(words, pausedWord);
}

export function isCancelled(words: ControlWords, run: number): boolean {
  return Atomics.load(words, cancelledWord) === run;
}

/** Returns when the transfers are not paused, or the run is cancelled. */
export function waitWhilePaused(words: ControlWords, run: number): void {
  while (Atomics.load(words, pausedWord) === 1 && !isCancelled(words, run)) {
    Atomics.wait(words, pausedWord, 1, longestWaitMs);
  }
}

/** Where the copy thread is. */
export interface CopyPosition {
  /** Differs when a call has returned or begun since. */
  readonly pulse: number;
  /** 0: it waits for orders. */
  readonly run: number;
  /** Position in the locations of the run; -1 before the first. */
  readonly location: number;
  /** A call is under way that may take long on a healthy drive. */
  readonly isFlushing: boolean;
}

/** The pulse is read first and written last, so that what is new with it is seen with it. */
export function readPosition(words: ControlWords): CopyPosition {
  return {
    pulse: Atomics.load(words, pulseWord),
    run: Atomics.load(words, runWord),
    location: Atomics.load(words, locationWord),
    isFlushing: Atomics.load(words, flushingWord) === 1,
  };
}

export function notePulse(words: ControlWords): void {
  Atomics.add(words, pulseWord, 1);
}

export function noteRun(words: ControlWords, run: number): void {
  Atomics.store(words, locationWord, -1);
  Atomics.store(words, runWord, run);
  notePulse(words);
}

/** It waits for orders. */
export function noteIdle(words: ControlWords): void {
  noteRun(words, 0);
}

export function noteLocation(words: ControlWords, location: number): void {
  Atomics.store(words, locationWord, location);
  notePulse(words);
}

export function noteFlushing(words: ControlWords, isFlushing: boolean): void {
  Atomics.store(words, flushingWord, isFlushing ? 1 : 0);
  notePulse(words);
}
