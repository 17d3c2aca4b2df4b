import { useQueryClient } from '@tanstack/react-query';
import type { Task } from '../../../contract/queue.ts';
import { toApiError } from '../../api/api-error.ts';
import { noticeFailure } from '../../ui/notices.ts';
import { type MoveStep, placeFor } from './task-place.ts';
import type { TaskActions } from './use-task-actions.ts';
import { activePage, tasksPerPage } from './use-tasks.ts';

/** Moves a waiting task up, down or to the top, also over the end of what is loaded. */
export function useReorder(actions: TaskActions): (task: Task, index: number, step: MoveStep) => void {
  const client = useQueryClient();
  const move = async (task: Task, index: number, step: MoveStep) => {
    const wanted = step === 'top' ? 0 : step === 'up' ? index - 1 : index + 2;
    const pages = [0, Math.floor(Math.max(0, wanted) / tasksPerPage)];
    const answers = await Promise.all(pages.map((page) => client.ensureQueryData(activePage(page))));
    const count = answers[0]?.total ?? 0;
    const taskAt = (at: number) =>
      at === index
        ? task
        : client.getQueryData(activePage(Math.floor(at / tasksPerPage)).queryKey)?.tasks[at % tasksPerPage];
    const before = placeFor(step, index, count, taskAt);
    if (before !== undefined) actions.putBefore(task, before);
  };
  return (task, index, step) =>
    void move(task, index, step).catch((thrown: unknown) => noticeFailure(toApiError(thrown)));
}
