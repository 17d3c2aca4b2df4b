import type { QueryClient } from '@tanstack/react-query';
import type { EventData } from '../../contract/events.ts';
import type { Queue, QueueTotals, Task } from '../../contract/queue.ts';
import { keys } from './queries.ts';

export function isActive({ state }: Pick<Task, 'state'>): boolean {
  return state === 'running' || state === 'waiting';
}

/** The same list with newer tasks in the places of older ones; the list itself when it holds none of them. */
export function withTasks(queue: Queue | undefined, changed: readonly Task[]): Queue | undefined {
  if (!queue) return undefined;
  const newer = new Map(changed.map((task) => [task.id, task]));
  if (!queue.tasks.some(({ id }) => newer.has(id))) return queue;
  return { ...queue, tasks: queue.tasks.map((task) => newer.get(task.id) ?? task) };
}

/** What runs and waits first, brought up to date: what has ended leaves, what began joins at the front. */
export function withHead(queue: Queue, changed: readonly Task[], totals: QueueTotals): Queue {
  const known = new Set(queue.tasks.map(({ id }) => id));
  const begun = changed.filter(({ id, state }) => state === 'running' && !known.has(id));
  const tasks = [...begun, ...(withTasks(queue, changed) ?? queue).tasks].filter(isActive);
  const running = tasks.filter(({ state }) => state === 'running');
  return { ...queue, totals, tasks: [...running, ...tasks.filter(({ state }) => state !== 'running')] };
}

function putTasks(client: QueryClient, tasks: readonly Task[]): void {
  client.setQueriesData<Queue>({ queryKey: keys.queueLists }, (queue) => withTasks(queue, tasks));
  for (const task of tasks) {
    // Only what someone looks at has an entry of its own.
    client.setQueryData<Task>(keys.task(task.id), (known) => (known ? task : undefined));
  }
}

/** Running tasks moved on: no list is asked for again. */
export function applyProgress(client: QueryClient, { totals, tasks }: EventData<'queue.progressed'>): void {
  client.setQueryData<Queue>(keys.queueHead, (known) => known && withHead(known, tasks, totals));
  putTasks(client, tasks);
}

export function applyChange(client: QueryClient, event: EventData<'queue.changed'>): void {
  const { paused, totals, tasks, removed } = event;
  client.setQueryData<Queue>(keys.queueHead, (known) => known && { ...withHead(known, tasks, totals), paused });
  putTasks(client, tasks);
  for (const task of tasks) void client.invalidateQueries({ queryKey: keys.steps(task.id) });
  for (const id of removed) client.removeQueries({ queryKey: keys.task(id) });
}
