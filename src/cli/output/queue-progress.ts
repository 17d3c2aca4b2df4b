import type { WeightroomEvent } from '../../contract/events.ts';
import type { Task } from '../../contract/queue.ts';
import type { TaskKind } from '../../contract/queue-words.ts';
import type { Engine } from '../cli-host.ts';
import { formatBytes, formatCount, formatDuration, plural } from './format.ts';
import type { Progress } from './progress.ts';
import { printable } from './width.ts';

const doing: Readonly<Record<TaskKind, string>> = {
  copy: 'Copying',
  move: 'Moving',
  delete: 'Deleting',
  mirror: 'Mirroring',
  dedupe: 'Removing duplicates',
};

/** Shows how the tasks that `follows` picks move on until `work` ends. */
export async function followTasks<T>(
  engine: Engine,
  progress: Progress,
  follows: (task: Task) => boolean,
  work: () => Promise<T>,
): Promise<T> {
  if (!progress.isShown) return work();
  const stop = engine.onEvent((event) => {
    const line = describeEvent(event, follows);
    if (line !== undefined) progress.show(line);
  });
  try {
    return await work();
  } finally {
    stop();
    await progress.clear();
  }
}

function describeEvent(event: WeightroomEvent, follows: (task: Task) => boolean): string | undefined {
  if (event.type === 'queue.progressed') {
    const task = event.data.tasks.find(follows);
    return task && describeTask(task);
  }
  if (event.type !== 'queue.changed') return undefined;
  const { paused, totals, tasks } = event.data;
  const task = tasks.find((one) => follows(one) && (one.state === 'running' || one.state === 'waiting'));
  if (paused) return 'The queue is paused; `weightroom queue resume` lets it go on.';
  if (task?.state === 'waiting' && task.hold === null) {
    return `Waiting for its turn; ${plural(totals.running, 'task runs', 'tasks run')} before it`;
  }
  return task && describeTask(task);
}

/** `Copying 3 of 10 files, 1.2 GiB of 6.0 GiB, 120 MiB/s, 12 s left  loras/x.safetensors` */
export function describeTask(task: Task): string {
  const { kind, done, total, bytesPerSecond, etaSeconds, hold, attempts } = task;
  if (hold !== null) return `Waiting: ${printable(hold.message)}`;
  const parts = [`${doing[kind]} ${formatCount(done.files)} of ${plural(total.files, 'file')}`];
  if (kind !== 'delete') {
    parts.push(`${formatBytes(done.bytes)} of ${formatBytes(total.bytes)}`);
    if (bytesPerSecond > 0) parts.push(`${formatBytes(bytesPerSecond)}/s`);
  }
  if (etaSeconds !== null && etaSeconds >= 1) parts.push(`${formatDuration(etaSeconds * 1000)} left`);
  if (attempts > 0) parts.push(`try ${attempts + 1}`);
  const name = task.current ?? task.what;
  return name === '' ? parts.join(', ') : `${parts.join(', ')}  ${printable(name)}`;
}
