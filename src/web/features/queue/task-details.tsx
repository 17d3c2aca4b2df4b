import {
  ArrowDown,
  ArrowLeft,
  ArrowUp,
  ArrowUpToLine,
  Copy,
  type LucideIcon,
  RotateCw,
  Save,
  Trash2,
  Undo2,
  X,
} from 'lucide-react';
import { useState } from 'react';
import type { Task } from '../../../contract/queue.ts';
import type { StepState } from '../../../contract/queue-words.ts';
import { allSteps } from '../../api/all-steps.ts';
import { toApiError } from '../../api/api-error.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { copyText } from '../../ui/copy-text.ts';
import { formatCount } from '../../ui/format.ts';
import { formatDuration } from '../../ui/format-time.ts';
import { noticeFailure } from '../../ui/notices.ts';
import { saveFile } from '../../ui/save-file.ts';
import { chooseTask } from './drawer-state.ts';
import { StepList } from './step-list.tsx';
import { choicesOf } from './task-choices.ts';
import type { MoveStep } from './task-place.ts';
import { reportCsv, reportJson } from './task-report.ts';
import { type NameOf, routeOf, statusText, titleOf } from './task-words.ts';
import { useSeconds } from './use-seconds.ts';
import type { TaskActions } from './use-task-actions.ts';

interface TaskDetailsProps {
  readonly task: Task;
  readonly isPaused: boolean;
  readonly nameOf: NameOf;
  readonly actions: TaskActions;
  readonly onMove: (task: Task, step: MoveStep) => void;
}

const stepFilters = ['all', 'failed', 'skipped'] as const;
type Shown = (typeof stepFilters)[number];
const statesOf: Readonly<Record<Shown, readonly StepState[] | undefined>> = {
  all: undefined,
  failed: ['failed'],
  skipped: ['skipped', 'told'],
};

function report(task: Task, format: 'json' | 'csv', deliver: (text: string) => void | Promise<void>): void {
  allSteps({ task: task.id })
    .then((steps) => deliver(format === 'json' ? reportJson(task, steps) : reportCsv(steps)))
    .catch((thrown: unknown) => noticeFailure(toApiError(thrown)));
}

function Reports({ task }: { readonly task: Task }) {
  return (
    <>
      <IconButton
        icon={Copy}
        label="Copy report (JSON)"
        onClick={() => report(task, 'json', (text) => copyText(text, 'Report'))}
      />
      <IconButton
        icon={Save}
        label="Save report (CSV)"
        onClick={() => report(task, 'csv', (text) => saveFile(`weightroom-${task.id}.csv`, text, 'text/csv'))}
      />
    </>
  );
}

function Choices({
  task,
  nowMs,
  actions,
  onMove,
}: Pick<TaskDetailsProps, 'task' | 'actions' | 'onMove'> & { nowMs: number }) {
  const can = choicesOf(task, nowMs);
  const move = (icon: LucideIcon, label: string, keys: string, step: MoveStep) => (
    <IconButton icon={icon} label={label} keys={keys} onClick={() => onMove(task, step)} />
  );
  return (
    <div className="details-choices">
      {can.canUndo && task.undoUntilMs !== null && (
        <Button icon={Undo2} onClick={() => actions.undo(task)}>
          Undo, {formatDuration((task.undoUntilMs - nowMs) / 1000)} left
        </Button>
      )}
      {can.canRetry && (
        <Button icon={RotateCw} onClick={() => actions.retry(task)}>
          Try again
        </Button>
      )}
      {can.canCancel && (
        <Button icon={X} onClick={() => actions.cancel(task)}>
          Cancel
        </Button>
      )}
      {can.canReorder && (
        <>
          {move(ArrowUpToLine, 'To the top', 'Alt+Home', 'top')}
          {move(ArrowUp, 'Up', 'Alt+ArrowUp', 'up')}
          {move(ArrowDown, 'Down', 'Alt+ArrowDown', 'down')}
        </>
      )}
      {can.canReport && <Reports task={task} />}
      {can.canRemove && (
        <IconButton icon={Trash2} label="Remove from the list" keys="Delete" onClick={() => actions.remove(task)} />
      )}
    </div>
  );
}

/** One task with its files, and everything that can be done with it. */
export function TaskDetails({ task, isPaused, nameOf, actions, onMove }: TaskDetailsProps) {
  const [shown, setShown] = useState<Shown>('all');
  const nowMs = useSeconds(task.undoUntilMs !== null || task.hold?.untilMs != null);
  const counts = { all: null, failed: task.failed, skipped: task.skipped };
  return (
    <section className="task-details" aria-label={`Files of: ${titleOf(task)}`}>
      <header className="task-details-head">
        <IconButton icon={ArrowLeft} label="Back to the tasks" className="task-back" onClick={() => chooseTask(null)} />
        <div className="min-w-0 flex-1">
          <h2 className="task-name">
            <bdi>{titleOf(task)}</bdi> <span className="task-route">{routeOf(task, nameOf)}</span>
          </h2>
          <p className="task-sentence">{statusText(task, { isPaused, nowMs })}</p>
        </div>
        <IconButton icon={X} label="Close the files" className="task-close" onClick={() => chooseTask(null)} />
      </header>
      <div className="task-details-bar">
        <div role="group" aria-label="Files shown" className="flex gap-1">
          {stepFilters.map((filter) => (
            <button
              key={filter}
              type="button"
              className="chip"
              aria-pressed={filter === shown}
              onClick={() => setShown(filter)}
            >
              {filter} {counts[filter] !== null && <span className="chip-count">{formatCount(counts[filter])}</span>}
            </button>
          ))}
        </div>
        <Choices task={task} nowMs={nowMs} actions={actions} onMove={onMove} />
      </div>
      <StepList
        key={`${task.id}/${shown}`}
        filter={{ task: task.id, states: statesOf[shown] }}
        label={`Files of: ${titleOf(task)}`}
        isLive={task.state === 'running' && !isPaused}
        empty={shown === 'all' ? 'This task has no files.' : `None of its files was ${shown}.`}
      />
    </section>
  );
}
