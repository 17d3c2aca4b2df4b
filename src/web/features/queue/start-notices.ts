import { useQueryClient } from '@tanstack/react-query';
import type { Task } from '../../../contract/queue.ts';
import { useCancelTasks } from '../../api/actions.ts';
import { queueHeadQuery } from '../../api/queries.ts';
import { dismissNotice, noticeDone } from '../../ui/notices.ts';
import { preferenceNow } from '../../ui/preferences.ts';
import { doingWord, type NameOf, routeOf, workText } from './task-words.ts';

/** Notices of tasks that began, by task: gone once the task has ended, or is seen in the drawer. */
const shown = new Map<string, number>();
/** The news that a short task has ended can be here before the answer that it was taken on. */
const ended = new Set<string>();
const endedKept = 100;

function dismissStart(id: string): void {
  const notice = shown.get(id);
  shown.delete(id);
  if (notice !== undefined) dismissNotice(notice);
}

export function endStartNotice({ id }: Task): void {
  ended.add(id);
  if (ended.size > endedKept) ended.clear();
  dismissStart(id);
}

const failures = new Set<number>();

/** A failure that stays until it is dismissed, or seen among the failed tasks. */
export function keepFailure(notice: number): void {
  failures.add(notice);
}

export function dismissFailures(): void {
  for (const notice of failures) dismissNotice(notice);
  failures.clear();
}

/** What the open drawer shows need not be said beside it. */
export function dismissStartNotices(): void {
  for (const id of [...shown.keys()]) dismissStart(id);
}

/** Says that a task was taken on, with the way to stop it; in the open drawer one sees that. */
export function useStartNotice(nameOf: NameOf): (task: Task) => void {
  const client = useQueryClient();
  const { mutate: cancel } = useCancelTasks();
  return (task) => {
    if (preferenceNow('queueOpen') || ended.has(task.id)) return;
    const head = client.getQueryData(queueHeadQuery.queryKey);
    const first = head?.tasks[0];
    const isNext = head?.paused !== true && (first === undefined || first.id === task.id);
    const doing = isNext ? doingWord(task.kind) : `In the queue: ${task.kind}`;
    const text = `${doing} ${workText(task)}, ${routeOf(task, nameOf)}.`;
    shown.set(task.id, noticeDone(text, { label: 'Cancel', run: () => cancel({ ids: [task.id] }) }));
  };
}
