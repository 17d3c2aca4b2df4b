import { toAppError } from '../../core/errors/app-error.ts';
import type { Journal } from '../../core/ports/journal.ts';

/** The journal could not be read or written. No file is to blame for it, so nothing is reported as failed. */
export class JournalTrouble extends Error {
  override readonly name = 'JournalTrouble';

  constructor(cause: unknown) {
    super(toAppError(cause).message, { cause });
  }
}

/** The journal as a run of a task uses it: its failures are known as such. */
export function markTrouble(journal: Journal): Journal {
  const marked = async <T>(answer: Promise<T>): Promise<T> => {
    try {
      return await answer;
    } catch (thrown) {
      throw new JournalTrouble(thrown);
    }
  };
  return {
    ...journal,
    steps: (task, query) => marked(journal.steps(task, query)),
    saveSteps: (task, changes) => marked(journal.saveSteps(task, changes)),
  };
}
