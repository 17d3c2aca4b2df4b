import type { z } from 'zod';
import type { Step, stepBucketSchema } from '../../contract/queue.ts';
import type { StepState } from '../../contract/queue-words.ts';
import { api } from './client.ts';

export type StepBucket = z.infer<typeof stepBucketSchema>;

export interface StepFilter {
  readonly task: string;
  readonly buckets?: readonly StepBucket[] | undefined;
  readonly states?: readonly StepState[] | undefined;
}

export const stepsPerPage = 1_000;

/** One page of the files of a task. */
export function stepsFrom({ task, buckets, states }: StepFilter, fromN: number, signal?: AbortSignal) {
  const filter = { ...(buckets ? { buckets: [...buckets] } : {}), ...(states ? { states: [...states] } : {}) };
  return api.taskSteps({ id: task, ...filter, fromN, limit: stepsPerPage }, { signal });
}

/** Every file of a task, for its report. */
export async function allSteps(filter: StepFilter): Promise<Step[]> {
  const steps: Step[] = [];
  for (let fromN: number | null = 0; fromN !== null; ) {
    const page: { readonly steps: readonly Step[]; readonly nextN: number | null } = await stepsFrom(filter, fromN);
    steps.push(...page.steps);
    fromN = page.nextN;
  }
  return steps;
}
