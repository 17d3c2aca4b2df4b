import type { Task } from '../../contract/queue.ts';

type Listener = (task: Task) => void;
const listeners = new Set<Listener>();

/** A task that ended just now, for whoever wants to say so. */
export function taskEnded(task: Task): void {
  for (const listener of listeners) listener(task);
}

export function onTaskEnded(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
