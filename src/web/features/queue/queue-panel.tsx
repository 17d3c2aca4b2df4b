import { useQueryClient } from '@tanstack/react-query';
import { Inbox } from 'lucide-react';
import { useRef } from 'react';
import type { Queue, Task } from '../../../contract/queue.ts';
import { toApiError } from '../../api/api-error.ts';
import { keys } from '../../api/queries.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Failure } from '../../ui/failure.tsx';
import { usePreference } from '../../ui/preferences.ts';
import { chooseTask, type DrawerTab, useChosenTask, useDrawerTab } from './drawer-state.ts';
import { PanelHead } from './panel-head.tsx';
import { TaskDetails } from './task-details.tsx';
import { TaskList } from './task-list.tsx';
import type { MoveStep } from './task-place.ts';
import { useNames } from './use-names.ts';
import { useReorder } from './use-reorder.ts';
import { useTaskActions } from './use-task-actions.ts';
import { useTask, useTaskCount } from './use-tasks.ts';

interface QueuePanelProps {
  readonly queue: Queue;
}

const labels: Readonly<Record<DrawerTab, string>> = {
  active: 'Tasks that run or wait',
  done: 'Tasks that are done',
  failed: 'Tasks that failed',
};

const emptyWords: Readonly<Record<DrawerTab, readonly [title: string, text: string]>> = {
  active: [
    'Nothing runs and nothing waits',
    'Choose rows in Sync and press c to copy them to the side that lacks them.',
  ],
  done: ['Nothing is done yet', 'Tasks stay here until you clear them, with what became of each file.'],
  failed: [
    'Nothing has failed',
    'A task with files that failed is listed here, with the reason and a way to try again.',
  ],
};

function Empty({ tab }: { readonly tab: DrawerTab }) {
  const [title, text] = emptyWords[tab];
  return (
    <EmptyState icon={Inbox} title={title}>
      {text}
    </EmptyState>
  );
}

/** The queue in full: its tasks on the left, the files of the chosen one on the right. */
export function QueuePanel({ queue }: QueuePanelProps) {
  const client = useQueryClient();
  const height = usePreference('queueHeight');
  const tab = useDrawerTab();
  const chosenId = useChosenTask();
  const chosen = useTask(chosenId ?? '');
  const { total, error, retry } = useTaskCount(tab);
  const nameOf = useNames();
  const actions = useTaskActions();
  const move = useReorder(actions);
  const openedAt = useRef(0);
  const open = (task: Task, index: number) => {
    openedAt.current = index;
    client.setQueryData(keys.task(task.id), task);
    chooseTask(task.id);
  };
  return (
    <section
      className="queue-panel"
      aria-label="Tasks of the queue"
      style={{ height }}
      data-chosen={chosen !== undefined || undefined}
    >
      <PanelHead queue={queue} tab={tab} />
      <div className="queue-body">
        <div className="queue-list">
          {error && total === undefined && <Failure failure={toApiError(error)} onRetry={retry} />}
          {total === 0 && <Empty tab={tab} />}
          {total !== undefined && total > 0 && (
            <TaskList
              key={tab}
              show={tab}
              label={labels[tab]}
              total={total}
              isPaused={queue.paused}
              nameOf={nameOf}
              actions={actions}
              onOpen={open}
              onMove={move}
            />
          )}
        </div>
        {chosen && (
          <TaskDetails
            key={chosen.id}
            task={chosen}
            isPaused={queue.paused}
            nameOf={nameOf}
            actions={actions}
            onMove={(task: Task, step: MoveStep) => move(task, openedAt.current, step)}
          />
        )}
      </div>
    </section>
  );
}
