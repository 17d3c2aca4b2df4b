import { queryOptions } from '@tanstack/react-query';
import type { Task } from '../../../contract/queue.ts';
import { api } from '../../api/client.ts';
import { keys } from '../../api/queries.ts';

const stepsPerPage = 1_000;

/** A task of the queue by its id, kept up to date by events; null: the queue does not have it any more. */
export function taskQuery(id: string) {
  return queryOptions<Task | null>({
    queryKey: keys.task(id),
    queryFn: async ({ signal }) => {
      for (let offset = 0; ; offset += stepsPerPage) {
        const { tasks } = await api.queue({ show: 'all', offset, limit: stepsPerPage }, { signal });
        const found = tasks.find((task) => task.id === id);
        if (found || tasks.length < stepsPerPage) return found ?? null;
      }
    },
    refetchOnMount: 'always',
  });
}

/** Files of a run that were not touched, with the reason. */
export function leftAloneQuery(id: string) {
  return queryOptions({
    queryKey: [...keys.steps(id), 'left-alone'],
    queryFn: ({ signal }) =>
      api.taskSteps({ id, states: ['skipped', 'failed', 'told', 'cancelled'], limit: stepsPerPage }, { signal }),
  });
}
