import type { Step, Task, TaskPlan } from '../../contract/queue.ts';
import type { stepBuckets } from '../../contract/queue-words.ts';
import type { Session } from '../command.ts';
import { firstSteps, type StepFilter, stepPages } from './task-steps.ts';
import { waitForTask } from './wait-for-task.ts';

/** How a plan ended. `task` is null when there was nothing to do. */
export interface CarriedOut {
  readonly plan: TaskPlan;
  readonly task: Task | null;
  /** Names, of several, that the location does not have come first. */
  readonly failed: readonly Step[];
  readonly skipped: readonly Step[];
  /** How many files were left as they are, however many of them are listed. */
  readonly skippedCount: number;
}

/** The plan as it is shown by `--dry-run`, with the first of what it leaves alone. */
export interface ShownPlan {
  readonly plan: TaskPlan;
  readonly told: readonly Step[];
}

type Bucket = (typeof stepBuckets)[number];
const doneBuckets: Bucket[] = ['copy', 'move', 'delete'];
export const toldBuckets: Bucket[] = ['conflict', 'unverified', 'moved', 'extra', 'skipped'];
/** Of these a task says that it skipped them. */
const skippedBuckets: Bucket[] = ['conflict', 'unverified', 'skipped'];
/** What an outcome lists at most. */
const mostListed = 1000;
const allFailed: StepFilter = { buckets: doneBuckets, states: ['failed', 'cancelled'] };
const allSkipped: StepFilter = { buckets: [...doneBuckets, ...skippedBuckets], states: ['skipped', 'told'] };

/** A delete can have empty folders to remove, which are no files. */
export function hasNothingToDo({ kind, buckets, folders }: TaskPlan): boolean {
  return (kind !== 'delete' || folders === 0) && doneBuckets.every((bucket) => (buckets[bucket]?.files ?? 0) === 0);
}

/** A name that was given and is not there; a plan tells of it before anything else. */
export function isMissing({ bucket, code }: Step): boolean {
  return bucket === 'skipped' && code === 'ENTRY_NOT_FOUND';
}

/** The plan for show: it is forgotten again. */
export async function showPlan(plan: TaskPlan, session: Session): Promise<ShownPlan> {
  const { api } = await session.engine();
  const told = await firstSteps(api, plan.planId, { buckets: toldBuckets }, mostListed);
  await api.dropPlan({ planId: plan.planId });
  return { plan, told };
}

/** Puts a plan into the queue by `execute` and waits for its end. Nothing to copy is nothing to queue. */
export async function carryOut(plan: TaskPlan, execute: () => Promise<Task>, session: Session): Promise<CarriedOut> {
  session.signal.throwIfAborted();
  const missing = await listMissing(plan, session);
  const ended = hasNothingToDo(plan) ? await leaveAll(plan, session) : await waitForEnd(await execute(), session);
  return {
    ...ended,
    plan,
    failed: [...missing, ...ended.failed],
    skipped: ended.skipped.filter((step) => !isMissing(step)),
    skippedCount: ended.skippedCount - missing.length,
  };
}

type Ended = Omit<CarriedOut, 'plan'>;

async function leaveAll({ planId, buckets }: TaskPlan, session: Session): Promise<Ended> {
  const { api } = await session.engine();
  const skipped = await listSteps(planId, allSkipped, session);
  await api.dropPlan({ planId });
  const skippedCount = skippedBuckets.reduce((sum, bucket) => sum + (buckets[bucket]?.files ?? 0), 0);
  return { task: null, failed: [], skipped, skippedCount };
}

async function waitForEnd(started: Task, session: Session): Promise<Ended> {
  const { task, failed, skipped } = await waitForTask(started, session);
  return {
    task,
    failed: failed.length < mostListed ? failed : await listSteps(task.id, allFailed, session),
    skipped: skipped.length < mostListed ? skipped : await listSteps(task.id, allSkipped, session),
    skippedCount: task.skipped,
  };
}

/** All of them for scripts; people are shown a few. */
async function listSteps(id: string, filter: StepFilter, session: Session): Promise<readonly Step[]> {
  const { api } = await session.engine();
  return firstSteps(api, id, filter, session.json ? Number.POSITIVE_INFINITY : mostListed);
}

async function listMissing({ planId, buckets }: TaskPlan, session: Session): Promise<readonly Step[]> {
  const { api } = await session.engine();
  const missing: Step[] = [];
  if ((buckets.skipped?.files ?? 0) === 0) return missing;
  for await (const steps of stepPages(api, planId, { buckets: ['skipped'] }, session.signal)) {
    const some = steps.filter(isMissing);
    missing.push(...some);
    if (some.length < steps.length) break;
  }
  return missing;
}

export function hasFailed({ task, failed }: CarriedOut): boolean {
  return failed.length > 0 || task?.state === 'failed';
}
