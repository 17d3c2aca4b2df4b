import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { JournalStep } from '../../core/ports/journal.ts';
import type { RestoreOrder, TidyOrder, TransferReport } from '../../core/ports/transfer-files.ts';
import { expectedOf, placeOf, stagedName, undoFolder } from './orders.ts';
import type { QueueEngine, QueueEnginePorts } from './queue-engine.ts';
import type { QueuedTask } from './queued-task.ts';
import { slotAsPlanned } from './same-roots.ts';
import { changeOf } from './step-changes.ts';

const stepsAtOnce = 256;
/** `way` of a step that is being put back. */
const restoring = 'restoring';

/** Puts the staged files of a delete back, as far as their paths are still free. */
export async function undoDelete(
  task: QueuedTask,
  engine: QueueEngine,
  ports: QueueEnginePorts,
): Promise<{ readonly restored: number; readonly failed: readonly JournalStep[] }> {
  const outcome = await task.inTurn(() => putAllBack(task, ports));
  engine.tell(task);
  return outcome;
}

async function putAllBack(task: QueuedTask, ports: QueueEnginePorts) {
  const { undo } = task.details;
  if (!task.hasEnded || undo === null) {
    throw new AppError('TASK_STATE', 'This delete can no longer be undone.', {
      hint: 'Only files of a location with undo can be put back, for a day.',
    });
  }
  const slot = slotAsPlanned(task, task.deletesAt, ports.registry);
  const failed: JournalStep[] = [];
  let restored = 0;
  for (let fromN = 0; ; ) {
    const query = { fromN, limit: stepsAtOnce, states: ['done'], buckets: ['delete'] } as const;
    const steps = await ports.journal.steps(task.id, query);
    fromN = (steps.at(-1)?.n ?? fromN) + 1;
    const staged = steps.filter(({ way }) => way === 'staged' || way === restoring);
    if (staged.length > 0) restored += await putBack(staged, { task, slot, folder: undo.folder, failed }, ports);
    if (steps.length < stepsAtOnce) break;
  }
  await ports.keeper.flush();
  if (failed.length === 0) task.details = { ...task.details, undo: null };
  await ports.journal.saveTask(task.record());
  if (failed.length === 0) await removeFolders(slot, undo.folder, ports);
  return { restored, failed };
}

/** The folders that the files lay in, where they are empty now; whatever else somebody put there stays. */
async function removeFolders(slot: LocationSlot, folder: string, { files }: QueueEnginePorts): Promise<void> {
  const orders = [folder, undoFolder].map((relPath, n): TidyOrder => {
    return { op: 'tidy', n, at: placeOf(slot, relPath), what: { kind: 'empty-folder' } };
  });
  await files.run(orders, () => {}).catch(() => {});
}

interface Undoing {
  readonly task: QueuedTask;
  readonly slot: LocationSlot;
  readonly folder: string;
  readonly failed: JournalStep[];
}

/** Returns how many are back. Those that an earlier attempt may have begun are known by what the journal says of them. */
async function putBack(
  staged: readonly JournalStep[],
  { task, slot, folder, failed }: Undoing,
  { journal, files, keeper }: QueueEnginePorts,
): Promise<number> {
  const as = (steps: readonly JournalStep[], way: string) =>
    journal.saveSteps(
      task.record(),
      steps.map((step) => changeOf(step, { state: 'done', way })),
    );
  const byN = new Map(staged.map((step) => [step.n, step]));
  const back: JournalStep[] = [];
  const stays: JournalStep[] = [];
  const take = (report: TransferReport): void => {
    const step = byN.get(report.n);
    if (!step || report.type === 'moved-on') return;
    if (report.type === 'failed') {
      stays.push(step);
      failed.push({ ...step, state: 'failed', code: report.code, message: report.message });
      return;
    }
    back.push(step);
    if (report.after) keeper.made(slot, step.relPath, report.after, step.blake3);
  };
  const orders = staged.map(
    (step): RestoreOrder => ({
      op: 'restore',
      n: step.n,
      from: placeOf(slot, `${folder}/${stagedName(step.n)}`),
      to: placeOf(slot, step.relPath),
      expected: expectedOf(step),
      isResumed: step.way === restoring,
    }),
  );
  await as(staged, restoring);
  await files.run(orders, (reports) => reports.forEach(take));
  await Promise.all([as(back, 'restored'), as(stays, 'staged')]);
  return back.length;
}
