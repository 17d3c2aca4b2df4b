import type { Queue } from '../../../contract/queue.ts';
import { useCancelTasks, useClearFinished, usePauseQueue, useResumeQueue, useRetryTasks } from '../../api/actions.ts';
import { useCommands } from '../../ui/commands.ts';
import { openDrawer, toggleDrawer } from './drawer-state.ts';

const section = 'Queue';

/** What can be done with the queue on every page, for palette and keyboard. */
export function useQueueCommands(queue: Queue | undefined): void {
  const { mutate: pause } = usePauseQueue();
  const { mutate: resume } = useResumeQueue();
  const { mutate: cancel } = useCancelTasks();
  const { mutate: retry } = useRetryTasks();
  const { mutate: clear } = useClearFinished();
  const { running = 0, waiting = 0, finished = 0, failed = 0 } = queue?.totals ?? {};
  const isPaused = queue?.paused ?? false;
  useCommands([
    { id: 'queue', title: 'Open or close the queue', section, keys: 'q', run: toggleDrawer },
    {
      id: 'queue-pause',
      title: isPaused ? 'Resume the queue' : 'Pause the queue',
      section,
      keys: 'p',
      run: () => (isPaused ? resume({}) : pause({})),
    },
    {
      id: 'queue-cancel',
      title: 'Cancel what runs',
      section,
      run: () => cancel({}),
      disabledReason: running === 0 ? 'nothing runs' : undefined,
    },
    {
      id: 'queue-cancel-all',
      title: 'Cancel all tasks',
      section,
      run: () => cancel({ all: true }),
      disabledReason: running + waiting === 0 ? 'nothing waits' : undefined,
    },
    {
      id: 'queue-retry',
      title: 'Try failed tasks again',
      section,
      run: () => retry({}),
      disabledReason: failed === 0 ? 'nothing failed' : undefined,
    },
    {
      id: 'queue-clear',
      title: 'Clear finished tasks',
      section,
      run: () => clear({}),
      disabledReason: finished === 0 ? 'nothing is finished' : undefined,
    },
    {
      id: 'queue-failed',
      title: 'Show failed tasks',
      section,
      run: () => openDrawer('failed'),
      disabledReason: failed === 0 ? 'nothing failed' : undefined,
    },
  ]);
}
