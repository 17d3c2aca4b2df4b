import type { Task } from '../../../contract/queue.ts';
import './queue.css';
import { SpaceBar } from './space-bar.tsx';
import { TaskRow } from './task-row.tsx';
import { useTaskActions } from './use-task-actions.ts';

const GiB = 1024 ** 3;
const waiting: Task = {
  id: 'sample00',
  kind: 'copy',
  state: 'waiting',
  src: 'local',
  dst: 'lake',
  what: '',
  total: { files: 31, bytes: 82.4 * GiB },
  done: { files: 0, bytes: 0 },
  skipped: 0,
  failed: 0,
  current: null,
  bytesPerSecond: 0,
  averageBytesPerSecond: 0,
  etaSeconds: null,
  attempts: 0,
  hold: null,
  error: null,
  createdMs: 0,
  startedMs: null,
  finishedMs: null,
  reclaimedBytes: 0,
  undoUntilMs: null,
};

const begun = { startedMs: 1, done: { files: 12, bytes: 30.1 * GiB } };
const offline = { code: 'LOCATION_OFFLINE', message: 'Lake does not answer.', untilMs: null };
const denied = { code: 'ACCESS_DENIED', message: 'Lake does not let this user write. Check the rights of the share.' };

const samples: readonly Task[] = [
  { ...waiting, ...begun, state: 'running', bytesPerSecond: 1.1 * GiB, etaSeconds: 48 },
  { ...waiting, ...begun, hold: offline },
  waiting,
  { ...waiting, kind: 'mirror', what: 'checkpoints', state: 'done', done: waiting.total, skipped: 3 },
  { ...waiting, ...begun, state: 'failed', failed: 2, error: denied },
  { ...waiting, ...begun, kind: 'delete', dst: null, state: 'cancelled' },
];

/** Tasks in every state, and free space before and after, for the page that shows all parts. */
export function QueueParts() {
  const actions = useTaskActions();
  const nameOf = (id: string) => (id === 'lake' ? 'Lake' : 'Local');
  return (
    <div className="queue-parts">
      <div role="grid" aria-label="Tasks in every state" className="panel tasks">
        {samples.map((task, index) => (
          <TaskRow
            key={task.state + task.kind + String(task.hold)}
            task={{ ...task, id: `${task.id}${index}` }}
            index={index}
            top={index * 46}
            isPaused={false}
            isFocused={false}
            isChosen={false}
            nowMs={0}
            nameOf={nameOf}
            actions={actions}
          />
        ))}
      </div>
      <SpaceBar
        space={{ freeBytes: 812 * GiB, afterBytes: 730 * GiB, reserveBytes: GiB }}
        name="Lake"
        totalBytes={2048 * GiB}
      />
      <SpaceBar
        space={{ freeBytes: 40 * GiB, afterBytes: -42 * GiB, reserveBytes: GiB }}
        name="Lake"
        totalBytes={512 * GiB}
      />
      <SpaceBar
        space={{ freeBytes: 40 * GiB, afterBytes: 120 * GiB, reserveBytes: 0 }}
        name="Local"
        totalBytes={512 * GiB}
      />
    </div>
  );
}
