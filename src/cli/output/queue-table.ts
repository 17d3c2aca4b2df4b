import type { Queue, QueueTotals, Task } from '../../contract/queue.ts';
import { formatBytes, formatCount, formatTime, plural } from './format.ts';
import type { Look } from './look.ts';
import { renderTable } from './table.ts';

/** The queue in one sentence: `Paused. 1 task runs, 3 wait: 120 files, 6.46 GiB left. 2 have ended, 1 with failures.` */
export function describeTotals(paused: boolean, totals: QueueTotals): string {
  const { running, waiting, finished, failed, filesLeft, bytesLeft } = totals;
  const sentences = paused ? ['Paused.'] : [];
  if (running + waiting === 0) sentences.push('Nothing waits.');
  else {
    const active = `${plural(running, 'task runs', 'tasks run')}, ${formatCount(waiting)} ${waiting === 1 ? 'waits' : 'wait'}`;
    sentences.push(`${active}: ${plural(filesLeft, 'file')}, ${formatBytes(bytesLeft)} left.`);
  }
  if (finished > 0) {
    const failures = failed === 0 ? '' : `, ${formatCount(failed)} with failures`;
    sentences.push(`${formatCount(finished)} ${finished === 1 ? 'has' : 'have'} ended${failures}.`);
  }
  return sentences.join(' ');
}

/** `copy loras/x.safetensors local → lake` */
export function describeWhat({ kind, what, src, dst, total }: Task): string {
  const subject = what === '' ? plural(total.files, 'file') : what;
  return `${kind} ${subject} ${dst === null ? `from ${src}` : `${src} → ${dst}`}`;
}

function remark(task: Task): string {
  if (task.hold !== null) return task.hold.message;
  if (task.error !== null && task.state !== 'done') return task.error.message;
  if (task.undoUntilMs !== null) return `undo until ${formatTime(task.undoUntilMs)}`;
  return task.skipped > 0 ? `${formatCount(task.skipped)} skipped` : '';
}

function paintState({ state, hold }: Task, look: Look) {
  if (state === 'failed') return look.red;
  if (hold !== null || state === 'cancelled') return look.yellow;
  return state === 'running' ? look.blue : look.dim;
}

export function taskLines(tasks: readonly Task[], look: Look): Iterable<string> {
  return renderTable<Task>(
    [
      { title: 'Id', cell: ({ id }) => id, paint: () => look.bold },
      {
        title: 'State',
        cell: ({ state, hold }) => (hold === null ? state : 'stands still'),
        paint: (task) => paintState(task, look),
      },
      {
        title: 'Files',
        align: 'right',
        cell: ({ done, total }) => `${formatCount(done.files)}/${formatCount(total.files)}`,
      },
      { title: 'Size', align: 'right', cell: ({ total }) => formatBytes(total.bytes) },
      { title: 'Task', cell: describeWhat, shrinks: true },
      { title: '', cell: remark, shrinks: true, paint: () => look.dim },
    ],
    tasks,
    look,
  );
}

export function* queueLines({ paused, totals, tasks, total }: Queue, look: Look): Iterable<string> {
  yield describeTotals(paused, totals);
  if (tasks.length > 0) yield* taskLines(tasks, look);
  if (tasks.length < total)
    yield look.dim(`${formatCount(tasks.length)} of ${plural(total, 'task')}; --limit shows more.`);
}
