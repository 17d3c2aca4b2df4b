import type { Clock } from '../../core/ports/clock.ts';
import type { Journal } from '../../core/ports/journal.ts';
import type { StartTimer } from '../../core/ports/timer.ts';
import { giveNamesBack } from './dedupe-ends.ts';
import { type InterruptedPorts, tidyInterrupted } from './interrupted-steps.ts';
import { placeOf, stagedName, undoFolder } from './orders.ts';
import type { QueuedTask } from './queued-task.ts';
import { findAsPlanned } from './same-roots.ts';
import { isDriveThere } from './task-drives.ts';

const lookEveryMs = 60_000;
const stepsAtOnce = 1_000;

export interface CleanUpPorts extends InterruptedPorts {
  readonly tasks: () => readonly QueuedTask[];
  readonly tell: (task: QueuedTask) => void;
  readonly clock: Clock;
  readonly startTimer: StartTimer;
  /** Takes what ends the looking. */
  readonly onStop: (stop: () => void) => void;
}

/** After a start: what ended tasks left behind, and from then on, deleted files whose time to be put back is over. */
export async function cleanUpAfter(ports: CleanUpPorts): Promise<void> {
  await inTurns(ports, tidyEnded);
  await purge(ports);
}

/** One that cannot be cleaned up after, because a drive is away or the journal cannot be read, keeps nobody else waiting. */
async function inTurns(
  ports: CleanUpPorts,
  work: (task: QueuedTask, ports: CleanUpPorts) => Promise<unknown>,
): Promise<void> {
  for (const task of ports.tasks()) {
    if (!task.hasEnded) continue;
    await task.inTurn(async () => (task.hasEnded ? work(task, ports) : undefined)).catch(() => {});
  }
}

async function purge(ports: CleanUpPorts, deadlines: Deadlines = new WeakMap()): Promise<void> {
  await inTurns(ports, (task) => purgeStaged(task, ports, deadlines));
  ports.onStop(ports.startTimer(lookEveryMs, () => void purge(ports, deadlines)));
}

/** Monotonic milliseconds before which a task's files stay, whatever the clock says: it may be put forward by a year. */
type Deadlines = WeakMap<QueuedTask, number>;

function isTimeOver(task: QueuedTask, untilMs: number, { clock }: CleanUpPorts, deadlines: Deadlines): boolean {
  const leftMs = untilMs - clock.nowMs();
  const deadline = deadlines.get(task) ?? clock.monotonicMs() + leftMs;
  deadlines.set(task, deadline);
  return leftMs <= 0 && deadline <= clock.monotonicMs();
}

/**
 * A task that was cancelled while the program was killed may have left unfinished files, and files that have to get their
 * names back. false: some of it is still there.
 */
export async function tidyEnded(task: QueuedTask, ports: InterruptedPorts): Promise<boolean> {
  if (task.kind !== 'dedupe') return tidyInterrupted(task, ports);
  const isBack = await giveNamesBack(task, ports);
  if (isBack) await ports.journal.moveSteps(task.id, ['running'], task.state === 'failed' ? 'failed' : 'cancelled');
  return isBack;
}

async function purgeStaged(task: QueuedTask, ports: CleanUpPorts, deadlines: Deadlines): Promise<void> {
  const { undo } = task.details;
  const slot = findAsPlanned(task, task.deletesAt, ports.registry);
  if (!undo || !slot || !isTimeOver(task, undo.untilMs, ports, deadlines)) return;
  if (!(await isDriveThere(slot, ports.registry))) return;
  let isGone = false;
  const at = placeOf(slot, `${undoFolder}/${task.id}`);
  const keep = await othersStaged(task, ports.journal);
  await ports.files.run([{ op: 'tidy', n: 0, at, what: { kind: 'staged', keep } }], (reports) => {
    isGone ||= reports.some(({ type }) => type === 'done');
  });
  if (!isGone) return;
  task.details = { ...task.details, undo: null };
  await ports.journal.saveTask(task.record());
  ports.tell(task);
}

/** Names under which files lie that took the place of what was to be deleted, and could not go back there. */
async function othersStaged(task: QueuedTask, journal: Journal): Promise<readonly string[]> {
  const names: string[] = [];
  for (let fromN = 0; ; ) {
    const query = { fromN, limit: stepsAtOnce, states: ['failed', 'skipped'], buckets: ['delete'] } as const;
    const steps = await journal.steps(task.id, query);
    for (const { n, code } of steps) if (code === 'FILE_CHANGED') names.push(stagedName(n));
    fromN = (steps.at(-1)?.n ?? fromN) + 1;
    if (steps.length < stepsAtOnce) return names;
  }
}
