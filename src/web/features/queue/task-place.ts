import type { Task } from '../../../contract/queue.ts';

type TaskAt = (index: number) => Task | undefined;

/** Where a waiting task goes: before which other one; null: to the end; undefined: it stays where it is. */
export type Place = Task | null | undefined;

export type MoveStep = 'up' | 'down' | 'top';

/**
 * The task that a waiting one is put before. Those that run stand first and cannot be overtaken; `count` is that of all
 * tasks that run or wait.
 */
export function placeFor(step: MoveStep, index: number, count: number, taskAt: TaskAt): Place {
  const isWaiting = (at: number) => taskAt(at)?.state === 'waiting';
  if (!isWaiting(index)) return undefined;
  if (step === 'up') return isWaiting(index - 1) ? taskAt(index - 1) : undefined;
  if (step === 'down') {
    if (index + 1 >= count) return undefined;
    return index + 2 >= count ? null : taskAt(index + 2);
  }
  for (let at = 0; at < index; at += 1) {
    if (isWaiting(at)) return taskAt(at);
  }
  return undefined;
}
