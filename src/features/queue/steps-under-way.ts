import type { JournalStep } from '../../core/ports/journal.ts';

interface Batch {
  left: number;
  readonly ended: PromiseWithResolvers<void>;
}

/** Steps that were begun, until it is known what became of them. */
export class StepsUnderWay {
  private readonly steps = new Map<number, { readonly step: JournalStep; readonly batch: Batch }>();
  private last: Batch | null = null;
  private lastButOne: Batch | null = null;

  add(steps: readonly JournalStep[]): void {
    if (steps.length === 0) return;
    const batch: Batch = { left: steps.length, ended: Promise.withResolvers<void>() };
    for (const step of steps) this.steps.set(step.n, { step, batch });
    this.lastButOne = this.last;
    this.last = batch;
  }

  get(n: number): JournalStep | undefined {
    return this.steps.get(n)?.step;
  }

  /** It is known what became of it. */
  end(n: number): void {
    const batch = this.steps.get(n)?.batch;
    if (!batch) return;
    this.steps.delete(n);
    batch.left -= 1;
    if (batch.left === 0) batch.ended.resolve();
  }

  /** Nothing more will be known of any of them. Returns their numbers. */
  giveUp(): readonly number[] {
    const left = [...this.steps.keys()];
    for (const n of left) this.end(n);
    return left;
  }

  /** When at most one batch is left. */
  async whenOneLeft(): Promise<void> {
    await this.lastButOne?.ended.promise;
  }

  bytes(): number {
    return Array.from(this.steps.values()).reduce((sum, { step }) => sum + step.size, 0);
  }
}
