import { AppError } from '../../core/errors/app-error.ts';
import type { QueuedTask } from './queued-task.ts';

interface Waiter {
  readonly onHold: 'wait' | 'fail';
  readonly resolve: (task: QueuedTask) => void;
  readonly reject: (reason: AppError) => void;
}

/** Those who wait for tasks to end. */
export class TaskWaiters {
  private readonly waiters = new Map<string, Set<Waiter>>();

  wait(task: QueuedTask, onHold: 'wait' | 'fail'): Promise<QueuedTask> {
    return new Promise((resolve, reject) => {
      const waiters = this.waiters.get(task.id) ?? new Set();
      waiters.add({ onHold, resolve, reject });
      this.waiters.set(task.id, waiters);
    });
  }

  /** Does anybody rather want the task to fail than to wait for a drive? */
  wantsFailure({ id }: QueuedTask): boolean {
    return [...(this.waiters.get(id) ?? [])].some(({ onHold }) => onHold === 'fail');
  }

  ended(task: QueuedTask): void {
    for (const { resolve } of this.take(task.id)) resolve(task);
  }

  removed(id: string): void {
    for (const { reject } of this.take(id)) {
      reject(new AppError('TASK_NOT_FOUND', 'The task was taken out of the queue before it ended.'));
    }
  }

  private take(id: string): Iterable<Waiter> {
    const waiters = this.waiters.get(id) ?? new Set();
    this.waiters.delete(id);
    return waiters;
  }
}
