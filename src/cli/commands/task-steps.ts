import type { Api } from '../../contract/api.ts';
import type { Step } from '../../contract/queue.ts';
import type { stepBuckets, stepStates } from '../../contract/queue-words.ts';

export interface StepFilter {
  readonly buckets?: (typeof stepBuckets)[number][] | undefined;
  readonly states?: (typeof stepStates)[number][] | undefined;
}

const pageSize = 1000;

/** The steps of a task or plan, page by page. */
export async function* stepPages(
  api: Api,
  id: string,
  filter: StepFilter,
  signal?: AbortSignal,
): AsyncIterable<readonly Step[]> {
  let fromN: number | null = 0;
  while (fromN !== null) {
    const lists = Object.fromEntries(Object.entries(filter).filter(([, list]) => list !== undefined));
    const page: Awaited<ReturnType<Api['taskSteps']>> = await api.taskSteps(
      { id, ...lists, fromN, limit: pageSize },
      { signal },
    );
    yield page.steps;
    fromN = page.nextN;
  }
}

export async function firstSteps(api: Api, id: string, filter: StepFilter, most: number): Promise<readonly Step[]> {
  const steps: Step[] = [];
  for await (const page of stepPages(api, id, filter)) {
    steps.push(...page);
    if (steps.length >= most) break;
  }
  return steps.slice(0, most);
}
