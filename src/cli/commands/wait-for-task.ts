import type { Task, TaskOutcome } from '../../contract/queue.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { Engine } from '../cli-host.ts';
import type { Session } from '../command.ts';
import { plural } from '../output/format.ts';
import { followTasks } from '../output/queue-progress.ts';

/** Only a person at a terminal beside a running server can see to it that a task goes on which stands still. */
export function canWaitLong(engine: Engine, session: Session): boolean {
  return engine.mode === 'server' && session.progress.isShown && !session.json;
}

/** A paused queue would let the command wait forever. */
export async function requireRunningQueue(session: Session): Promise<void> {
  const engine = await session.engine();
  if (canWaitLong(engine, session)) return;
  const { paused } = await engine.api.queue({ show: 'active', limit: 0 });
  if (!paused) return;
  throw new AppError('TASK_STATE', 'The queue is paused, so nothing would be carried out.', {
    hint: '`weightroom queue resume` lets it go on; then run the command again.',
  });
}

/** Waits for the end of a task. Ctrl+C cancels it, or leaves it to the server that carries it out. */
export async function waitForTask({ id }: Task, session: Session): Promise<TaskOutcome> {
  const engine = await session.engine();
  const outcome = await followTasks(
    engine,
    session.progress,
    (task) => task.id === id,
    () => (engine.mode === 'server' ? waitAtServer(id, engine, session) : waitHere(id, engine, session)),
  );
  if (outcome.task.state === 'cancelled') throw wasCancelled(outcome.task);
  return outcome;
}

async function waitHere(id: string, { api }: Engine, { signal }: Session): Promise<TaskOutcome> {
  const cancel = () => {
    api.cancelTasks({ ids: [id] }).catch(() => {});
  };
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    return await api.waitForTask({ id, onHold: 'fail' });
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function waitAtServer(id: string, engine: Engine, session: Session): Promise<TaskOutcome> {
  const onHold = canWaitLong(engine, session) ? 'wait' : 'fail';
  try {
    return await engine.api.waitForTask({ id, onHold }, { signal: session.signal });
  } catch (thrown) {
    if (session.signal.aborted) {
      throw new AppError('CANCELLED', `Task ${id} goes on in the running server.`, {
        hint: `See it with \`weightroom queue list\`; end it with \`weightroom queue cancel ${id}\`.`,
      });
    }
    if (!(thrown instanceof AppError) || thrown.code !== 'SERVER_UNREACHABLE') throw thrown;
    throw new AppError(thrown.code, thrown.message, {
      hint: `Task ${id} is kept and goes on when the server runs again, or with \`weightroom queue run\`.`,
      cause: thrown,
    });
  }
}

function wasCancelled({ id, done, total }: Task): AppError {
  const share = `${done.files} of ${plural(total.files, 'file')} were done`;
  return new AppError('CANCELLED', `Task ${id} was cancelled; ${share}, and no unfinished file is left.`, {
    hint: `The rest can still be had: weightroom queue retry ${id}`,
  });
}
