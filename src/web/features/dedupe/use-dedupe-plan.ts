import { useCallback, useEffect, useMemo, useState } from 'react';
import type { DedupePlan } from '../../../contract/dedupe.ts';
import { type ApiError, toApiError } from '../../api/api-error.ts';
import { api } from '../../api/client.ts';
import { type Choices, choiceInput, isNothingChosen } from './choices.ts';
import { useRested } from './use-rested.ts';

/** Keys that are held down do not ask for a plan each. */
const restMs = 180;

interface Answer {
  readonly about: Choices | null;
  readonly plan: DedupePlan | null;
  readonly error: ApiError | null;
}

export interface PlanAnswer {
  /** Of the choices before while another one is made; null: none yet. */
  readonly plan: DedupePlan | null;
  readonly isPlanning: boolean;
  readonly error: ApiError | null;
  readonly again: () => void;
}

function emptyPlan(scanId: string, { action }: Choices): DedupePlan {
  const total = { files: 0, bytes: 0 };
  return {
    scanId,
    action,
    groups: 0,
    total,
    reclaimedBytes: 0,
    byLocation: [],
    byFolder: [],
    untouched: 0,
    problems: [],
    unknownFolders: [],
  };
}

/** What the choices come down to, asked for anew when they change; `null`: nothing is asked. */
export function useDedupePlan(scanId: string, choices: Choices | null): PlanAnswer {
  const rested = useRested(choices, restMs);
  const [answer, setAnswer] = useState<Answer>({ about: null, plan: null, error: null });
  const [round, setRound] = useState(0);

  const question = useMemo(() => ({ round, about: rested }), [round, rested]);

  useEffect(() => {
    const { about } = question;
    if (about === null) return;
    if (isNothingChosen(about)) {
      setAnswer({ about, plan: emptyPlan(scanId, about), error: null });
      return;
    }
    const control = new AbortController();
    api
      .planDedupe({ scanId, ...choiceInput(about) }, { signal: control.signal })
      .then((plan) => setAnswer({ about, plan, error: null }))
      .catch((thrown: unknown) => {
        if (!control.signal.aborted) setAnswer({ about, plan: null, error: toApiError(thrown) });
      });
    return () => control.abort();
  }, [scanId, question]);

  return {
    plan: answer.plan,
    error: answer.error,
    isPlanning: choices !== null && answer.about !== choices,
    again: useCallback(() => setRound((number) => number + 1), []),
  };
}
