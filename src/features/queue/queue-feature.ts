import type { Handlers } from '../../contract/endpoint.ts';
import type { CopyInput, DeleteInput, queueEndpoints, Step, TaskOutcome } from '../../contract/queue.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { Journal, JournalStep, StepQuery } from '../../core/ports/journal.ts';
import type { Choice } from './chosen-files.ts';
import { parseDedupeStep } from './dedupe-step.ts';
import { draftCopy, type PlanningPorts } from './plan-copy.ts';
import { draftDelete } from './plan-delete.ts';
import type { Plans } from './plans.ts';
import type { QueueEngine, QueueEnginePorts } from './queue-engine.ts';
import type { QueuedTask } from './queued-task.ts';
import { doneBuckets } from './task-details.ts';
import { undoDelete } from './undo.ts';

export interface QueuePorts extends PlanningPorts {
  readonly engine: QueueEngine;
  readonly enginePorts: QueueEnginePorts;
  readonly journal: Journal;
  readonly plans: Plans;
}

const listedInOutcome = 1_000;
/** Of what is only told: what a person may have expected to be done. */
const skippedBuckets = [...doneBuckets, 'conflict', 'unverified', 'skipped'] as const;

export function createQueueFeature(ports: QueuePorts): Handlers<typeof queueEndpoints> {
  const { engine, plans, journal, enginePorts } = ports;

  const snapshot = () => engine.snapshot('all', 0, 200);

  async function planCopy(kind: 'copy' | 'move', input: CopyInput): Promise<QueuedTask> {
    const { srcSide: src, dstSide: dst, sidecars, insideTarget, verify } = input;
    if (kind === 'move') requireMovable(ports, src);
    return plans.add(
      await draftCopy({ kind, src, dst, choice: choiceOf(input, src), sidecars, insideTarget, verify }, ports),
    );
  }

  async function planDelete(input: DeleteInput): Promise<QueuedTask> {
    const { side, relPath, relPaths, sidecars, ...rest } = input;
    const choice = choiceOf(
      { ...rest, srcRelPath: relPath, srcRelPaths: relPaths, dstSide: otherSide(ports, side) },
      side,
    );
    return plans.add(await draftDelete({ side, choice, sidecars }, ports));
  }

  async function executeNow(planning: Promise<QueuedTask>, confirm: string | undefined) {
    const task = await planning;
    const plan = plans.describe(task);
    // Nothing to do is nothing to remember; what is only told is in the plan.
    if (task.details.total.files === 0 && task.details.folders.length === 0) return { plan, task: null };
    try {
      await plans.execute(task, confirm);
    } catch (thrown) {
      await plans.drop(task.id);
      throw thrown;
    }
    return { plan, task: task.describe() };
  }

  async function tasksOf(ids: readonly string[]): Promise<readonly QueuedTask[]> {
    await engine.loaded();
    return ids.map((id) => engine.require(id));
  }

  return {
    async queue({ show, offset, limit }) {
      await engine.loaded();
      return engine.snapshot(show, offset, limit);
    },
    queueCopy: (input) => executeNow(planCopy('copy', input), undefined),
    queueMove: ({ confirm, ...input }) => executeNow(planCopy('move', input), confirm),
    queueDelete: ({ confirm, ...input }) => executeNow(planDelete(input), confirm),
    async planCopy({ move, ...input }) {
      return plans.describe(await planCopy(move ? 'move' : 'copy', input));
    },
    async planDelete(input) {
      return plans.describe(await planDelete(input));
    },
    async executePlan({ planId, confirm }) {
      const [task] = await tasksOf([planId]);
      if (!task) throw new AppError('TASK_NOT_FOUND', 'There is no such plan.');
      await plans.execute(task, confirm);
      return task.describe();
    },
    async dropPlan({ planId }) {
      return { dropped: await plans.drop(planId) };
    },
    async taskSteps({ id, buckets, states, fromN, limit }) {
      await engine.loaded();
      const task = engine.require(id);
      await task.stored;
      const query: StepQuery = { fromN, limit, ...(buckets ? { buckets } : {}), ...(states ? { states } : {}) };
      const steps = await journal.steps(id, query);
      const last = steps.at(-1);
      return {
        steps: steps.map((step) => toStep(withReason(step, task))),
        nextN: last && steps.length === limit ? last.n + 1 : null,
      };
    },
    async waitForTask({ id, onHold }) {
      await engine.loaded();
      return outcomeOf(await engine.whenEnded(id, onHold), journal);
    },
    async pauseQueue() {
      await engine.loaded();
      await engine.pause();
      return snapshot();
    },
    async resumeQueue() {
      await engine.loaded();
      await engine.resume();
      return snapshot();
    },
    async cancelTasks({ ids, all }) {
      await engine.loaded();
      const active = engine.list.active();
      await engine.cancel(ids ? await tasksOf(ids) : all ? active : active.filter(({ state }) => state === 'running'));
      return snapshot();
    },
    async retryTasks({ ids }) {
      await engine.loaded();
      await engine.retry(ids ? await tasksOf(ids) : engine.list.ended().filter(({ state }) => state === 'failed'));
      return snapshot();
    },
    async removeTasks({ ids }) {
      await engine.remove(await tasksOf([...new Set(ids)]));
      return snapshot();
    },
    async reorderTask({ id, before }) {
      const [task, next = null] = await tasksOf(before === null ? [id] : [id, before]);
      if (task?.state !== 'waiting' || (next !== null && !next.isActive)) {
        throw new AppError('TASK_STATE', 'Only tasks that wait have an order.');
      }
      if (task !== next) await engine.reorder(task, next);
      return snapshot();
    },
    async clearFinished() {
      await engine.loaded();
      await engine.clear();
      return snapshot();
    },
    async undoTask({ id }) {
      const [task] = await tasksOf([id]);
      if (!task) throw new AppError('TASK_NOT_FOUND', 'There is no such task.');
      const { restored, failed } = await undoDelete(task, engine, enginePorts);
      return { restored, failed: failed.map(toStep), task: task.describe() };
    },
  };
}

/** A move deletes its sources. */
function requireMovable({ registry }: QueuePorts, src: string): void {
  const { definition } = registry.require(src);
  if (definition.allowDelete) return;
  throw new AppError(
    'DELETE_NOT_ALLOWED',
    `“${definition.name}” does not allow deleting, which moving its files does.`,
    {
      hint: 'Copy them instead, or allow deleting there.',
    },
  );
}

/** The location that a comparison of this one is made with where the caller names none. */
function otherSide({ registry }: QueuePorts, side: string): string {
  return registry.list().find(({ definition }) => definition.id !== side)?.definition.id ?? side;
}

type Named = Pick<CopyInput, 'srcRelPath' | 'srcRelPaths' | 'matching' | 'a' | 'b' | 'dstSide'>;

function choiceOf({ srcRelPath, srcRelPaths, matching, a, b, dstSide }: Named, src: string): Choice {
  const relPaths = [...(srcRelPath === undefined ? [] : [srcRelPath]), ...(srcRelPaths ?? [])];
  if ((relPaths.length === 0) === (matching === undefined)) {
    throw new AppError('INVALID_INPUT', 'Name files or folders, or say which rows match; not both, and not neither.');
  }
  if (matching === undefined) return { relPaths, matching: null };
  return { relPaths, matching: { ...matching, a: a ?? src, b: b ?? dstSide } };
}

export function toStep(step: JournalStep): Step {
  const { n, bucket, state, relPath, toRelPath, from, size, code, message, way } = step;
  // Of what is deleted it is where the source of the mirror would have it.
  const target = bucket === 'delete' ? null : toRelPath;
  const told = { n, bucket, state, relPath, toRelPath: target, from, size, code, message, way };
  return bucket === 'dedupe' ? { ...told, ...toldOfDuplicate(step) } : told;
}

function toldOfDuplicate(step: JournalStep): Pick<Step, 'keeper' | 'blake3' | 'freedBytes' | 'endedMs'> {
  const { keeper, freed, endedMs } = parseDedupeStep(step);
  return {
    keeper: { location: keeper.location, relPath: keeper.relPath },
    blake3: Array.from(step.blake3 ?? [], (byte) => byte.toString(16).padStart(2, '0')).join(''),
    ...(freed === undefined ? {} : { freedBytes: freed }),
    ...(endedMs === undefined ? {} : { endedMs }),
  };
}

async function outcomeOf(task: QueuedTask, journal: Journal): Promise<TaskOutcome> {
  const page = { fromN: 0, limit: listedInOutcome };
  const failed = await journal.steps(task.id, { ...page, states: ['failed', 'cancelled'], buckets: doneBuckets });
  const skipped = await journal.steps(task.id, { ...page, states: ['skipped', 'told'], buckets: skippedBuckets });
  return {
    task: task.describe(),
    failed: failed.map((step) => toStep(withReason(step, task))),
    skipped: skipped.map(toStep),
  };
}

/** What was not even tried has the reason of the whole task. */
function withReason(step: JournalStep, { details: { error } }: QueuedTask): JournalStep {
  const isWithout = step.code === null && (step.state === 'failed' || step.state === 'cancelled');
  return isWithout && error ? { ...step, ...error } : step;
}
