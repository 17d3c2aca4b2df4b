import type { HashProgress } from '../../contract/hashing.ts';
import type { Clock } from '../../core/ports/clock.ts';

type Figures = Omit<HashProgress, 'state' | 'current'>;

export interface HashMeter {
  expect(bytes: number): void;
  /** With `bytes`: so much more of a long file was read. */
  read(bytes?: number): Figures;
  finish(size: number): void;
  pause(paused: boolean): void;
  reset(): void;
}

/** Counts files and bytes; the speed is that of the last few seconds, not counting pauses. */
export function createHashMeter(clock: Clock): HashMeter {
  const window: { atMs: number; bytes: number }[] = [];
  const windowMs = 5_000;
  let figures = { filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0 };
  /** Read of files that are not finished yet. */
  let partial = 0;

  function note(bytes: number): void {
    const now = clock.monotonicMs();
    window.push({ atMs: now, bytes });
    while (window.length > 2 && now - (window[0]?.atMs ?? now) > windowMs) window.shift();
  }

  function speed(): number {
    const first = window[0];
    if (!first || window.length < 2) return 0;
    const seconds = (clock.monotonicMs() - first.atMs) / 1000;
    const bytes = window.reduce((sum, entry) => sum + entry.bytes, 0);
    return seconds > 0 ? bytes / seconds : 0;
  }

  return {
    expect(bytes) {
      figures = { ...figures, filesTotal: figures.filesTotal + 1, bytesTotal: figures.bytesTotal + bytes };
    },
    read(bytes = 0) {
      if (bytes > 0) {
        partial += bytes;
        note(bytes);
      }
      const bytesDone = Math.min(figures.bytesTotal, figures.bytesDone + partial);
      const bytesPerSecond = speed();
      const left = figures.bytesTotal - bytesDone;
      return { ...figures, bytesDone, bytesPerSecond, etaSeconds: bytesPerSecond > 0 ? left / bytesPerSecond : null };
    },
    finish(size) {
      const counted = Math.min(partial, size);
      partial -= counted;
      note(size - counted);
      figures = { ...figures, filesDone: figures.filesDone + 1, bytesDone: figures.bytesDone + size };
    },
    pause(paused) {
      if (!paused) window.length = 0;
    },
    reset() {
      figures = { filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0 };
      partial = 0;
      window.length = 0;
    },
  };
}
