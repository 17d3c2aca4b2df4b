import type { Clock } from '../../core/ports/clock.ts';

const windowMs = 5_000;

/** Bytes per second over the last few seconds in which bytes moved. */
export class SpeedMeter {
  private readonly clock: Clock;
  private readonly window: { readonly atMs: number; readonly bytes: number }[] = [];

  constructor(clock: Clock) {
    this.clock = clock;
    this.reset();
  }

  add(bytes: number): void {
    const atMs = this.clock.monotonicMs();
    this.window.push({ atMs, bytes });
    while (this.window.length > 2 && atMs - (this.window[0]?.atMs ?? atMs) > windowMs) this.window.shift();
  }

  bytesPerSecond(): number {
    const [first, ...rest] = this.window;
    if (!first || rest.length === 0) return 0;
    const seconds = (this.clock.monotonicMs() - first.atMs) / 1000;
    return seconds > 0 ? rest.reduce((sum, { bytes }) => sum + bytes, 0) / seconds : 0;
  }

  /** After a pause the time before it counts no more. */
  reset(): void {
    this.window.splice(0, this.window.length, { atMs: this.clock.monotonicMs(), bytes: 0 });
  }
}
