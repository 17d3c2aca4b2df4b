import type { Journal, JournalStep } from '../../core/ports/journal.ts';
import { parseDedupeStep } from './dedupe-step.ts';
import { isResumed } from './orders.ts';
import type { QueuedTask } from './queued-task.ts';
import { doneBuckets } from './task-details.ts';

const stepsRead = 256;
const stepsAtOnce = 256;
const bytesAtOnce = 512 * 1024 * 1024;

/** The steps of a task that are left, in batches that are begun and carried out together. */
export class StepBatches {
  private readonly task: QueuedTask;
  private readonly journal: Journal;
  private read: JournalStep[] = [];
  private nextN = 0;

  constructor(task: QueuedTask, journal: Journal) {
    this.task = task;
    this.journal = journal;
  }

  /** @param like Only steps of the same kind; none where others come first. */
  async take(like?: JournalStep): Promise<readonly JournalStep[]> {
    if (this.read.length === 0) await this.readOn();
    const [first] = this.read;
    if (first === undefined || (like !== undefined && !this.areAlike(first, like))) return [];
    let bytes = 0;
    let count = 0;
    for (const step of this.read) {
      const isOver = count >= stepsAtOnce || (count > 0 && bytes + step.size > bytesAtOnce);
      if (isOver || !this.areAlike(step, first)) break;
      bytes += step.size;
      count += 1;
    }
    return this.read.splice(0, count);
  }

  /** A batch that was not begun after all. */
  putBack(batch: readonly JournalStep[]): void {
    this.read.unshift(...batch);
  }

  private async readOn(): Promise<void> {
    const query = {
      fromN: this.nextN,
      limit: stepsRead,
      states: ['waiting', 'running'],
      buckets: doneBuckets,
    } as const;
    this.read = [...(await this.journal.steps(this.task.id, query))];
    this.nextN = (this.read.at(-1)?.n ?? this.nextN) + 1;
  }

  private areAlike(one: JournalStep, other: JournalStep): boolean {
    return (
      one.bucket === other.bucket &&
      one.from === other.from &&
      keeperSide(one) === keeperSide(other) &&
      isResumed(this.task, one) === isResumed(this.task, other)
    );
  }
}

/** Location of the file that stays, of a duplicate. */
function keeperSide(step: JournalStep): string | null {
  return step.bucket === 'dedupe' ? parseDedupeStep(step).keeper.location : null;
}
