import type { StepState } from '../../contract/queue-words.ts';
import type { JournalStep, StepChange } from '../../core/ports/journal.ts';

/** The changed columns of a step; what is left out stays. */
export function changeOf(
  step: JournalStep,
  to: Partial<Omit<StepChange, 'n'>> & { readonly state: StepState },
): StepChange {
  const { n, attempts, code, message, way, extra } = step;
  return { n, attempts, code, message, way, extra, ...to };
}
