import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import { toAppError } from '../../core/errors/app-error.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Journal, StepCount } from '../../core/ports/journal.ts';
import type { TransferFiles } from '../../core/ports/transfer-files.ts';
import { type Amount, addAmounts, nothing } from '../../core/transfers/plan-draft.ts';
import { giveNamesBack, sumFreed } from './dedupe-ends.ts';
import { removeEmptied } from './emptied-folders.ts';
import type { IndexKeeper } from './index-keeper.ts';
import { endBegun } from './interrupted-steps.ts';
import { JournalTrouble } from './journal-trouble.ts';
import { undoFolder } from './orders.ts';
import type { QueueNews } from './queue-news.ts';
import { type QueuedTask, skippedAtPlan } from './queued-task.ts';
import { doneBuckets, type Reason } from './task-details.ts';
import type { RunEnd } from './task-run.ts';
import { TaskWaiters } from './task-waiters.ts';

export interface TaskEndsPorts {
  readonly journal: Journal;
  readonly files: TransferFiles;
  readonly registry: LocationRegistry;
  readonly clock: Clock;
  readonly keeper: IndexKeeper;
  /** 0 to 1. */
  readonly random: () => number;
  readonly retryCount: number;
  readonly news: QueueNews;
  /** Looks for what can start. */
  readonly pump: () => void;
}

type EndState = 'done' | 'failed' | 'cancelled';

const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
const fullAgainMs = 60_000;
/** How long a deleted file can be put back. */
const undoMs = 24 * 3_600_000;

/** What becomes of a task when its run is over: it has ended, or it is held and goes on later. */
export class TaskEnds {
  readonly waiters = new TaskWaiters();
  private readonly ports: TaskEndsPorts;

  constructor(ports: TaskEndsPorts) {
    this.ports = ports;
  }

  /** Resolves with the task when it has ended; with `fail`, a task that is held for a drive ends. */
  async wait(task: QueuedTask, onHold: 'wait' | 'fail'): Promise<QueuedTask> {
    if (onHold === 'fail' && isForDrive(task)) {
      const giveUp = async (): Promise<void> => (isForDrive(task) ? this.giveUp(task) : undefined);
      await task.inTurn(giveUp).finally(this.ports.pump);
    }
    return task.hasEnded ? task : this.waiters.wait(task, onHold);
  }

  /** What the journal says decides how it ended, whatever was counted on the way. */
  async settle(task: QueuedTask, end: RunEnd, signal: AbortSignal): Promise<void> {
    if (end.kind === 'hold') return this.hold(task, end.reason, end.location);
    const counts = await this.recount(task);
    if (filesOf(counts, 'waiting', 'running') > 0) {
      return this.hold(task, { code: 'RETRY', message: 'Some files were left over, so they are tried again.' }, null);
    }
    await removeEmptied(task, this.ports, signal);
    if (task.details.failed > 0) await giveNamesBack(task, this.ports);
    const ended = filesOf(counts, 'cancelled') > 0 ? 'cancelled' : 'done';
    await this.end(task, task.details.failed > 0 ? 'failed' : ended);
  }

  async settleFailure(task: QueuedTask, thrown: unknown): Promise<void> {
    const error = toAppError(thrown);
    if (error.code === 'LOCATION_OFFLINE') return this.hold(task, error, error.location ?? null);
    // A process that was killed, for instance; its drives are not to blame.
    if (error.kind === 'unavailable' && task.holds < this.ports.retryCount) {
      return this.hold(task, { code: 'RETRY', message: error.message }, null);
    }
    await this.fail(task, error);
  }

  async cancel(task: QueuedTask): Promise<void> {
    await this.endSteps(task, 'cancelled');
    await this.end(task, 'cancelled');
  }

  /** Even how it went could not be written down: it is tried again later, and what was counted is counted anew. */
  putOff(task: QueuedTask, thrown: unknown): void {
    const { code, message } = toAppError(thrown instanceof JournalTrouble ? thrown.cause : thrown);
    this.standStill(task, { code, message }, this.pauseAfter(task.holds));
    this.ports.news.tell(task);
  }

  /** What the journal has of the steps: truth, wherever steps were moved as a whole or a run was cut short. */
  async recount(task: QueuedTask): Promise<readonly StepCount[]> {
    const counts = await this.ports.journal.countSteps(task.id);
    const sum = (state: string): Amount =>
      counts.filter((count) => count.state === state && doneBuckets.includes(count.bucket)).reduce(addAmounts, nothing);
    task.details = {
      ...task.details,
      done: sum('done'),
      reclaimedBytes: await sumFreed(task, this.ports.journal),
      failed: sum('failed').files,
      skipped: sum('skipped').files + skippedAtPlan(task.details),
    };
    task.bytesUnderWay = 0;
    return counts;
  }

  private async hold(task: QueuedTask, { code, message }: Reason, location: string | null): Promise<void> {
    const { registry, journal, keeper, news } = this.ports;
    const slot = location === null ? undefined : registry.find(location);
    if (code === 'LOCATION_OFFLINE' && slot) await registry.look(slot);
    // A drive that is away is waited for; one that answers again, and single files, are tried after a growing pause.
    const isAway = code === 'LOCATION_OFFLINE' && slot !== undefined && slot.state.kind !== 'online';
    const ms = isAway ? null : code === 'NO_SPACE' ? fullAgainMs : this.pauseAfter(task.holds);
    this.standStill(task, { code, message }, ms);
    await journal.saveTask(task.record());
    await keeper.flush();
    news.tell(task);
    if (isForDrive(task) && this.waiters.wantsFailure(task)) await this.giveUp(task);
  }

  private standStill(task: QueuedTask, { code, message }: Reason, ms: number | null): void {
    const { clock } = this.ports;
    const until = ms === null ? null : clock.monotonicMs() + ms;
    task.hold = { code, message, until, untilMs: ms === null ? null : clock.nowMs() + ms };
    task.state = 'waiting';
    task.current = null;
    task.bytesUnderWay = 0;
    task.holds += 1;
  }

  /** Doubled with each try, and not the same for all. */
  private pauseAfter(tries: number): number {
    return Math.min(longestPauseMs, firstPauseMs * 2 ** tries) * (0.75 + this.ports.random() / 2);
  }

  /** Whoever waits does not want to wait for a drive: what is left fails with the reason. */
  private async giveUp(task: QueuedTask): Promise<void> {
    const { code, message } = task.hold ?? { code: 'LOCATION_OFFLINE', message: 'A drive is away.' };
    await this.fail(task, { code, message });
  }

  private async fail(task: QueuedTask, { code, message }: Reason): Promise<void> {
    task.details = { ...task.details, error: { code, message } };
    await this.endSteps(task, 'failed');
    await this.end(task, 'failed');
  }

  /** What did not begin ends; of what did, the traces are removed. */
  private async endSteps(task: QueuedTask, state: 'failed' | 'cancelled'): Promise<void> {
    const { journal } = this.ports;
    // A file that could not get its name back stays begun: that is tried again at the next start.
    const isAllBack = await giveNamesBack(task, this.ports);
    await journal.moveSteps(task.id, ['waiting'], state);
    if (task.kind !== 'dedupe') await endBegun(task, state, this.ports);
    else if (isAllBack) await journal.moveSteps(task.id, ['running'], state);
    await this.recount(task);
  }

  /** @throws what the journal says: then it has not ended. */
  private async end(task: QueuedTask, state: EndState): Promise<void> {
    const { journal, keeper, clock, registry, news } = this.ports;
    const finishedMs = clock.nowMs();
    const counts = task.details.staged ? await journal.countSteps(task.id) : [];
    if (counts.some(({ bucket, state: ended }) => bucket === 'delete' && ended === 'done')) {
      task.details = {
        ...task.details,
        undo: { folder: `${undoFolder}/${task.id}`, untilMs: finishedMs + undoMs },
      };
    }
    await journal.saveTask({ ...task.record(), state, finishedMs });
    task.state = state;
    task.finishedMs = finishedMs;
    task.hold = null;
    task.current = null;
    task.holds = 0;
    await keeper.flush();
    // Free space has changed.
    for (const id of task.startedMs === null ? [] : task.locations) {
      const slot = registry.find(id);
      if (slot) void registry.look(slot);
    }
    news.tellEnd(task);
    this.waiters.ended(task);
  }
}

/** Held for a drive, not for another try of single files. */
function isForDrive({ hold, isActive }: QueuedTask): boolean {
  return isActive && hold !== null && hold.code !== 'RETRY';
}

function filesOf(counts: readonly StepCount[], ...states: readonly string[]): number {
  return counts.reduce(
    (sum, { bucket, state, files }) => sum + (states.includes(state) && doneBuckets.includes(bucket) ? files : 0),
    0,
  );
}
