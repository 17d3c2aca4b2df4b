import { relPathOf } from '../../core/catalog/compare-rows.ts';
import { findFile } from '../../core/catalog/location-index.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { Journal, JournalStep } from '../../core/ports/journal.ts';
import type {
  DeleteOrder,
  FileAfter,
  FilePlace,
  TransferFiles,
  TransferOrder,
  TransferReport,
  TransferRunOptions,
} from '../../core/ports/transfer-files.ts';
import { isLastCopy } from '../../core/transfers/delete-conditions.ts';
import { hadOtherCopy, type OtherCopiesOf, type OtherCopy } from '../../core/transfers/other-copies.ts';
import { mayShareBlocks } from '../../core/transfers/volume-pair.ts';
import { askAhead } from './ask-ahead.ts';
import { formatDedupeStep, loadKept, parseDedupeStep, placeKey } from './dedupe-step.ts';
import { copyOrder, dedupeOrder, deleteOrder, placeOf, targetOf } from './orders.ts';
import type { QueuedTask } from './queued-task.ts';
import { slotAsPlanned } from './same-roots.ts';
import type { SpaceGuard } from './space-guard.ts';
import { StepBatches } from './step-batches.ts';
import { changeOf } from './step-changes.ts';
import { type RunHold, StepOutcomes, type StepOutcomesPorts } from './step-outcomes.ts';
import { StepsUnderWay } from './steps-under-way.ts';
import { copiesSideBySide, lookAtDrives } from './task-drives.ts';

export interface TaskRunPorts extends StepOutcomesPorts {
  readonly journal: Journal;
  readonly files: TransferFiles;
  readonly space: SpaceGuard;
  readonly otherCopies: (slot: LocationSlot) => Promise<OtherCopiesOf>;
  /** Resolves when the queue is not paused. */
  readonly gate: () => Promise<void>;
}

export type RunEnd = { readonly kind: 'finished' } | RunHold;

type Done = Extract<TransferReport, { type: 'done' }>;

/** A file that is to be moved, and its copy, which is durable. */
interface Copied {
  readonly step: JournalStep;
  readonly copy: NonNullable<DeleteOrder['copy']>;
}

function copyAt(at: FilePlace, { size, mtimeNs }: FileAfter, { sourceCtimeNs }: Done): Copied['copy'] {
  return { at, size, mtimeNs, sourceCtimeNs };
}

/**
 * Carries out what is left of one task, in batches. Before a batch the journal says that its steps are begun, after it
 * what became of each; whatever happens in between is sorted out by carrying the batch out once more.
 */
export class TaskRun {
  private readonly task: QueuedTask;
  private readonly ports: TaskRunPorts;
  private readonly signal: AbortSignal;
  private readonly left: StepBatches;
  private readonly outcomes: StepOutcomes;
  private readonly others = new Map<number, readonly OtherCopy[]>();
  private readonly underWay = new StepsUnderWay();
  private kept: ReadonlySet<string> | null = null;

  constructor(task: QueuedTask, ports: TaskRunPorts, signal: AbortSignal) {
    this.task = task;
    this.ports = ports;
    this.signal = signal;
    this.left = new StepBatches(task, ports.journal);
    this.outcomes = new StepOutcomes(task, ports);
  }

  /** @throws AppError CANCELLED when the signal fires, and what no step can be blamed for. */
  async run(): Promise<RunEnd> {
    for (let isFirst = true; ; isFirst = false) {
      await this.ports.gate();
      if (this.signal.aborted) throw new AppError('CANCELLED', 'The task was cancelled.');
      const batch = await this.left.take();
      if (batch.length === 0) break;
      if (!isFirst) await lookAtDrives(this.task, this.ports.registry);
      const full = await this.ports.space.problem(this.task, batch);
      if (full !== null) {
        this.outcomes.holdFor(full, this.task.dst);
        break;
      }
      await this.begin(batch);
      await this.carryOut(batch);
      if (this.outcomes.mustStop) break;
    }
    await this.save();
    return this.outcomes.hold ?? { kind: 'finished' };
  }

  /** The next batch, begun while the one before is carried out. None where it is of another kind, or has to wait. */
  private async follow(like: JournalStep): Promise<readonly JournalStep[]> {
    await this.underWay.whenOneLeft();
    await this.ports.gate();
    if (this.signal.aborted || this.outcomes.mustStop) return [];
    const batch = await this.left.take(like);
    if (batch.length > 0) await lookAtDrives(this.task, this.ports.registry);
    const full = await this.ports.space.problem(this.task, batch, this.underWay.bytes());
    if (full !== null || this.signal.aborted || this.outcomes.mustStop) {
      this.left.putBack(batch);
      return [];
    }
    if (batch.length > 0) await this.begin(batch);
    this.underWay.add(batch);
    return batch;
  }

  /** What was reported before something went wrong. */
  async save(): Promise<void> {
    await this.ports.journal.saveSteps(this.task.record(), this.outcomes.takeChanges());
  }

  /** One commit for the end of the last batch and the beginning of this one. */
  private async begin(batch: readonly JournalStep[]): Promise<void> {
    const record = this.task.record();
    const changes = this.outcomes.takeChanges();
    const begun = batch.filter(({ state }) => state !== 'running').map((step) => changeOf(step, { state: 'running' }));
    await this.ports.journal.saveSteps(record, [...changes, ...begun]);
    this.task.current = batch[0]?.relPath ?? null;
    this.task.attempts = batch[0]?.attempts ?? 0;
  }

  private async carryOut(batch: readonly JournalStep[]): Promise<void> {
    const { task } = this;
    const source = this.slotOf(batch[0]?.from ?? task.src);
    if (batch[0]?.bucket === 'dedupe') return this.dedupe(batch, source);
    if (batch[0]?.bucket === 'delete') {
      // Of a mirror the target loses its extras; a delete loses its own files.
      const at = task.kind === 'mirror' && task.dst !== null ? this.slotOf(task.dst) : source;
      this.requireDeletable(at);
      if (at !== source && !(await this.isSourceThere(source))) return;
      const going = await this.stillSpare(batch, at);
      const extras = at === source ? going : this.stillExtra(going, source);
      const orders = extras.map((step) => ({
        ...deleteOrder(task, step, at),
        ...this.othersToSee(step),
        ...(at === source ? {} : { original: placeOf(source, targetOf(step)) }),
      }));
      await this.runOrders(extras, orders, (step) => this.deleted(step, at));
      return;
    }
    if (task.dst === null) throw new AppError('INTERNAL', 'A copy has no target.');
    const target = this.slotOf(task.dst);
    const copied: Copied[] = [];
    const orderOf = (step: JournalStep): TransferOrder => copyOrder(task, step, source, target);
    const [first] = batch;
    // A move first learns what became of its copies, and deletes their sources then.
    const follow = first?.bucket === 'copy' ? async () => (await this.follow(first)).map(orderOf) : undefined;
    await this.runOrders(
      batch,
      batch.map(orderOf),
      (step, report) => {
        if (report.after) this.ports.keeper.made(target, targetOf(step), report.after, report.blake3);
        // Of a clone no bytes were read.
        if (report.blake3 && report.way !== 'clone') this.ports.keeper.read(source, step.relPath, step, report.blake3);
        if (step.bucket !== 'move') return this.outcomes.finish(step, report.way);
        const { after } = report;
        if (report.isDurable && after)
          copied.push({ step, copy: copyAt(placeOf(target, targetOf(step)), after, report) });
        else this.outcomes.fail(step, { code: 'NOT_DURABLE', message: notDurable(step.relPath, target) });
      },
      { more: follow, sideBySide: copiesSideBySide(source, target) },
    );
    if (copied.length > 0 && !this.outcomes.isOffline) await this.deleteSources(copied, source);
  }

  /** Allowed wherever files are: what goes stays under another name. */
  private async dedupe(batch: readonly JournalStep[], at: LocationSlot): Promise<void> {
    const { task } = this;
    this.kept ??= await loadKept(task.id, this.ports.journal);
    const { kept } = this;
    const going = batch.filter((step) => {
      if (!kept.has(placeKey(at.definition.id, step.relPath))) return true;
      this.outcomes.skip(step, { code: 'SAME_FILE', message: `“${step.relPath}” is kept for other duplicates.` });
      return false;
    });
    const orders = going.map((step) => {
      const { keeper } = parseDedupeStep(step);
      return dedupeOrder(task, step, at, this.slotOf(keeper.location));
    });
    if (orders.length > 0) await this.runOrders(going, orders, (step, report) => this.deduped(step, at, report));
  }

  private deduped(step: JournalStep, at: LocationSlot, report: Done): void {
    const { task } = this;
    const action = task.details.dedupe?.action ?? 'delete';
    const { keeper: index } = this.ports;
    const { after, keeperAfter, freedBytes: freed = 0 } = report;
    if (after === null) index.gone(at, step.relPath);
    else if (action === 'symlink') index.linked(at, step.relPath, after, report.blake3);
    else index.made(at, step.relPath, after, report.blake3);
    if (keeperAfter) {
      const { location, relPath } = parseDedupeStep(step).keeper;
      index.made(this.slotOf(location), relPath, keeperAfter, report.blake3);
    }
    const isEstimate = report.isEstimate === true || (freed > 0 && mayShareBlocks(at));
    task.details = {
      ...task.details,
      reclaimedBytes: task.details.reclaimedBytes + freed,
      ...(isEstimate ? { reclaimedIsEstimate: true } : {}),
    };
    const extra = formatDedupeStep({ ...parseDedupeStep(step), freed, endedMs: this.ports.nowMs() });
    this.outcomes.finish({ ...step, extra }, action === 'delete' ? 'deleted' : action);
  }

  /** The second half of a move, once the journal knows of the first. */
  private async deleteSources(copied: readonly Copied[], source: LocationSlot): Promise<void> {
    const { journal } = this.ports;
    this.requireDeletable(source);
    await journal.saveSteps(this.task.record(), [
      ...this.outcomes.takeChanges(),
      ...copied.map(({ step }) => changeOf(step, { state: 'running', way: 'copied' })),
    ]);
    const orders = copied.map(({ step, copy }): DeleteOrder => {
      return { ...deleteOrder(this.task, step, source), stage: null, isResumed: true, copy };
    });
    const steps = copied.map(({ step }) => step);
    await this.runOrders(steps, orders, (step) => {
      this.ports.keeper.gone(source, step.relPath);
      this.outcomes.finish(step, 'moved');
    });
  }

  /** A source that is away or empty proves nothing about what the target has too much. */
  private async isSourceThere(source: LocationSlot): Promise<boolean> {
    await this.ports.registry.look(source);
    const { name } = source.definition;
    if (source.state.kind === 'online' && source.facts?.isEmpty === false) return true;
    const message =
      source.state.kind === 'offline'
        ? source.state.message
        : `“${name}” is empty or not as it was, so nothing is deleted for its sake.`;
    this.outcomes.holdFor({ code: 'LOCATION_OFFLINE', message }, source.definition.id);
    return false;
  }

  /** What was to be deleted because its content lies elsewhere too stays where it does not any more. */
  private async stillSpare(batch: readonly JournalStep[], at: LocationSlot): Promise<readonly JournalStep[]> {
    if (!batch.some(({ extra }) => extra === hadOtherCopy)) return batch;
    await this.ports.keeper.flush();
    const othersOf = await this.ports.otherCopies(at);
    const paths = new Set(batch.map(({ relPath }) => relPath));
    return batch.filter((step) => {
      if (step.extra !== hadOtherCopy) return true;
      const others = othersOf(step, paths);
      this.others.set(step.n, others);
      if (others.length > 0) return true;
      this.outcomes.leave(step, isLastCopy(step));
      return false;
    });
  }

  /** Other copies that are looked at right before; not where one lies on a drive that this task has nothing to do with. */
  private othersToSee({ n }: JournalStep): Pick<DeleteOrder, 'others'> {
    const others = this.others.get(n) ?? [];
    this.others.delete(n);
    if (others.length === 0 || !others.every(({ slot }) => this.task.locations.includes(slot.definition.id))) return {};
    const places = others.map(({ slot, ...file }) => ({
      at: placeOf(slot, relPathOf(file)),
      size: file.folder.files.size(file.i),
      mtimeNs: file.folder.files.mtimeNs(file.i),
    }));
    return { others: places };
  }

  /** What the source has got in the meantime is no extra any more. */
  private stillExtra(batch: readonly JournalStep[], source: LocationSlot): readonly JournalStep[] {
    return batch.filter((step) => {
      if (findFile(source.index, targetOf(step)) === null) return true;
      this.outcomes.skip(step, {
        code: 'PLAN_STALE',
        message: `“${source.definition.name}” has “${step.relPath}” now.`,
      });
      return false;
    });
  }

  private async runOrders(
    batch: readonly JournalStep[],
    orders: readonly TransferOrder[],
    onDone: (step: JournalStep, report: Done) => void,
    { more, sideBySide }: Pick<TransferRunOptions, 'more' | 'sideBySide'> = {},
  ): Promise<void> {
    const { underWay } = this;
    underWay.add(batch);
    const take = (report: TransferReport): void => {
      const step = underWay.get(report.n);
      if (!step) return;
      if (report.type === 'moved-on') return this.outcomes.movedOn(step, report.bytes);
      underWay.end(report.n);
      if (report.type === 'done') onDone(step, report);
      else this.outcomes.failed(step, report);
      this.ports.onProgress();
    };
    const ahead = askAhead(more);
    try {
      const options = { signal: this.signal, more: ahead.ask, sideBySide };
      await this.ports.files.run(orders, (reports) => reports.forEach(take), options);
    } catch (thrown) {
      for (const n of underWay.giveUp()) this.outcomes.forgetCredit(n);
      // A batch that is begun after the task has ended would be taken for one that was interrupted.
      await ahead.end().catch(() => {});
      underWay.giveUp();
      if (!(thrown instanceof AppError) || thrown.code !== 'LOCATION_OFFLINE') throw thrown;
      this.outcomes.holdFor(thrown, thrown.location ?? this.task.dst);
    }
    await ahead.end();
  }

  private deleted(step: JournalStep, at: LocationSlot): void {
    this.ports.keeper.gone(at, step.relPath);
    this.outcomes.finish(step, this.task.details.staged ? 'staged' : 'deleted');
  }

  /** Asked again right before: what the plan was allowed to do may have been forbidden since. */
  private requireDeletable({ definition }: LocationSlot): void {
    if (definition.allowDelete) return;
    throw new AppError('DELETE_NOT_ALLOWED', `“${definition.name}” no longer allows deleting.`);
  }

  private slotOf(location: string): LocationSlot {
    return slotAsPlanned(this.task, location, this.ports.registry);
  }
}

function notDurable(relPath: string, target: LocationSlot): string {
  const where = placeOf(target, relPath).location;
  return `“${relPath}” was copied to “${where}”, but that drive cannot promise that it is written, so the source was kept.`;
}
