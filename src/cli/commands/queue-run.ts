import { z } from 'zod';
import { exitFinishedWithFailures } from '../../contract/errors.ts';
import type { Queue, Task } from '../../contract/queue.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { Engine } from '../cli-host.ts';
import { defineCommand, type Session } from '../command.ts';
import { plural } from '../output/format.ts';
import { followTasks } from '../output/queue-progress.ts';
import { taskLines } from '../output/queue-table.ts';
import { queuePages } from './queue-pages.ts';

interface QueueRun {
  /** Tasks that ended meanwhile. */
  readonly ended: readonly Task[];
  /** Tasks that stand still, or wait behind one that does. */
  readonly left: readonly Task[];
}

const lookAgainMs = 200;
/** A task that may begin does so within moments; a queue that is quiet for longer waits for a drive. */
const quietLooks = 10;

export const runQueue = defineCommand({
  path: 'queue run',
  summary: 'Carry out what waits, and end when the queue is empty or stands still.',
  notes: [
    'With no server running the command does the work itself; with one, it follows it. Ctrl+C ends the command; what was not finished stays in the queue.',
  ],
  examples: [
    { line: 'weightroom queue run', meaning: 'After a restart, or for what was put off.' },
    { line: 'weightroom queue run --json', meaning: 'Which tasks ended, and how, for a script.' },
  ],
  exits: {
    3: 'Some tasks failed, or stand still because a drive is offline or full; they are listed.',
    5: 'The queue is paused.',
  },
  input: () => z.object({}),
  async run(_input, session): Promise<QueueRun> {
    const engine = await session.engine({ willRead: true, runsQueue: 'all' });
    const startedMs = Date.now();
    const queue = await followTasks(
      engine,
      session.progress,
      () => true,
      () => untilQuiet(engine, session),
    );
    if (queue.paused) {
      throw new AppError('TASK_STATE', 'The queue is paused, so nothing is carried out.', {
        hint: '`weightroom queue resume` lets it go on; then run the command again.',
      });
    }
    return { ended: await endedSince(engine, startedMs), left: await allActive(engine) };
  },
  json: ({ ended, left }) => ({ value: { ...count(ended), left: left.length, tasks: [...ended, ...left] } }),
  *text({ ended, left }, look) {
    const { done, failed } = count(ended);
    if (ended.length + left.length === 0) yield 'Nothing waits.';
    else yield `${plural(done, 'task')} done, ${failed} failed, ${left.length} left.`;
    yield* taskLines([...ended, ...left].slice(0, 50), look);
  },
  exitStatus: ({ ended, left }) => (count(ended).failed + left.length > 0 ? exitFinishedWithFailures : 0),
});

function count(ended: readonly Task[]) {
  const inState = (state: Task['state']) => ended.filter((task) => task.state === state).length;
  return { done: inState('done'), failed: inState('failed'), cancelled: inState('cancelled') };
}

/** Resolves when nothing waits, or nothing that waits can go on by itself. */
async function untilQuiet({ api, mode }: Engine, { signal }: Session): Promise<Queue> {
  let quiet = 0;
  for (;;) {
    if (signal.aborted) throw leftBehind(mode);
    const queue = await api.queue({ show: 'active', limit: 100 });
    const { running, waiting } = queue.totals;
    if (running + waiting === 0 || (queue.paused && running === 0)) return queue;
    quiet = queue.tasks.some(canGoOn) ? 0 : quiet + 1;
    if (quiet >= quietLooks) return queue;
    await pause(lookAgainMs, signal);
  }
}

/** A full drive is looked at again and again, but only a person makes room on it. */
function canGoOn({ state, hold }: Task): boolean {
  return hold === null ? state === 'running' : hold.untilMs !== null && hold.code !== 'NO_SPACE';
}

function leftBehind(mode: Engine['mode']): AppError {
  if (mode === 'server') {
    return new AppError('CANCELLED', 'The queue goes on in the running server.', {
      hint: '`weightroom queue pause` lets it stand still.',
    });
  }
  return new AppError('CANCELLED', 'The queue stands still again.', {
    hint: 'What was not finished stays in it: weightroom queue run',
  });
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}

async function endedSince({ api }: Engine, startedMs: number): Promise<readonly Task[]> {
  const ended: Task[] = [];
  for await (const tasks of queuePages(api, { show: 'finished' })) {
    const those = tasks.filter(({ finishedMs }) => (finishedMs ?? 0) >= startedMs);
    ended.push(...those);
    if (those.length < tasks.length) break;
  }
  return ended;
}

async function allActive({ api }: Engine): Promise<readonly Task[]> {
  const left: Task[] = [];
  for await (const tasks of queuePages(api, { show: 'active' })) left.push(...tasks);
  return left;
}
