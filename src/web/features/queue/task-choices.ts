import type { Task } from '../../../contract/queue.ts';

/** What can be done to a task in the state it is in. */
export interface TaskChoices {
  readonly canCancel: boolean;
  readonly canRemove: boolean;
  readonly canRetry: boolean;
  readonly canReorder: boolean;
  readonly canUndo: boolean;
  readonly canReport: boolean;
}

export function choicesOf(task: Task, nowMs: number): TaskChoices {
  const hasEnded = task.state === 'done' || task.state === 'failed' || task.state === 'cancelled';
  const isUntouched = task.state === 'waiting' && task.startedMs === null;
  return {
    canCancel: !hasEnded && !isUntouched,
    // What can be put back stays in the list for that long.
    canRemove: isUntouched || (hasEnded && task.undoUntilMs === null),
    canRetry: task.state === 'failed' || task.state === 'cancelled',
    canReorder: task.state === 'waiting',
    canUndo: hasEnded && task.undoUntilMs !== null && task.undoUntilMs > nowMs,
    canReport: hasEnded,
  };
}
