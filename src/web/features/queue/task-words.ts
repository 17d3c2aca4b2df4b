import type { Task } from '../../../contract/queue.ts';
import type { TaskKind } from '../../../contract/queue-words.ts';
import { countOf, formatBytes, formatCount } from '../../ui/format.ts';
import { formatDuration } from '../../ui/format-time.ts';
import { visibleName } from '../../ui/visible-name.ts';

/** Name of a location by its id. */
export type NameOf = (location: string) => string;

const verbs: Readonly<Record<TaskKind, string>> = {
  copy: 'Copy',
  move: 'Move',
  delete: 'Delete',
  mirror: 'Mirror',
  dedupe: 'Duplicates:',
};
const doing: Readonly<Record<TaskKind, string>> = {
  copy: 'Copying',
  move: 'Moving',
  delete: 'Deleting',
  mirror: 'Mirroring',
  dedupe: 'Removing duplicates:',
};
const didWhat: Readonly<Record<TaskKind, string>> = {
  copy: 'copied',
  move: 'moved',
  delete: 'deleted',
  mirror: 'mirrored',
  dedupe: 'of duplicates dealt with',
};

export function amountText({ files, bytes }: { readonly files: number; readonly bytes: number }): string {
  return `${countOf(files, 'file')}, ${formatBytes(bytes)}`;
}

/** What a task has to do, which can be folders alone. */
export function workText({ kind, total }: Pick<Task, 'kind' | 'total'>): string {
  return kind === 'delete' && total.files === 0 ? 'empty folders' : amountText(total);
}

/** `loras/x.safetensors`, `31 files`, `loras (31 files)`. */
function objectOf({ kind, what, total }: Task): string {
  if (what === '') return kind === 'mirror' ? 'everything' : countOf(total.files, 'file');
  if (kind === 'delete' && total.files === 0) return `${visibleName(what)} (no files)`;
  return kind === 'mirror' || total.files === 1
    ? visibleName(what)
    : `${visibleName(what)} (${countOf(total.files, 'file')})`;
}

export function titleOf(task: Task): string {
  return `${verbs[task.kind]} ${objectOf(task)}`;
}

/** `Local → Lake`, `on Lake`. */
export function routeOf({ src, dst }: Pick<Task, 'src' | 'dst'>, nameOf: NameOf): string {
  return dst === null ? `on ${nameOf(src)}` : `${nameOf(src)} → ${nameOf(dst)}`;
}

export function doingWord(kind: TaskKind): string {
  return doing[kind];
}

export function speedText(bytesPerSecond: number, etaSeconds: number | null): string {
  const speed = bytesPerSecond > 0 ? `${formatBytes(bytesPerSecond)}/s` : '';
  const eta = etaSeconds === null ? '' : `${formatDuration(etaSeconds)} left`;
  return [speed, eta].filter(Boolean).join(', ');
}

function progressText({ done, total }: Task): string {
  const files = total.files > 1 ? `${formatCount(done.files)} of ${countOf(total.files, 'file')}, ` : '';
  return `${files}${formatBytes(done.bytes)} of ${formatBytes(total.bytes)}`;
}

function outcomeText(task: Task): string {
  const { done, total, skipped, failed, kind, state } = task;
  const notes = [
    failed > 0 ? `${formatCount(failed)} failed` : '',
    skipped > 0 ? `${formatCount(skipped)} skipped` : '',
  ].filter(Boolean);
  if (state === 'cancelled') return [`Cancelled after ${progressText(task)}`, ...notes].join(', ');
  if (kind === 'delete' && total.files === 0) return 'Empty folders removed';
  const all = done.files === total.files ? amountText(done) : `${formatCount(done.files)} of ${amountText(total)}`;
  return [`${all} ${didWhat[kind]}`, ...notes].join(', ');
}

/** Why it stands still, and when it goes on. The reason is a sentence already. */
export function holdText(hold: NonNullable<Task['hold']>, nowMs: number): string {
  if (hold.untilMs !== null) {
    return `${hold.message} Tries again in ${formatDuration(Math.max(1, (hold.untilMs - nowMs) / 1000))}.`;
  }
  return hold.code === 'LOCATION_OFFLINE' ? `${hold.message} Goes on by itself once it is back.` : hold.message;
}

interface Moment {
  readonly isPaused: boolean;
  readonly nowMs: number;
}

/** The second line of a task: how far it is, why it stands still, or how it ended. */
export function statusText(task: Task, { isPaused, nowMs }: Moment): string {
  if (task.state === 'running' || task.state === 'waiting') {
    if (task.hold) return holdText(task.hold, nowMs);
    if (task.startedMs === null) return workText(task);
    const speed = isPaused ? 'paused' : speedText(task.bytesPerSecond, task.etaSeconds);
    const retry = task.attempts > 0 ? `try ${task.attempts + 1}` : '';
    return [progressText(task), speed, retry].filter(Boolean).join(', ');
  }
  if (task.state !== 'failed' || !task.error) return outcomeText(task);
  return task.total.files === 1 ? task.error.message : `${outcomeText(task)}. ${task.error.message}`;
}

/** For toasts and screen readers: what ended, and how. */
export function endText(task: Task, nameOf: NameOf): string {
  const what = `${titleOf(task)}, ${routeOf(task, nameOf)}`;
  if (task.state === 'failed')
    return `${what}: ${task.total.files === 1 ? '' : `${countOf(task.failed, 'file')} `}failed.`;
  if (task.state === 'cancelled') return `${what}: cancelled.`;
  if (task.kind === 'delete' && task.total.files === 0) return `${what}: empty folders removed.`;
  const skipped = task.skipped > 0 ? `, ${formatCount(task.skipped)} skipped` : '';
  return `${amountText(task.done)} ${didWhat[task.kind]} ${routeOf(task, nameOf)}${skipped}.`;
}

export function shareOf({ done, total }: Task): number {
  if (total.bytes > 0) return Math.min(1, done.bytes / total.bytes);
  return total.files > 0 ? Math.min(1, done.files / total.files) : 0;
}
