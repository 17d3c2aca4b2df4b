import type { TaskPlan } from '../../contract/queue.ts';
import type { LocationRegistry } from '../../core/catalog/location-registry.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { Clock, Pacer } from '../../core/ports/clock.ts';
import type { Journal, JournalStep, JournalTask } from '../../core/ports/journal.ts';
import { addAmounts, nothing, type PlanDraft, type StepDraft, sumBuckets } from '../../core/transfers/plan-draft.ts';
import { sharesBlocks } from '../../core/transfers/volume-pair.ts';
import { countFoldersThatGo } from './emptied-folders.ts';
import type { QueueEngine } from './queue-engine.ts';
import { QueuedTask, skippedAtPlan } from './queued-task.ts';
import { slotAsPlanned } from './same-roots.ts';
import { inGiB, reserveOf } from './space-guard.ts';
import { doneBuckets, type TaskDetails } from './task-details.ts';

export interface PlansPorts {
  readonly engine: QueueEngine;
  readonly journal: Journal;
  readonly registry: LocationRegistry;
  readonly clock: Clock;
  readonly pacer: Pacer;
  /** Eight characters of a-z0-9. */
  readonly newId: () => string;
}

/** Stored plans: made, shown, executed once, or forgotten. */
export interface Plans {
  add(draft: PlanDraft): Promise<QueuedTask>;
  describe(task: QueuedTask): TaskPlan;
  /** @throws AppError CONFIRMATION_NEEDED, NO_SPACE, DELETE_NOT_ALLOWED, TASK_STATE */
  execute(task: QueuedTask, confirm: string | undefined): Promise<void>;
  drop(id: string): Promise<boolean>;
}

const stepsAtOnce = 1_000;

export function createPlans(ports: PlansPorts): Plans {
  const { engine, journal, registry, clock, pacer } = ports;

  async function add(draft: PlanDraft): Promise<QueuedTask> {
    await engine.loaded();
    const record = recordOf(draft, ports);
    await journal.addTask(record, numbered(draft.steps.slice(0, stepsAtOnce), 0));
    const task = new QueuedTask(record, clock);
    task.stored = addSteps(task.id, draft.steps);
    // Whoever executes the plan learns of it.
    task.stored.catch(() => {});
    engine.list.add(task);
    return task;
  }

  async function addSteps(id: string, steps: readonly StepDraft[]): Promise<void> {
    const writes: Promise<void>[] = [];
    for (let from = stepsAtOnce; from < steps.length; from += stepsAtOnce) {
      writes.push(journal.addSteps(id, numbered(steps.slice(from, from + stepsAtOnce), from)));
      const pause = pacer.breathe();
      if (pause) await pause;
    }
    await Promise.all(writes);
  }

  /** Free space as it was seen last, less what is already on its way there. */
  function spaceOf({ src, dst, details }: QueuedTask): TaskPlan['space'] {
    if (dst === null) return null;
    const [from, to] = [registry.find(src), registry.find(dst)];
    const free = to?.facts?.freeBytes ?? null;
    if (!from || !to || free === null) return null;
    const freeBytes = Math.max(0, free - engine.list.bytesBoundFor(dst));
    const deleted = details.buckets.delete?.bytes ?? 0;
    const written = sharesBlocks(from, to) ? 0 : details.total.bytes - deleted;
    return { freeBytes, afterBytes: freeBytes - written + (details.staged ? 0 : deleted), reserveBytes: reserveOf(to) };
  }

  function hasSpace(task: QueuedTask): boolean {
    const space = spaceOf(task);
    const needed = bytesNeeded(task);
    if (space === null || needed === 0 || space.freeBytes - needed >= space.reserveBytes) return true;
    return sharesBlocks(registry.require(task.src), registry.require(task.dst ?? task.src));
  }

  function noSpace(task: QueuedTask): AppError {
    const { name } = registry.require(task.dst ?? task.src).definition;
    const { freeBytes, reserveBytes } = spaceOf(task) ?? { freeBytes: 0, reserveBytes: 0 };
    return new AppError(
      'NO_SPACE',
      `“${name}” has ${inGiB(freeBytes)} left for this, and it needs ${inGiB(bytesNeeded(task))} and a reserve of ${inGiB(reserveBytes)}.`,
      { hint: 'Free some space on it, or choose fewer files.' },
    );
  }

  /** What the plan asks for, or the location by now, whatever it asked for then. A move takes files away too. */
  function confirmationOf(task: QueuedTask): { readonly word: string | null; readonly reason: string | null } {
    const { buckets, confirm, confirmReason } = task.details;
    if (confirm !== null || !(buckets.delete || buckets.move)) return { word: confirm, reason: confirmReason };
    const definition = registry.find(task.deletesAt)?.definition;
    if (!definition?.typeToDelete) return { word: null, reason: null };
    return { word: 'DELETE', reason: `“${definition.name}” asks for a typed confirmation.` };
  }

  function requireConfirmed(task: QueuedTask, typed: string | undefined): void {
    const { word, reason } = confirmationOf(task);
    if (word === null || typed === word) return;
    throw new AppError('CONFIRMATION_NEEDED', reason ?? 'This has to be confirmed.', {
      hint: `Type “${word}” to go on.`,
    });
  }

  function requireDeletable(task: QueuedTask): void {
    const { buckets } = task.details;
    if (!buckets.delete && !buckets.move) return;
    const { definition } = registry.require(task.deletesAt);
    if (!definition.allowDelete) throw notDeletable(definition.name, definition.id);
  }

  return {
    add,
    describe(task) {
      const { details } = task;
      const { word, reason } = confirmationOf(task);
      return {
        planId: task.id,
        kind: task.kind,
        src: task.src,
        dst: task.dst,
        buckets: details.buckets,
        sidecars: details.sidecars,
        elsewhere: details.elsewhere,
        lastCopies: details.lastCopies,
        space: spaceOf(task),
        folders: countFoldersThatGo(task, registry),
        staged: details.staged,
        confirm: word,
        confirmReason: reason,
      };
    },
    async execute(task, confirm) {
      for (const id of task.locations) slotAsPlanned(task, id, registry);
      requireNoConflict(task);
      requireConfirmed(task, confirm);
      requireDeletable(task);
      // What was seen last may be old.
      const target = task.dst === null ? undefined : registry.find(task.dst);
      if (target && !hasSpace(task)) await registry.look(target);
      if (!hasSpace(task)) throw noSpace(task);
      await task.stored;
      await engine.enqueue(task);
    },
    async drop(id) {
      await engine.loaded();
      const task = engine.list.get(id);
      if (task?.state !== 'planned') return false;
      engine.list.delete(id);
      await journal.removeTasks([id]);
      return true;
    },
  };
}

function bytesNeeded({ details }: QueuedTask): number {
  return details.total.bytes - (details.buckets.delete?.bytes ?? 0);
}

/** A mirror that was asked to stop at conflicts. */
function requireNoConflict({ details }: QueuedTask): void {
  const conflicts = details.buckets.conflict?.files ?? 0;
  if (details.mirror?.onConflict !== 'stop' || conflicts === 0) return;
  throw new AppError('TASK_STATE', `The mirror stops at conflicts, and there are ${conflicts}.`, {
    hint: 'Resolve them by hand, or plan again so that conflicts are skipped.',
  });
}

export function notDeletable(name: string, id: string): AppError {
  const setting =
    id === 'local' ? 'LOCAL_ALLOW_DELETE' : id === 'lake' ? 'LAKE_ALLOW_DELETE' : 'the location’s settings';
  return new AppError('DELETE_NOT_ALLOWED', `“${name}” does not allow deleting.`, {
    hint: `Allow it with ${setting} if files may be deleted there.`,
  });
}

function recordOf(draft: PlanDraft, { clock, registry, newId }: PlansPorts): JournalTask {
  const buckets = sumBuckets(draft.steps);
  const total = doneBuckets.reduce((sum, bucket) => addAmounts(sum, buckets[bucket] ?? nothing), nothing);
  const { kind, src, dst, steps: _steps, ...rest } = draft;
  const ids = [src, ...(dst === null ? [] : [dst]), ...(draft.dedupe?.locations ?? [])];
  const roots = Object.fromEntries(ids.map((id) => [id, registry.require(id).definition.path]));
  const fresh = { total, done: nothing, skipped: 0, failed: 0, error: null, busyMs: 0, undo: null, reclaimedBytes: 0 };
  const details: TaskDetails = { ...rest, buckets, roots, ...fresh };
  return {
    id: newId(),
    kind,
    state: 'planned',
    position: 0,
    src,
    dst,
    createdMs: clock.nowMs(),
    startedMs: null,
    finishedMs: null,
    details: JSON.stringify({ ...details, skipped: skippedAtPlan(details) }),
  };
}

function numbered(drafts: readonly StepDraft[], from: number): readonly JournalStep[] {
  return drafts.map((draft, k) => {
    const state = doneBuckets.includes(draft.bucket) ? ('waiting' as const) : ('told' as const);
    return { ...draft, n: from + k, state, attempts: 0, way: null };
  });
}
