import { keepPreviousData, queryOptions, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Queue, Task } from '../../../contract/queue.ts';
import { api } from '../../api/client.ts';
import { keys } from '../../api/queries.ts';
import { useSettled } from '../../ui/use-settled.ts';
import type { DrawerTab } from './drawer-state.ts';

export const tasksPerPage = 100;

function pageQuery(show: DrawerTab, page: number) {
  return queryOptions({
    queryKey: [...keys.queueLists, show, page],
    queryFn: ({ signal }) => api.queue({ show, offset: page * tasksPerPage, limit: tasksPerPage }, { signal }),
    gcTime: 60_000,
  });
}

export const activePage = (page: number) => pageQuery('active', page);

/** How many tasks there are: needed before it is known which of them are in sight. */
export function useTaskCount(show: DrawerTab) {
  const first = useQuery({ ...pageQuery(show, 0), placeholderData: keepPreviousData });
  return { total: first.data?.total, error: first.error, retry: () => void first.refetch() };
}

/** The tasks in sight, wherever one has scrolled to. */
export function useTasksInSight(show: DrawerTab, first: number, last: number): (index: number) => Task | undefined {
  const client = useQueryClient();
  const wanted = [first, last].map((index) => Math.floor(Math.max(0, index) / tasksPerPage));
  const [from = 0, to = 0] = useSettled(wanted.join('-')).split('-').map(Number);
  useQueries({ queries: Array.from({ length: to - from + 1 }, (_, offset) => pageQuery(show, from + offset)) });
  const pageAt = (page: number): Queue | undefined => client.getQueryData(pageQuery(show, page).queryKey);
  return (index) => (index < 0 ? undefined : pageAt(Math.floor(index / tasksPerPage))?.tasks[index % tasksPerPage]);
}

/** One task, kept up to date by events also after it left the list it was chosen in. */
export function useTask(id: string): Task | undefined {
  return useQuery<Task>({ queryKey: keys.task(id), enabled: false }).data;
}
