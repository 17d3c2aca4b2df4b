import type { Task } from '../../contract/queue.ts';
import type { TaskState } from '../../contract/queue-words.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { JournalTask } from '../../core/ports/journal.ts';
import { SpeedMeter } from './speed-meter.ts';
import { parseDetails, type Reason, type TaskDetails } from './task-details.ts';

/** Why a task stands still although the queue runs. */
export interface Hold extends Reason {
  /** Monotonic milliseconds; null: until its reason is gone. */
  readonly until: number | null;
  readonly untilMs: number | null;
}

/** One task while the program runs: what the journal keeps of it, and how it goes right now. */
export class QueuedTask {
  readonly id: string;
  readonly kind: JournalTask['kind'];
  readonly src: string;
  readonly dst: string | null;
  readonly createdMs: number;
  /** It was put into the journal by an earlier run of the program. */
  readonly isOfEarlierRun: boolean;
  state: TaskState;
  position: number;
  startedMs: number | null;
  finishedMs: number | null;
  details: TaskDetails;
  hold: Hold | null = null;
  current: string | null = null;
  attempts = 0;
  /** How often it was held since something of it was carried out. */
  holds = 0;
  /** Resolves when all steps of a new plan are in the journal; until then it can be shown, not executed. */
  stored: Promise<void> = Promise.resolve();
  /** Durable bytes of files that are not finished. */
  bytesUnderWay = 0;
  readonly speed: SpeedMeter;
  private changing = 0;
  private changed: Promise<unknown> = Promise.resolve();

  constructor(record: JournalTask, clock: Clock, { isOfEarlierRun = false } = {}) {
    this.isOfEarlierRun = isOfEarlierRun;
    this.id = record.id;
    this.kind = record.kind;
    this.src = record.src;
    this.dst = record.dst;
    this.createdMs = record.createdMs;
    this.state = record.state;
    this.position = record.position;
    this.startedMs = record.startedMs;
    this.finishedMs = record.finishedMs;
    this.details = parseDetails(record.details);
    this.speed = new SpeedMeter(clock);
  }

  /** Location that loses files: a mirror deletes at its target. */
  get deletesAt(): string {
    return this.kind === 'mirror' ? (this.dst ?? this.src) : this.src;
  }

  get isActive(): boolean {
    return this.state === 'waiting' || this.state === 'running';
  }

  /** All whose drives it needs. */
  get locations(): readonly string[] {
    const all = [this.src, ...(this.dst === null ? [] : [this.dst]), ...(this.details.dedupe?.locations ?? [])];
    return [...new Set(all)];
  }

  get hasEnded(): boolean {
    return this.state === 'done' || this.state === 'failed' || this.state === 'cancelled';
  }

  /** Somebody executes, cancels, retries, removes or undoes it right now: it must not start. */
  get isChanging(): boolean {
    return this.changing > 0;
  }

  /** Changes of its state take turns, each looks at the state that the one before left. */
  inTurn<T>(change: () => Promise<T>): Promise<T> {
    this.changing += 1;
    const result = this.changed.then(change);
    const over = (): void => {
      this.changing -= 1;
    };
    this.changed = result.then(over, over);
    return result;
  }

  /** What has been done of it so far, whatever came of it. */
  filesEnded(): number {
    const { done, skipped, failed } = this.details;
    return done.files + skipped + failed;
  }

  bytesLeft(): number {
    return Math.max(0, this.details.total.bytes - this.details.done.bytes - this.bytesUnderWay);
  }

  /** Bytes that it is still going to write; what it deletes comes last and takes no space. */
  bytesToWrite(): number {
    return Math.max(0, this.bytesLeft() - (this.details.buckets.delete?.bytes ?? 0));
  }

  filesLeft(): number {
    const { total, done, skipped, failed } = this.details;
    const told = skippedAtPlan(this.details);
    return Math.max(0, total.files - done.files - failed - (skipped - told));
  }

  record(): JournalTask {
    const { id, kind, state, position, src, dst, createdMs, startedMs, finishedMs } = this;
    return {
      id,
      kind,
      state,
      position,
      src,
      dst,
      createdMs,
      startedMs,
      finishedMs,
      details: JSON.stringify(this.details),
    };
  }

  describe(): Task {
    const { details } = this;
    const isRunning = this.state === 'running';
    const bytesPerSecond = isRunning ? this.speed.bytesPerSecond() : 0;
    return {
      id: this.id,
      kind: this.kind,
      state: this.state,
      src: this.src,
      dst: this.dst,
      what: details.what,
      total: details.total,
      done: {
        files: details.done.files,
        bytes: Math.min(details.total.bytes, details.done.bytes + this.bytesUnderWay),
      },
      skipped: details.skipped,
      failed: details.failed,
      current: isRunning ? this.current : null,
      bytesPerSecond,
      averageBytesPerSecond: details.busyMs > 0 ? (details.done.bytes * 1000) / details.busyMs : 0,
      etaSeconds: bytesPerSecond > 0 ? this.bytesLeft() / bytesPerSecond : null,
      attempts: this.attempts,
      hold: this.hold && { code: this.hold.code, message: this.hold.message, untilMs: this.hold.untilMs },
      error: details.error,
      createdMs: this.createdMs,
      startedMs: this.startedMs,
      finishedMs: this.finishedMs,
      reclaimedBytes: details.reclaimedBytes ?? 0,
      ...(details.reclaimedIsEstimate ? { reclaimedIsEstimate: true } : {}),
      undoUntilMs: details.undo?.untilMs ?? null,
    };
  }
}

/** Steps that were only told, from the beginning. */
export function skippedAtPlan({ buckets }: TaskDetails): number {
  return (['conflict', 'unverified', 'skipped'] as const).reduce(
    (sum, bucket) => sum + (buckets[bucket]?.files ?? 0),
    0,
  );
}
