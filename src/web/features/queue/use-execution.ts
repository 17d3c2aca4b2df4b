import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Task } from '../../../contract/queue.ts';
import { type ApiError, toApiError } from '../../api/api-error.ts';
import { keys } from '../../api/queries.ts';
import { useStartNotice } from './start-notices.ts';
import type { NameOf } from './task-words.ts';
import type { Planning } from './use-plan.ts';

interface ExecutionOptions {
  readonly execute: (input: { planId: string; confirm?: string }) => Promise<Task>;
  readonly planning: Planning<{ readonly planId: string }>;
  readonly nameOf: NameOf;
  readonly onClose: () => void;
}

/** Carries a plan out, once. Its failure stays in the dialog. */
export function useExecution({ execute, planning, nameOf, onClose }: ExecutionOptions) {
  const client = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const sayStarted = useStartNotice(nameOf);
  const run = async (planId: string, confirm: string | undefined) => {
    setBusy(true);
    setError(null);
    try {
      const task = await execute(confirm === undefined ? { planId } : { planId, confirm });
      planning.keep(planId);
      sayStarted(task);
      void client.invalidateQueries({ queryKey: keys.queue });
      onClose();
    } catch (thrown) {
      setError(toApiError(thrown));
    } finally {
      setBusy(false);
    }
  };
  return {
    isBusy,
    error,
    run: (planId: string, confirm: string | undefined) => void run(planId, confirm),
    again: () => {
      setError(null);
      planning.again();
    },
  };
}
