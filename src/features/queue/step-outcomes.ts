import { type ErrorCode, errorCodes } from '../../contract/errors.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { JournalStep, StepChange } from '../../core/ports/journal.ts';
import type { TransferReport } from '../../core/ports/transfer-files.ts';
import { addAmounts } from '../../core/transfers/plan-draft.ts';
import { formatDedupeStep, parseDedupeStep } from './dedupe-step.ts';
import type { IndexKeeper } from './index-keeper.ts';
import { targetOf } from './orders.ts';
import type { QueuedTask } from './queued-task.ts';
import { slotAsPlanned } from './same-roots.ts';
import { changeOf } from './step-changes.ts';
import type { Reason } from './task-details.ts';

export interface StepOutcomesPorts {
  readonly registry: LocationRegistry;
  readonly keeper: IndexKeeper;
  readonly retryCount: number;
  readonly onProgress: () => void;
  readonly nowMs: () => number;
}

/** What is left waits for a drive, for space, or for another try. */
export interface RunHold {
  readonly kind: 'hold';
  readonly reason: Reason;
  readonly location: string | null;
}

type Failed = Extract<TransferReport, { type: 'failed' }>;

/** A mirror is made of facts that may be old: what is not as it was is left alone, and told. */
const staleCodes: readonly string[] = ['TARGET_EXISTS', 'FILE_CHANGED', 'FILE_NOT_FOUND', 'PLAN_STALE'];

/**
 * What became of the steps of a task under way: counted in the task, kept for the journal until it is asked for, and
 * whether the rest has to wait.
 */
export class StepOutcomes {
  private readonly task: QueuedTask;
  private readonly ports: StepOutcomesPorts;
  private changes: StepChange[] = [];
  private held: RunHold | null = null;
  /** Reported bytes of steps under way. */
  private readonly credit = new Map<number, number>();

  constructor(task: QueuedTask, ports: StepOutcomesPorts) {
    this.task = task;
    this.ports = ports;
  }

  get hold(): RunHold | null {
    return this.held;
  }

  get isOffline(): boolean {
    return this.held?.reason.code === 'LOCATION_OFFLINE';
  }

  /** No further step can succeed as things are. */
  get mustStop(): boolean {
    return this.isOffline || this.held?.reason.code === 'NO_SPACE';
  }

  /** What the journal does not know yet; whoever takes it stores it. */
  takeChanges(): readonly StepChange[] {
    return this.changes.splice(0);
  }

  holdFor(reason: Reason, location: string | null): void {
    this.held = { kind: 'hold', reason, location };
  }

  movedOn(step: JournalStep, bytes: number): void {
    const { task } = this;
    task.current = step.relPath;
    task.attempts = step.attempts;
    task.bytesUnderWay += bytes;
    this.credit.set(step.n, (this.credit.get(step.n) ?? 0) + bytes);
    task.speed.add(bytes);
    this.ports.onProgress();
  }

  /** @returns the bytes that were reported of it. */
  forgetCredit(n: number): number {
    const credited = this.credit.get(n) ?? 0;
    this.credit.delete(n);
    this.task.bytesUnderWay -= credited;
    return credited;
  }

  finish(step: JournalStep, way: string): void {
    const { task } = this;
    const credited = this.forgetCredit(step.n);
    task.speed.add(Math.max(0, step.size - credited));
    task.details = { ...task.details, done: addAmounts(task.details.done, { files: 1, bytes: step.size }) };
    this.changes.push(changeOf(step, { state: 'done', way, code: null, message: null }));
  }

  failed(step: JournalStep, { code, message, hint, location }: Failed): void {
    this.forgetCredit(step.n);
    const reason = { code, message: hint === null ? message : `${message} ${hint}` };
    // The source of a move that was interrupted after its copy: its delete had been carried out.
    if (code === 'FILE_NOT_FOUND' && step.way === 'copied' && location === this.task.src) return this.wasMoved(step);
    // What frees space must not wait for it.
    if (code === 'LOCATION_OFFLINE' || (code === 'NO_SPACE' && step.bucket !== 'dedupe')) {
      this.holdFor(reason, location);
      this.changes.push(changeOf(step, { state: 'waiting', attempts: Math.max(1, step.attempts), ...reason }));
      return;
    }
    if (errorCodes[code as ErrorCode]?.[0] === 'unavailable' && step.attempts < this.ports.retryCount) {
      this.held ??= { kind: 'hold', reason: { code: 'RETRY', message: reason.message }, location: null };
      this.task.attempts = step.attempts + 1;
      this.changes.push(changeOf(step, { state: 'waiting', attempts: step.attempts + 1, ...reason }));
      return;
    }
    if (this.task.kind === 'mirror' && staleCodes.includes(code)) return this.skip(step, reason);
    // Anything odd: that file stays, the others go on.
    if (step.bucket === 'dedupe' && errorCodes[code]?.[0] !== 'unavailable') return this.skip(step, reason);
    this.fail(step, reason);
  }

  /** A mirror tells what it leaves as it is; for others it is a failure. */
  leave(step: JournalStep, reason: Reason): void {
    if (this.task.kind === 'mirror') this.skip(step, reason);
    else this.fail(step, reason);
  }

  skip(step: JournalStep, reason: Reason): void {
    const { task } = this;
    task.details = { ...task.details, skipped: task.details.skipped + 1 };
    this.changes.push(changeOf(step, { state: 'skipped', ...reason, extra: this.endedExtra(step) }));
  }

  fail(step: JournalStep, { code, message }: Reason): void {
    const { task } = this;
    task.details = { ...task.details, failed: task.details.failed + 1, error: { code, message } };
    this.changes.push(changeOf(step, { state: 'failed', code, message, extra: this.endedExtra(step) }));
  }

  private wasMoved(step: JournalStep): void {
    const { task, ports } = this;
    ports.keeper.gone(slotAsPlanned(task, task.src, ports.registry), step.relPath);
    // Its copy may not have been in the index yet.
    if (task.dst !== null) {
      ports.keeper.readAgain(slotAsPlanned(task, task.dst, ports.registry), [targetOf(step)]);
    }
    this.finish(step, 'moved');
  }

  private endedExtra(step: JournalStep): string | null {
    if (step.bucket !== 'dedupe') return step.extra;
    return formatDedupeStep({ ...parseDedupeStep(step), endedMs: this.ports.nowMs() });
  }
}
