import type { StepState } from '../../contract/queue-words.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import type { Journal, JournalStep, StepChange } from '../../core/ports/journal.ts';
import type { TransferFiles, TransferOrder, TransferReport } from '../../core/ports/transfer-files.ts';
import type { IndexKeeper } from './index-keeper.ts';
import { expectedOf, placeOf, stagedName, targetOf, undoFolder } from './orders.ts';
import type { QueuedTask } from './queued-task.ts';
import { findAsPlanned } from './same-roots.ts';
import { changeOf } from './step-changes.ts';
import { isDriveThere } from './task-drives.ts';

export interface InterruptedPorts {
  readonly journal: Journal;
  readonly files: TransferFiles;
  readonly registry: LocationRegistry;
  readonly keeper: IndexKeeper;
}

const stepsAtOnce = 256;
/** `way` of a step that has ended while what it left behind is still there. */
export const interrupted = 'interrupted';

/**
 * Ends the steps of a task that were begun and of which nobody said how they ended: their unfinished files are removed,
 * and files that were staged get their names back. Where their drive is away they are marked, and `tidyInterrupted` does
 * it after the next start.
 */
export async function endBegun(task: QueuedTask, state: StepState, ports: InterruptedPorts): Promise<void> {
  for (;;) {
    const steps = await ports.journal.steps(task.id, { fromN: 0, limit: stepsAtOnce, states: ['running'] });
    if (steps.length === 0) return;
    const left = await tidy(task, steps, ports);
    const changes = steps.map((step) => {
      if (step.way === 'copied') return changeOf(step, { state });
      return endOf(step, left.get(step.n), state) ?? changeOf(step, { state, way: interrupted });
    });
    await ports.journal.saveSteps(task.record(), changes);
  }
}

/**
 * What steps of an ended task left behind. Steps that retrying a task begins again are left alone. false: some of it is
 * still there.
 */
export async function tidyInterrupted(task: QueuedTask, ports: InterruptedPorts): Promise<boolean> {
  const state = task.state === 'failed' ? 'failed' : 'cancelled';
  let isTidy = true;
  await endBegun(task, state, ports);
  for (let fromN = 0; ; ) {
    const query = { fromN, limit: stepsAtOnce, states: ['failed', 'cancelled'] } as const;
    const steps = await ports.journal.steps(task.id, query);
    const marked = steps.filter(({ way }) => way === interrupted);
    if (marked.length > 0) {
      const left = await tidy(task, marked, ports);
      const changes = marked.flatMap((step) => endOf(step, left.get(step.n), step.state) ?? []);
      await ports.journal.saveSteps(task.record(), changes);
      isTidy &&= changes.length === marked.length;
    }
    fromN = (steps.at(-1)?.n ?? fromN) + 1;
    if (steps.length < stepsAtOnce) return isTidy;
  }
}

/** `staged`: its name is taken by now, so the file waits where it was put, and the delete counts as done. */
type Left = 'nothing' | 'staged';

function endOf(step: JournalStep, left: Left | undefined, state: StepState): StepChange | null {
  if (left === undefined) return null;
  return left === 'staged' ? changeOf(step, { state: 'done', way: 'staged' }) : changeOf(step, { state, way: null });
}

/** Says what is left of each step by its number; nothing of those whose drive did not say. */
async function tidy(
  task: QueuedTask,
  steps: readonly JournalStep[],
  { files, registry, keeper }: InterruptedPorts,
): Promise<ReadonlyMap<number, Left>> {
  const left = new Map<number, Left>();
  for (const [slot, concerned] of bySlot(task, steps, registry)) {
    if (!(await isDriveThere(slot, registry))) continue;
    const orders = concerned.flatMap((step) => orderOf(task, step, slot));
    const ordered = new Set(orders.map(({ n }) => n));
    for (const { n } of concerned) if (!ordered.has(n)) left.set(n, 'nothing');
    const take = (report: TransferReport): void => {
      if (report.type === 'done') left.set(report.n, 'nothing');
      // It was not staged, and is gone.
      else if (report.type === 'failed' && report.code === 'FILE_NOT_FOUND') left.set(report.n, 'nothing');
      else if (report.type === 'failed' && report.code === 'TARGET_EXISTS') left.set(report.n, 'staged');
    };
    await files.run(orders, (reports) => reports.forEach(take)).catch(() => {});
    // What became of the files shows on the drive.
    keeper.readAgain(slot, concerned.map(pathChanged));
  }
  return left;
}

function changesSource({ bucket, way }: JournalStep): boolean {
  return bucket === 'delete' || way === 'copied';
}

function pathChanged(step: JournalStep): string {
  return changesSource(step) ? step.relPath : targetOf(step);
}

/** By the location whose files the steps were changing. */
function bySlot(
  task: QueuedTask,
  steps: readonly JournalStep[],
  registry: LocationRegistry,
): ReadonlyMap<LocationSlot, readonly JournalStep[]> {
  const slots = new Map<LocationSlot, JournalStep[]>();
  for (const step of steps) {
    const slot = findAsPlanned(task, changesSource(step) ? task.deletesAt : (task.dst ?? task.src), registry);
    if (!slot) continue;
    const there = slots.get(slot);
    if (there) there.push(step);
    else slots.set(slot, [step]);
  }
  return slots;
}

function orderOf(task: QueuedTask, step: JournalStep, slot: LocationSlot): readonly TransferOrder[] {
  const { n } = step;
  if (step.way === 'copied') return [];
  if (step.bucket !== 'delete')
    return [
      { op: 'tidy', n, at: placeOf(slot, targetOf(step)), what: { kind: 'part', tag: task.id, size: step.size } },
    ];
  if (!task.details.staged) return [];
  const from = placeOf(slot, `${undoFolder}/${task.id}/${stagedName(n)}`);
  const to = placeOf(slot, step.relPath);
  return [{ op: 'restore', n, from, to, expected: expectedOf(step) }];
}
