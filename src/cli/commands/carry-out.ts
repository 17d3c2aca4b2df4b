import type { Step, stepBuckets, Task, TaskPlan } from '../../contract/queue.ts';
import type { Session } from '../command.ts';
import { firstSteps, stepPages } from './task-steps.ts';
import { waitForTask } from './wait-for-task.ts';

/** How a plan ended. `task` is null when there was nothing to do. */
export interface CarriedOut {
  readonly plan: TaskPlan;
  readonly task: Task | null;
  readonly failed: readonly Step[];
  readonly skipped: readonly Step[];
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

export function hasNothingToDo({ buckets }: TaskPlan): boolean {
  return doneBuckets.every((bucket) => (buckets[bucket]?.files ?? 0) === 0);
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
  const { api } = await session.engine();
  session.signal.throwIfAborted();
  // A delete can have empty folders to remove, which are no files.
  if (hasNothingToDo(plan) && plan.kind !== 'delete') {
    const { told } = await showPlan(plan, session);
    return { plan, task: null, failed: [], skipped: told.filter(({ bucket }) => skippedBuckets.includes(bucket)) };
  }
  const { task, failed, skipped } = await waitForTask(await execute(), session);
  if (failed.length < mostListed) return { plan, task, failed, skipped };
  const all: Step[] = [];
  const failures = { buckets: doneBuckets, states: ['failed' as const, 'cancelled' as const] };
  for await (const page of stepPages(api, task.id, failures)) all.push(...page);
  return { plan, task, failed: all, skipped };
}

/** How many files were left as they are, however many of them are listed. */
export function countSkipped({ plan, task }: CarriedOut): number {
  return task?.skipped ?? skippedBuckets.reduce((sum, bucket) => sum + (plan.buckets[bucket]?.files ?? 0), 0);
}

export function hasFailed({ task, failed }: CarriedOut): boolean {
  return failed.length > 0 || task?.state === 'failed';
}
