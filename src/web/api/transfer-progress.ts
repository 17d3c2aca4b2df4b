import type { Queue, Task } from '../../contract/queue.ts';
import { createStore } from '../ui/store.ts';

interface Amount {
  readonly files: number;
  readonly bytes: number;
}

/** What ended since the queue was last empty, so that progress of several tasks only grows. */
const ended = createStore<Amount>({ files: 0, bytes: 0 });

export function countEnded(task: Task): void {
  const { files, bytes } = ended.get();
  ended.set({ files: files + task.done.files, bytes: bytes + task.done.bytes });
}

export function forgetEnded(): void {
  if (ended.get().files > 0 || ended.get().bytes > 0) ended.set({ files: 0, bytes: 0 });
}

function share(done: number, left: number): number | null {
  return done + left === 0 ? null : done / (done + left);
}

/** Part of all that was asked for that is done, 0 to 1; null when nothing is under way. */
export function doneShare({ tasks, totals }: Queue, before: Amount): number | null {
  if (totals.running + totals.waiting === 0) return null;
  const sum = (part: (task: Task) => number) => tasks.reduce((total, task) => total + part(task), 0);
  const byBytes = share(before.bytes + sum(({ done }) => done.bytes), totals.bytesLeft);
  return byBytes ?? share(before.files + sum(({ done }) => done.files), totals.filesLeft) ?? 0;
}

export function useDoneShare(queue: Queue | undefined): number | null {
  const before = ended.use((amount) => amount);
  return queue ? doneShare(queue, before) : null;
}
