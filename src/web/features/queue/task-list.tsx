import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type MouseEvent, useRef, useState } from 'react';
import type { Task } from '../../../contract/queue.ts';
import { useRowMeasure } from '../../ui/use-row-measure.ts';
import { chooseTask, type DrawerTab, useChosenTask } from './drawer-state.ts';
import { choicesOf } from './task-choices.ts';
import type { MoveStep } from './task-place.ts';
import { TaskRow, taskRowId } from './task-row.tsx';
import type { NameOf } from './task-words.ts';
import { useDragOrder } from './use-drag-order.ts';
import { useSeconds } from './use-seconds.ts';
import type { TaskActions } from './use-task-actions.ts';
import { useTasksInSight } from './use-tasks.ts';

interface TaskListProps {
  readonly show: DrawerTab;
  readonly label: string;
  readonly total: number;
  readonly isPaused: boolean;
  readonly nameOf: NameOf;
  readonly actions: TaskActions;
  readonly onOpen: (task: Task, index: number) => void;
  readonly onMove: (task: Task, index: number, step: MoveStep) => void;
}

/** Where the keyboard is: at a task, and at its place once the task has left the list. */
interface Focus {
  readonly index: number;
  readonly id: string | null;
}

/** Same figure as `--task` in queue.css. */
const rowHeight = 46;

const moves: Readonly<Record<string, MoveStep>> = { ArrowUp: 'up', ArrowDown: 'down', Home: 'top' };

function targetOf(key: string, index: number, total: number): number | null {
  if (key === 'ArrowDown') return Math.min(total - 1, index + 1);
  if (key === 'ArrowUp') return Math.max(0, index - 1);
  if (key === 'Home') return 0;
  return key === 'End' ? total - 1 : null;
}

/** The current task follows the one it was, as long as that is in sight. */
function indexOf(
  { index, id }: Focus,
  inSight: readonly { index: number; task: Task | undefined }[],
  total: number,
): number {
  const now = inSight.find(({ task }) => task?.id === id);
  return Math.min(now?.index ?? index, Math.max(0, total - 1));
}

/** The tasks of one tab. Only those in sight are in the page. */
export function TaskList({ show, label, total, isPaused, nameOf, actions, onOpen, onMove }: TaskListProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<Focus>({ index: 0, id: null });
  const chosen = useChosenTask();
  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
  });
  useRowMeasure(virtualizer, rowHeight);
  const items = virtualizer.getVirtualItems();
  const taskAt = useTasksInSight(show, items[0]?.index ?? 0, items.at(-1)?.index ?? 0);
  const inSight = items.map(({ index }) => ({ index, task: taskAt(index) }));
  const nowMs = useSeconds(inSight.some(({ task }) => task?.hold?.untilMs != null || task?.undoUntilMs != null));
  const focus = indexOf(at, inSight, total);
  const focused = taskAt(focus);
  const drag = useDragOrder({ count: total, taskAt, onDrop: actions.putBefore });

  const moveTo = (index: number) => {
    const task = taskAt(index);
    setAt({ index, id: task?.id ?? null });
    virtualizer.scrollToIndex(index);
    if (task && chosen !== null) onOpen(task, index);
  };
  const end = (task: Task) => {
    const can = choicesOf(task, nowMs);
    if (can.canCancel) actions.cancel(task);
    else if (can.canRemove) actions.remove(task);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== scroller.current) return;
    const step = event.altKey ? moves[event.key] : undefined;
    const target = event.altKey ? null : targetOf(event.key, focus, total);
    if (target !== null) moveTo(target);
    else if (event.key === 'Escape' && chosen !== null) chooseTask(null);
    else if (!focused) return;
    else if (step) onMove(focused, focus, step);
    else if (event.key === 'Enter' || event.key === ' ') onOpen(focused, focus);
    else if (event.key === 'Delete') end(focused);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onClick = (event: MouseEvent) => {
    if (!(event.target instanceof Element) || event.target.closest('button')) return;
    const index = Number(event.target.closest<HTMLElement>('[data-index]')?.dataset.index ?? -1);
    const task = taskAt(index);
    if (!task) return;
    setAt({ index, id: task.id });
    onOpen(task, index);
  };

  return (
    <div
      ref={scroller}
      role="grid"
      aria-label={label}
      aria-rowcount={total}
      aria-activedescendant={focused ? taskRowId(focused.id) : undefined}
      tabIndex={0}
      className="tasks"
      onKeyDown={onKeyDown}
      onClick={onClick}
      {...drag.handlers}
    >
      <div role="rowgroup" className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {items.map(({ index, start }, place) => {
          const task = inSight[place]?.task;
          if (!task) {
            return (
              <div key={index} role="row" aria-busy className="task" style={{ transform: `translateY(${start}px)` }}>
                <span role="gridcell" className="skeleton w-1/3" />
              </div>
            );
          }
          return (
            <TaskRow
              key={task.id}
              task={task}
              index={index}
              top={start}
              isPaused={isPaused}
              isFocused={index === focus}
              isChosen={task.id === chosen}
              nowMs={nowMs}
              nameOf={nameOf}
              actions={actions}
            />
          );
        })}
        {drag.gap !== null && (
          <div role="presentation" className="task-gap" style={{ top: drag.gap * rowHeight - 1 }} />
        )}
      </div>
    </div>
  );
}
