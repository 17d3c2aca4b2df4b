import type { Task } from '../../../contract/queue.ts';
import { useCancelTasks, useRemoveTasks, useReorderTask, useRetryTasks } from '../../api/actions.ts';
import { useHandlers } from '../../ui/use-handlers.ts';
import { useUndo } from './use-ended-notices.ts';

export function useTaskActions() {
  const { mutate: cancel } = useCancelTasks();
  const { mutate: remove } = useRemoveTasks();
  const { mutate: retry } = useRetryTasks();
  const { mutate: reorder } = useReorderTask();
  const undo = useUndo();
  return useHandlers({
    cancel: ({ id }: Task) => cancel({ ids: [id] }),
    remove: ({ id }: Task) => remove({ ids: [id] }),
    retry: ({ id }: Task) => retry({ ids: [id] }),
    /** null: to the end. */
    putBefore: ({ id }: Task, before: Task | null) => reorder({ id, before: before?.id ?? null }),
    undo: ({ id }: Task) => undo(id),
  });
}

export type TaskActions = ReturnType<typeof useTaskActions>;
