import fs from 'node:fs';
import { codeOf } from './os-error.ts';

/** The calls that give and take names. */
export interface NameCalls {
  link(existing: string, name: string): void;
  rename(from: string, to: string): void;
  unlink(name: string): void;
}

export const plainNameCalls: NameCalls = { link: fs.linkSync, rename: fs.renameSync, unlink: fs.unlinkSync };

const longestMs = 60_000;
const firstPauseMs = 10;
const longestPauseMs = 1_000;
/** What Windows says while a virus scanner or an indexer has the file open, which passes. */
const passing = new Set(['EPERM', 'EACCES', 'EBUSY']);

export interface PatienceOptions {
  /** Called before each pause, so that whoever waits for this process knows that it lives. */
  readonly onPause: () => void;
  readonly monotonicMs: () => number;
}

/** On Windows a name that was just written is often held by others for a moment: tries again for up to 60 s. */
export function patientNameCalls(calls: NameCalls, { onPause, monotonicMs }: PatienceOptions): NameCalls {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const patiently = (call: () => void): void => {
    const until = monotonicMs() + longestMs;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        call();
        return;
      } catch (thrown) {
        if (!passing.has(codeOf(thrown)) || monotonicMs() + pauseMs > until) throw thrown;
      }
      onPause();
      Atomics.wait(sleeper, 0, 0, pauseMs);
    }
  };
  return {
    link: (existing, name) => patiently(() => calls.link(existing, name)),
    rename: (from, to) => patiently(() => calls.rename(from, to)),
    unlink: (name) => patiently(() => calls.unlink(name)),
  };
}
