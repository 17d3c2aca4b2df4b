import { ChevronDown, ChevronUp, OctagonAlert, Pause, Play } from 'lucide-react';
import type { Queue, Task } from '../../../contract/queue.ts';
import { usePauseQueue, useResumeQueue } from '../../api/actions.ts';
import { useDoneShare } from '../../api/transfer-progress.ts';
import { IconButton } from '../../ui/button.tsx';
import { formatBytes, formatCount } from '../../ui/format.ts';
import { PathText } from '../../ui/path-text.tsx';
import { usePreference } from '../../ui/preferences.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { openDrawer, toggleDrawer } from './drawer-state.ts';
import { doingWord, holdText, type NameOf, routeOf, speedText } from './task-words.ts';
import { useNames } from './use-names.ts';
import { useSeconds } from './use-seconds.ts';

interface BarProps {
  readonly queue: Queue;
}

function stateOf({ paused, totals, tasks }: Queue, nameOf: NameOf): string {
  const first = tasks[0];
  if (paused) return 'Paused';
  if (!first) return totals.failed > 0 ? 'Nothing runs' : 'Nothing waits';
  if (first.state !== 'running') return first.hold ? 'Stands still' : 'Waits';
  const more = totals.running > 1 ? ` and ${formatCount(totals.running - 1)} more` : '';
  return `${doingWord(first.kind)} ${routeOf(first, nameOf)}${more}`;
}

/** The file it is at, or why it stands still. */
function Current({ task, isPaused }: { readonly task: Task | undefined; readonly isPaused: boolean }) {
  const nowMs = useSeconds(task?.hold?.untilMs != null);
  if (task?.hold && !isPaused) {
    const text = holdText(task.hold, nowMs);
    return (
      <span className="queue-hold" data-tip={text} data-tip-if-cut="">
        <OctagonAlert size={14} aria-hidden /> {text}
      </span>
    );
  }
  if (task?.current == null) return <span className="queue-current" />;
  return (
    <span className="queue-current" data-tip={task.current} data-tip-if-cut="">
      <PathText path={task.current} />
    </span>
  );
}

function Counts({ queue: { totals } }: BarProps) {
  return (
    <span className="queue-counts">
      {totals.waiting > 0 && <span>{formatCount(totals.waiting)} waiting</span>}
      {totals.failed > 0 && (
        <button type="button" className="queue-failed" onClick={() => openDrawer('failed')}>
          {formatCount(totals.failed)} failed
        </button>
      )}
    </span>
  );
}

function PauseButton({ queue }: BarProps) {
  const pause = usePauseQueue();
  const resume = useResumeQueue();
  const isHeld = queue.tasks[0]?.hold != null && queue.totals.running === 0;
  if (queue.paused || isHeld) {
    return (
      <IconButton
        icon={Play}
        label={isHeld && !queue.paused ? 'Try again now' : 'Resume'}
        onClick={() => resume.mutate({})}
      />
    );
  }
  return <IconButton icon={Pause} label="Pause" onClick={() => pause.mutate({})} />;
}

/** One line on every page: what the queue does, how far it is, how long it takes. */
export function QueueBar({ queue }: BarProps) {
  const isOpen = usePreference('queueOpen');
  const nameOf = useNames();
  const share = useDoneShare(queue);
  const { totals, paused } = queue;
  const isActive = totals.running + totals.waiting > 0;
  const left = [
    `${formatBytes(totals.bytesLeft)} to go`,
    paused ? '' : speedText(totals.bytesPerSecond, totals.etaSeconds),
  ];
  return (
    <div className="queue-bar" data-active={isActive || undefined}>
      <button
        type="button"
        className="queue-toggle"
        aria-expanded={isOpen}
        data-tip={isOpen ? 'Close the queue' : 'Open the queue'}
        data-tip-keys="q"
        onClick={toggleDrawer}
      >
        {isOpen ? <ChevronDown size={14} aria-hidden /> : <ChevronUp size={14} aria-hidden />}
        <span className="queue-name">Queue</span>
        <span className="queue-state">{stateOf(queue, nameOf)}</span>
      </button>
      <Current task={queue.tasks[0]} isPaused={paused} />
      {isActive && share !== null && <ProgressBar label="Whole queue" value={share} />}
      {isActive && <span className="queue-left">{left.filter(Boolean).join(', ')}</span>}
      <Counts queue={queue} />
      {(isActive || paused) && <PauseButton queue={queue} />}
    </div>
  );
}
