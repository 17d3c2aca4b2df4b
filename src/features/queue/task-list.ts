import type { QueueTotals } from '../../contract/queue.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { QueuedTask } from './queued-task.ts';

/** `finished`: all that ended; `done`: those of them that did not fail. */
export type ShownTasks = 'all' | 'active' | 'finished' | 'done' | 'failed';

/** The tasks in memory, plans included. */
export class TaskList {
  private readonly tasks = new Map<string, QueuedTask>();
  /** Those that were put into the queue, in its order; with 10,000 of them they are not sorted at every look. */
  private queued: readonly QueuedTask[] = [];
  private readonly entered = new Set<QueuedTask>();
  private isSorted = true;
  private lastPosition = 0;

  add(task: QueuedTask): void {
    this.tasks.set(task.id, task);
    this.lastPosition = Math.max(this.lastPosition, task.position);
    if (task.isActive) this.enter(task);
  }

  /** It is in the queue from now on. */
  enter(task: QueuedTask): void {
    this.lastPosition = Math.max(this.lastPosition, task.position);
    this.entered.add(task);
    this.isSorted = false;
  }

  get(id: string): QueuedTask | undefined {
    return this.tasks.get(id);
  }

  /**
   * Puts a task before another one, or at the end.
   * @returns the tasks whose position changed: one, or all where two have become too close for one between them.
   * @throws AppError TASK_STATE where the other one does not wait.
   */
  move(task: QueuedTask, before: QueuedTask | null): readonly QueuedTask[] {
    const others = this.active().filter((other) => other !== task);
    const at = before === null ? others.length : others.indexOf(before);
    if (at < 0) throw new AppError('TASK_STATE', 'Only tasks that wait have an order.');
    const next = others[at]?.position ?? this.nextPosition() + 1;
    const previous = others[at - 1]?.position ?? next - 2;
    task.position = (previous + next) / 2;
    this.isSorted = false;
    if (task.position > previous && task.position < next) return [task];
    const order = [...others.slice(0, at), task, ...others.slice(at)];
    for (const [k, other] of order.entries()) other.position = k + 1;
    return order;
  }

  delete(id: string): void {
    this.tasks.delete(id);
  }

  all(): Iterable<QueuedTask> {
    return this.tasks.values();
  }

  /** Waiting and running ones in the order of the queue. */
  active(): readonly QueuedTask[] {
    for (const task of this.queued) {
      if (task.isActive && this.tasks.get(task.id) === task) continue;
      this.entered.delete(task);
      this.isSorted = false;
    }
    if (!this.isSorted) {
      // Nearly in order already, which costs sorting little.
      const active = [...this.entered].filter((task) => task.isActive && this.tasks.get(task.id) === task);
      this.queued = active.sort((x, y) => x.position - y.position);
      this.isSorted = true;
    }
    return this.queued;
  }

  ended(): readonly QueuedTask[] {
    const ended = [...this.tasks.values()].filter(({ hasEnded }) => hasEnded);
    return ended.sort((x, y) => (y.finishedMs ?? 0) - (x.finishedMs ?? 0) || y.position - x.position);
  }

  /** Running first, then waiting, then ended ones, newest first. */
  shown(show: ShownTasks): readonly QueuedTask[] {
    const active = show === 'all' || show === 'active' ? this.active() : [];
    const running = active.filter(({ state }) => state === 'running');
    const waiting = active.filter(({ state }) => state === 'waiting');
    if (show === 'active') return [...running, ...waiting];
    const ended = this.ended();
    if (show === 'failed') return ended.filter(({ state }) => state === 'failed');
    if (show === 'done') return ended.filter(({ state }) => state !== 'failed');
    return [...running, ...waiting, ...ended];
  }

  nextPosition(): number {
    this.lastPosition += 1;
    return this.lastPosition;
  }

  totals(): QueueTotals {
    const sums = { running: 0, waiting: 0, finished: 0, failed: 0, filesLeft: 0, bytesLeft: 0, bytesPerSecond: 0 };
    for (const task of this.tasks.values()) {
      if (task.state === 'running') {
        sums.running += 1;
        sums.bytesPerSecond += task.speed.bytesPerSecond();
      }
      if (task.state === 'waiting') sums.waiting += 1;
      if (task.isActive) {
        sums.filesLeft += task.filesLeft();
        sums.bytesLeft += task.bytesLeft();
      }
      if (task.hasEnded) sums.finished += 1;
      if (task.state === 'failed') sums.failed += 1;
    }
    return { ...sums, etaSeconds: sums.bytesPerSecond > 0 ? sums.bytesLeft / sums.bytesPerSecond : null };
  }

  /** Bytes that tasks are still going to write to a location. */
  bytesBoundFor(location: string): number {
    let bytes = 0;
    for (const task of this.tasks.values()) if (task.isActive && task.dst === location) bytes += task.bytesToWrite();
    return bytes;
  }
}
