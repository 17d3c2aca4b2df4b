import { queryOptions, useQueries } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Step } from '../../../contract/queue.ts';
import { type StepFilter, stepsFrom, stepsPerPage } from '../../api/all-steps.ts';
import { keys } from '../../api/queries.ts';
import { useSettled } from '../../ui/use-settled.ts';

function stepsQuery(filter: StepFilter, fromN: number) {
  const { task, buckets, states } = filter;
  return queryOptions({
    queryKey: [...keys.steps(task), buckets ?? null, states ?? null, fromN],
    queryFn: ({ signal }) => stepsFrom(filter, fromN, signal),
    gcTime: 60_000,
  });
}

interface InSight {
  readonly first: number;
  readonly last: number;
  /** Milliseconds after which what is in sight is asked for again; false: it does not change by itself. */
  readonly refetchInterval: number | false;
}

/**
 * Steps in sight of a list of any length. A page says where the next begins, so the list grows as one nears its end;
 * pages that went out of sight are forgotten after a while, where they begin is not.
 */
export function useSteps(filter: StepFilter, { first, last, refetchInterval }: InSight) {
  const [starts, setStarts] = useState<readonly number[]>([0]);
  const pageOf = (index: number) => Math.min(starts.length - 1, Math.floor(Math.max(0, index) / stepsPerPage));
  const [from = 0, to = 0] = useSettled(`${pageOf(first)}-${pageOf(last)}`)
    .split('-')
    .map(Number);
  const wanted = [...new Set([...starts.slice(from, to + 1), starts.at(-1) ?? 0])];
  const answers = useQueries({
    queries: wanted.map((start) => ({ ...stepsQuery(filter, start), refetchInterval })),
  });
  const pages = new Map(wanted.map((start, place) => [start, answers[place]?.data]));
  const end = pages.get(starts.at(-1) ?? 0);
  const isNearEnd = last >= (starts.length - 1) * stepsPerPage;
  const nextN = isNearEnd ? (end?.nextN ?? null) : null;
  useEffect(() => {
    if (nextN !== null) setStarts((known) => ((known.at(-1) ?? 0) < nextN ? [...known, nextN] : known));
  }, [nextN]);
  const error = answers.find((answer) => answer.error)?.error ?? null;
  return {
    /** Steps that are known to be there; undefined while nothing is. */
    count:
      end === undefined && starts.length === 1
        ? undefined
        : (starts.length - 1) * stepsPerPage + (end?.steps.length ?? 0),
    hasMore: end !== undefined && end.nextN !== null,
    error: error as Error | null,
    retry: () => answers.map((answer) => answer.refetch()),
    stepAt(index: number): Step | undefined {
      const start = starts[Math.floor(index / stepsPerPage)];
      return start === undefined ? undefined : pages.get(start)?.steps[index % stepsPerPage];
    },
  };
}
