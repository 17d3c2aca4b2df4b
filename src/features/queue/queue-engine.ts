import type { Queue } from '../../contract/queue.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { EventLog } from '../../core/events/event-log.ts';
import type { AbortController } from '../../core/ports/abort.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Journal } from '../../core/ports/journal.ts';
import type { StartTimer } from '../../core/ports/timer.ts';
import type { TransferFiles } from '../../core/ports/transfer-files.ts';
import { findOtherCopies, type OtherCopiesPorts } from '../../core/transfers/other-copies.ts';
import { cleanUpAfter } from './clean-up.ts';
import type { IndexKeeper } from './index-keeper.ts';
import { JournalTrouble, markTrouble } from './journal-trouble.ts';
import { PauseGate } from './pause-gate.ts';
import { QueueNews } from './queue-news.ts';
import { QueuedTask } from './queued-task.ts';
import { replayRemovals } from './replay-removals.ts';
import { createSpaceGuard } from './space-guard.ts';
import { isDriveTaken, lookAtDrives } from './task-drives.ts';
import { TaskEnds } from './task-ends.ts';
import { type ShownTasks, TaskList } from './task-list.ts';
import { canBeCleared, leftBehind, requireRemovable, tidiedOf } from './task-removal.ts';
import { type RunEnd, TaskRun } from './task-run.ts';

/** `all`: whatever waits. `own`: what this process itself puts into the queue. `none`: the queue is only looked at. */
export type RunsQueue = 'all' | 'own' | 'none';

export interface QueueEnginePorts {
  readonly journal: Journal;
  readonly files: TransferFiles;
  readonly registry: LocationRegistry;
  readonly events: EventLog;
  readonly clock: Clock;
  readonly startTimer: StartTimer;
  readonly keeper: IndexKeeper;
  readonly contents: OtherCopiesPorts['contents'];
  readonly createAbort: () => AbortController;
  /** 0 to 1. */
  readonly random: () => number;
  readonly concurrency: number;
  readonly retryCount: number;
  readonly runs: RunsQueue;
}

interface Running {
  readonly stop: AbortController;
  /** Resolves, never rejects, when the run is over and settled. */
  readonly over: Promise<void>;
}

/** A plan that nobody executed is forgotten. */
const planKeptMs = 24 * 3_600_000;
/** Within the two seconds that ending the program may take. */
const cleaningMs = 1_000;

/** Runs tasks one after the other, or side by side on different drives, and remembers all of it in the journal. */
export class QueueEngine {
  readonly list = new TaskList();
  paused = false;
  private readonly ports: QueueEnginePorts;
  private readonly running = new Map<QueuedTask, Running>();
  private readonly own = new Set<string>();
  private readonly gate = new PauseGate(() => this.paused && !this.closing);
  private readonly news: QueueNews;
  private readonly ends: TaskEnds;
  private readonly stops: (() => void)[] = [];
  private stopPause: (() => void) | null = null;
  private closing = false;
  private ready: Promise<void> | null = null;
  private cleaning: Promise<void> = Promise.resolve();

  constructor(ports: QueueEnginePorts) {
    this.ports = ports;
    this.news = new QueueNews(this.list, () => this.paused, ports);
    this.ends = new TaskEnds({ ...ports, news: this.news, pump: () => this.pump() });
  }

  /** Loads the journal, when first asked; what a killed program left running waits again. Needed by everything below. */
  loaded(): Promise<void> {
    if (this.ready === null) {
      this.ready = this.load();
      this.ready.catch(() => {});
    }
    return this.ready;
  }

  require(id: string): QueuedTask {
    const task = this.list.get(id);
    if (task) return task;
    throw new AppError('TASK_NOT_FOUND', `There is no task or plan “${id}”; it may have been cleared.`);
  }

  /** Puts a planned task at the end of the queue. */
  async enqueue(task: QueuedTask): Promise<void> {
    await this.inTurn(task, async () => {
      if (task.state !== 'planned') throw new AppError('TASK_STATE', 'This plan was executed already.');
      if (this.require(task.id) !== task) throw new AppError('TASK_NOT_FOUND', 'This plan was forgotten.');
      if (this.paused && this.ports.runs === 'own') {
        throw new AppError('TASK_STATE', 'The queue is paused, so nothing would be done.', {
          hint: 'Let it go on with `weightroom queue resume`.',
        });
      }
      task.state = 'waiting';
      task.position = this.list.nextPosition();
      try {
        await this.ports.journal.saveTask(task.record());
      } catch (thrown) {
        task.state = 'planned';
        throw thrown;
      }
      this.list.enter(task);
      this.own.add(task.id);
    });
    this.tell(task);
  }

  async pause(): Promise<void> {
    this.paused = true;
    this.ports.files.pause(true);
    await this.ports.journal.setPaused(true);
    this.tell();
  }

  async resume(): Promise<void> {
    this.paused = false;
    for (const task of this.list.active()) task.hold = null;
    for (const task of this.running.keys()) task.speed.reset();
    this.ports.files.pause(false);
    this.gate.open();
    await this.ports.journal.setPaused(false);
    this.news.tellAll(this.list.active());
    this.pump();
  }

  async cancel(tasks: readonly QueuedTask[]): Promise<void> {
    await Promise.all(tasks.map((task) => this.cancelOne(task)));
  }

  private async cancelOne(task: QueuedTask): Promise<void> {
    for (let run = this.running.get(task); run; run = this.running.get(task)) {
      run.stop.abort();
      await run.over;
    }
    // It may have been held, or not have begun.
    await this.inTurn(task, async () => {
      if (task.isActive) await this.ends.cancel(task);
    });
  }

  /** A task does not start while it is changed, so afterwards is the time to look for what can. */
  private async inTurn(task: QueuedTask, change: () => Promise<void>): Promise<void> {
    try {
      await task.inTurn(change);
    } finally {
      this.pump();
    }
  }

  /** Tries failed and cancelled steps again. */
  async retry(tasks: readonly QueuedTask[]): Promise<void> {
    for (const task of tasks) await this.inTurn(task, () => this.retryOne(task));
  }

  private async retryOne(task: QueuedTask): Promise<void> {
    const { journal } = this.ports;
    const before = { state: task.state, finishedMs: task.finishedMs, details: task.details };
    if ((task.state !== 'failed' && task.state !== 'cancelled') || this.list.get(task.id) !== task) return;
    task.state = 'waiting';
    task.finishedMs = null;
    task.details = { ...task.details, error: null };
    task.position = this.list.nextPosition();
    try {
      // In this order: a task that waits with failed steps ends as failed, an ended one with waiting steps never would.
      await journal.saveTask(task.record());
    } catch (thrown) {
      Object.assign(task, before);
      throw thrown;
    }
    this.list.enter(task);
    await journal.moveSteps(task.id, ['failed', 'cancelled'], 'waiting');
    await this.ends.recount(task);
    this.own.add(task.id);
    this.tell(task);
  }

  /** @throws TASK_STATE where one of them runs, has begun, can still be undone, or has left something behind. */
  async remove(tasks: readonly QueuedTask[]): Promise<void> {
    const tidy = await tidiedOf(tasks, this.ports);
    for (const task of tasks) requireRemovable(task);
    if (tidy.length < tasks.length) throw leftBehind();
    await this.forget(tasks);
  }

  /** Removes what has ended, but for what can still be undone or has left something behind. */
  async clear(): Promise<void> {
    const tidy = await tidiedOf(this.list.ended().filter(canBeCleared), this.ports);
    await this.forget(tidy.filter(canBeCleared));
  }

  private async forget(tasks: readonly QueuedTask[]): Promise<void> {
    const ids = tasks.map(({ id }) => id);
    const removal = this.ports.journal.removeTasks(ids);
    await Promise.all(tasks.map((task) => this.inTurn(task, () => removal)));
    for (const id of ids) {
      this.list.delete(id);
      this.ends.waiters.removed(id);
    }
    this.news.tellRemoved(ids);
  }

  /** Puts it before another one, or at the end. */
  async reorder(task: QueuedTask, before: QueuedTask | null): Promise<void> {
    const changed = this.list.move(task, before);
    await this.ports.journal.saveTasks(changed.map((moved) => moved.record()));
    this.news.tellAll(changed);
  }

  /** Resolves with the task when it has ended; with `fail`, a task that is held for a drive ends. */
  whenEnded(id: string, onHold: 'wait' | 'fail'): Promise<QueuedTask> {
    return this.ends.wait(this.require(id), onHold);
  }

  snapshot(show: ShownTasks, offset: number, limit: number): Queue {
    const shown = this.list.shown(show);
    const tasks = shown.slice(offset, offset + limit).map((task) => task.describe());
    return { paused: this.paused, totals: this.list.totals(), tasks, total: shown.length };
  }

  tell(...tasks: readonly QueuedTask[]): void {
    this.news.tell(...tasks);
  }

  /** Work under way is left as it is, to be gone on with at the next start. */
  async close(): Promise<void> {
    this.closing = true;
    await this.whenClean();
    for (const stop of this.stops) stop();
    this.stopPause?.();
    this.gate.open();
    this.ports.files.close();
    await Promise.allSettled(Array.from(this.running.values(), ({ over }) => over));
    await Promise.allSettled(Array.from(this.list.all(), ({ stored }) => stored));
    if (this.ready !== null) await this.ports.keeper.flush();
    this.ports.keeper.close();
  }

  /** See `replayRemovals`. */
  async replayRemovals(slot: LocationSlot, missing: ReadonlySet<string>): Promise<void> {
    await this.loaded();
    await replayRemovals(slot, missing, { ...this.ports, tasks: () => this.list.all() });
  }

  /** A command that ends at once must not cut off the cleaning up that it began; a drive that is silent is not waited for. */
  private async whenClean(): Promise<void> {
    let stop = (): void => {};
    const patience = new Promise<void>((resolve) => {
      stop = this.ports.startTimer(cleaningMs, resolve);
    });
    await Promise.race([this.cleaning.catch(() => {}), patience]);
    stop();
  }

  private async load(): Promise<void> {
    const { journal, clock, registry } = this.ports;
    const [records, paused] = await Promise.all([journal.loadTasks(), journal.isPaused()]);
    this.paused = paused;
    this.ports.files.pause(paused);
    const stale: string[] = [];
    for (const record of records) {
      const task = new QueuedTask(record, clock, { isOfEarlierRun: true });
      if (task.state === 'planned' && task.createdMs < clock.nowMs() - planKeptMs) stale.push(task.id);
      else {
        if (task.state === 'planned') this.requireWhole(task);
        this.list.add(task);
      }
    }
    await journal.removeTasks(stale);
    for (const task of this.list.all()) {
      // What was done between the last commit and the kill is found again when the steps are carried out.
      if (task.state === 'running') {
        await this.ends.recount(task);
        task.state = 'waiting';
      }
    }
    if (this.ports.runs === 'none') return;
    this.stops.push(
      this.ports.events.subscribe(({ type, data }) => {
        if (type === 'location.changed' && data.state.kind === 'online') this.release(data.id);
      }),
    );
    if (this.ports.runs !== 'all') return;
    const tasks = (): readonly QueuedTask[] => [...this.list.all()];
    const onStop = (stop: () => void): void => void this.stops.push(stop);
    this.cleaning = cleanUpAfter({ ...this.ports, tasks, onStop, tell: (task) => this.tell(task) });
    for (const slot of registry.list()) void slot.loaded.catch(() => {});
    this.pump();
  }

  /** A program that was killed while it stored a plan has stored a part of it. */
  private requireWhole(task: QueuedTask): void {
    const planned = Object.values(task.details.buckets).reduce((sum, { files }) => sum + files, 0);
    task.stored = this.ports.journal.countSteps(task.id).then((counts) => {
      if (counts.reduce((sum, { files }) => sum + files, 0) === planned) return;
      throw new AppError('PLAN_STALE', 'This plan was not stored to its end, so it cannot be executed. Make it again.');
    });
    task.stored.catch(() => {});
  }

  /**
   * Starts what can start. One timer, set anew each time, looks again when the first pause is over: as long as a task
   * waits for its next try there is one, also after one that went off a moment too early.
   */
  private pump(): void {
    this.stopPause?.();
    this.stopPause = null;
    if (this.closing || this.paused || this.ports.runs === 'none') return;
    const nowMs = this.ports.clock.monotonicMs();
    let firstEnd = Number.POSITIVE_INFINITY;
    for (const task of this.list.active()) {
      // The end of one of them looks again.
      if (this.running.size >= this.ports.concurrency) return;
      if (task.state !== 'waiting' || task.isChanging || this.running.has(task)) continue;
      if (this.ports.runs === 'own' && !this.own.has(task.id)) continue;
      const pauseEnd = task.hold === null ? nowMs : (task.hold.until ?? Number.POSITIVE_INFINITY);
      if (pauseEnd > nowMs) firstEnd = Math.min(firstEnd, pauseEnd);
      else if (!isDriveTaken(task, this.running.keys(), this.ports.registry)) this.start(task);
    }
    if (firstEnd === Number.POSITIVE_INFINITY) return;
    this.stopPause = this.ports.startTimer(firstEnd - nowMs, () => this.pump());
  }

  private start(task: QueuedTask): void {
    const stop = this.ports.createAbort();
    // In a later turn, so that it is in the list before it can be over.
    const over = Promise.resolve().then(() => this.run(task, stop.signal));
    this.running.set(task, { stop, over });
    task.hold = null;
    task.state = 'running';
    this.tell(task);
  }

  private async run(task: QueuedTask, signal: AbortSignal): Promise<void> {
    const hasBegunBefore = task.startedMs !== null;
    task.startedMs ??= this.ports.clock.nowMs();
    task.speed.reset();
    try {
      // What a run that was cut short had counted may not have been written down.
      if (hasBegunBefore) await this.ends.recount(task);
      await this.carryOut(task, signal);
    } catch (thrown) {
      if (!this.closing) this.ends.putOff(task, thrown);
    } finally {
      this.running.delete(task);
      this.pump();
    }
  }

  /** @throws what the journal says, which no file is to blame for. */
  private async carryOut(task: QueuedTask, signal: AbortSignal): Promise<void> {
    const startedAt = this.ports.clock.monotonicMs();
    const endedBefore = task.filesEnded();
    const run = this.newRun(task, signal);
    let end: RunEnd | null = null;
    let failure: unknown = null;
    try {
      await lookAtDrives(task, this.ports.registry);
      end = await run.run();
    } catch (thrown) {
      failure = thrown;
    }
    this.countTime(task, startedAt);
    if (task.filesEnded() > endedBefore) task.holds = 0;
    if (end === null) await run.save();
    if (this.closing) return;
    if (failure instanceof JournalTrouble) throw failure;
    if (signal.aborted && end?.kind !== 'finished') return this.ends.cancel(task);
    await (end === null ? this.ends.settleFailure(task, failure) : this.ends.settle(task, end, signal));
  }

  private newRun(task: QueuedTask, signal: AbortSignal): TaskRun {
    const { clock, registry, contents } = this.ports;
    return new TaskRun(
      task,
      {
        ...this.ports,
        journal: markTrouble(this.ports.journal),
        space: createSpaceGuard({ registry, clock }),
        otherCopies: (slot) => findOtherCopies(slot, { contents, locations: () => registry.list() }),
        gate: () => this.gate.pass(signal),
        onProgress: () => this.news.tellProgress(this.running.keys()),
        nowMs: () => clock.nowMs(),
      },
      signal,
    );
  }

  private countTime(task: QueuedTask, startedAt: number): void {
    const ms = this.ports.clock.monotonicMs() - startedAt;
    task.details = { ...task.details, busyMs: task.details.busyMs + ms };
  }

  /** A location is back: what waited for it goes on. What is tried again after a pause waits for its time. */
  private release(location: string): void {
    for (const task of this.list.active()) {
      if (task.hold?.code !== 'LOCATION_OFFLINE' || task.hold.until !== null) continue;
      if (!task.locations.includes(location)) continue;
      task.hold = null;
      this.tell(task);
    }
    this.pump();
  }
}
