import type { DedupeScan } from '../../contract/dedupe.ts';
import type { dedupeStages } from '../../contract/dedupe-words.ts';
import type { Clock } from '../../core/ports/clock.ts';

type Stage = (typeof dedupeStages)[number];

const windowMs = 5_000;
const stepMs = 100;

/** How far a scan is. */
export class ScanProgress {
  stage: Stage | null = null;
  /** Content, over all stages. */
  bytesRead = 0;
  unreadable = 0;
  shared = 0;
  private readonly clock: Clock;
  private figures = { filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0 };
  /** What `bytesRead` was at times of the last seconds. */
  private readonly window: { readonly atMs: number; readonly bytes: number }[] = [];

  constructor(clock: Clock) {
    this.clock = clock;
  }

  begin(stage: Stage | null, total: { readonly files: number; readonly bytes: number } = { files: 0, bytes: 0 }): void {
    this.stage = stage;
    this.figures = { filesDone: 0, filesTotal: total.files, bytesDone: 0, bytesTotal: total.bytes };
    this.window.length = 0;
    this.note();
  }

  add(files: number, bytes: number): void {
    this.figures.filesDone += files;
    this.figures.bytesDone += bytes;
    this.bytesRead += bytes;
    this.note();
  }

  describe(): Pick<
    DedupeScan,
    'stage' | 'filesDone' | 'filesTotal' | 'bytesDone' | 'bytesTotal' | 'bytesPerSecond' | 'etaSeconds'
  > {
    const bytesPerSecond = this.bytesPerSecond();
    const left = Math.max(0, this.figures.bytesTotal - this.figures.bytesDone);
    const etaSeconds = bytesPerSecond > 0 && this.stage !== null ? left / bytesPerSecond : null;
    return { stage: this.stage, ...this.figures, bytesPerSecond, etaSeconds };
  }

  private note(): void {
    const atMs = this.clock.monotonicMs();
    const last = this.window.at(-1);
    if (last && atMs - last.atMs < stepMs) return;
    this.window.push({ atMs, bytes: this.bytesRead });
    while (this.window.length > 2 && atMs - (this.window[0]?.atMs ?? atMs) > windowMs) this.window.shift();
  }

  private bytesPerSecond(): number {
    const [first] = this.window;
    if (!first) return 0;
    const seconds = (this.clock.monotonicMs() - first.atMs) / 1000;
    return seconds > 0 ? (this.bytesRead - first.bytes) / seconds : 0;
  }
}
