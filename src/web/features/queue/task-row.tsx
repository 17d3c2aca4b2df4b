import { Check, CircleDashed, CircleSlash, type LucideIcon, OctagonAlert, Pause, Play, Undo2, X } from 'lucide-react';
import { memo } from 'react';
import type { Task } from '../../../contract/queue.ts';
import { IconButton } from '../../ui/button.tsx';
import { formatDuration } from '../../ui/format-time.ts';
import { PathText } from '../../ui/path-text.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { TimeAgo } from '../../ui/time-ago.tsx';
import { visibleName } from '../../ui/visible-name.ts';
import { choicesOf } from './task-choices.ts';
import { type NameOf, routeOf, shareOf, statusText, titleOf } from './task-words.ts';
import type { TaskActions } from './use-task-actions.ts';

interface TaskRowProps {
  readonly task: Task;
  readonly index: number;
  readonly top: number;
  readonly isPaused: boolean;
  readonly isFocused: boolean;
  readonly isChosen: boolean;
  readonly nowMs: number;
  readonly nameOf: NameOf;
  readonly actions: TaskActions;
}

export const taskRowId = (id: string): string => `task-${id}`;

const endIcons = { done: Check, failed: OctagonAlert, cancelled: CircleSlash } as const;
const endWords = { done: 'done', failed: 'failed', cancelled: 'cancelled' } as const;

function markOf(
  task: Task,
  isPaused: boolean,
): { readonly icon: LucideIcon; readonly word: string; readonly tone: string } {
  if (task.state === 'done' || task.state === 'failed' || task.state === 'cancelled') {
    return { icon: endIcons[task.state], word: endWords[task.state], tone: task.state };
  }
  if (task.hold) return { icon: OctagonAlert, word: 'stands still', tone: 'hold' };
  if (task.state === 'waiting') return { icon: CircleDashed, word: 'waits', tone: 'waiting' };
  return isPaused ? { icon: Pause, word: 'paused', tone: 'waiting' } : { icon: Play, word: 'running', tone: 'running' };
}

/** What is asked for most in each state; the rest is beside the list of files. */
function QuickActions({ task, nowMs, actions }: Pick<TaskRowProps, 'task' | 'nowMs' | 'actions'>) {
  const can = choicesOf(task, nowMs);
  return (
    <span className="task-actions" role="gridcell">
      {can.canUndo && task.undoUntilMs !== null && (
        <button type="button" tabIndex={-1} className="task-undo" onClick={() => actions.undo(task)}>
          <Undo2 size={13} aria-hidden /> Undo, {formatDuration((task.undoUntilMs - nowMs) / 1000)} left
        </button>
      )}
      {can.canCancel && <IconButton tabIndex={-1} icon={X} label="Cancel" onClick={() => actions.cancel(task)} />}
      {can.canRemove && (
        <IconButton tabIndex={-1} icon={X} label="Remove from the list" onClick={() => actions.remove(task)} />
      )}
    </span>
  );
}

/** Of a long path both ends stay in sight. */
function TaskName({ task }: Pick<TaskRowProps, 'task'>) {
  const title = titleOf(task);
  const isPath = task.what !== '' && title.endsWith(visibleName(task.what));
  return (
    <span className="task-name" data-tip={title} data-tip-if-cut="">
      {isPath ? (
        <>
          {title.slice(0, title.indexOf(' '))} <PathText path={task.what} />
        </>
      ) : (
        <bdi>{title}</bdi>
      )}
    </span>
  );
}

/** One task: what, from where to where, how far. */
export const TaskRow = memo(function TaskRow(props: TaskRowProps) {
  const { task, index, top, isPaused, isFocused, isChosen, nowMs, nameOf, actions } = props;
  const { icon: Icon, word, tone } = markOf(task, isPaused);
  const status = statusText(task, { isPaused, nowMs });
  const hasBegun = task.startedMs !== null && (task.state === 'running' || task.state === 'waiting');
  return (
    <div
      role="row"
      id={taskRowId(task.id)}
      aria-rowindex={index + 1}
      aria-selected={isChosen}
      className="task"
      data-index={index}
      data-tone={tone}
      data-focused={isFocused || undefined}
      draggable={task.state === 'waiting'}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="gridcell" className="task-mark" data-tip={word}>
        <Icon size={15} role="img" aria-label={word} />
      </span>
      <span role="gridcell" className="task-text">
        <span className="task-title">
          <TaskName task={task} />
          <span className="task-route">{routeOf(task, nameOf)}</span>
        </span>
        <span className="task-status" data-tip={status} data-tip-if-cut="">
          {status}
          {task.finishedMs !== null && (
            <>
              {' · '}
              <TimeAgo timeMs={task.finishedMs} />
            </>
          )}
        </span>
        {hasBegun && <ProgressBar label={titleOf(task)} value={shareOf(task)} />}
      </span>
      <QuickActions task={task} nowMs={nowMs} actions={actions} />
    </div>
  );
});
