import { useCallback, useEffect, useRef, useState } from 'react';
import { type ApiError, toApiError } from '../../api/api-error.ts';
import { api } from '../../api/client.ts';

export interface Planning<P> {
  /** The plan on screen; of the choices before while another one is made. */
  readonly plan: P | undefined;
  readonly isPlanning: boolean;
  readonly error: ApiError | null;
  readonly again: () => void;
  /** It was executed, and is not forgotten when the dialog closes. */
  readonly keep: (planId: string) => void;
}

interface PlanOptions<P> {
  /** Other choices, another plan. */
  readonly choices: string;
  readonly ask: () => Promise<P>;
}

const dropAfterMs = 2_000;

function drop(planId: string): void {
  // One that is gone already is as good as dropped.
  void api.dropPlan({ planId }).catch(() => undefined);
}

interface Answer<P> {
  /** Round and choices it is about. */
  readonly about: string;
  readonly plan: P | undefined;
  readonly error: ApiError | null;
}

/** Makes a plan, and anew whenever the choices change. A plan that nobody executes is forgotten by the server too. */
export function usePlan<P extends { readonly planId: string }>({ choices, ask }: PlanOptions<P>): Planning<P> {
  const [answer, setAnswer] = useState<Answer<P>>({ about: '', plan: undefined, error: null });
  const [round, setRound] = useState(0);
  const kept = useRef(new Set<string>());
  const current = useRef<string | null>(null);
  const latest = useRef(ask);
  latest.current = ask;
  const about = `${round} ${choices}`;

  useEffect(() => {
    let isGone = false;
    latest
      .current()
      .then((plan) => {
        if (isGone) return drop(plan.planId);
        const before = current.current;
        current.current = plan.planId;
        setAnswer({ about, plan, error: null });
        // Lists of the plan before may still be on their way.
        if (before !== null) window.setTimeout(() => drop(before), dropAfterMs);
      })
      .catch((thrown: unknown) => {
        if (!isGone) setAnswer({ about, plan: undefined, error: toApiError(thrown) });
      });
    return () => {
      isGone = true;
    };
  }, [about]);

  useEffect(
    () => () => {
      const last = current.current;
      if (last !== null && !kept.current.has(last)) drop(last);
    },
    [],
  );

  const isPlanning = answer.about !== about;
  return {
    plan: answer.plan,
    error: isPlanning ? null : answer.error,
    isPlanning,
    again: useCallback(() => setRound((number) => number + 1), []),
    keep: useCallback((planId: string) => void kept.current.add(planId), []),
  };
}
