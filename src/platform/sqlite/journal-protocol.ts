import type { ErrorBody } from '../../contract/errors.ts';
import type { StepState } from '../../contract/queue-words.ts';
import type { JournalStep, JournalTask, StepChange, StepCount, StepQuery } from '../../core/ports/journal.ts';

/** Rows in one message: 2,000 steps take the sender 1.5 ms and the receiver 2.5 ms. */
export const rowsPerMessage = 2_000;

/** The first message to the thread; it says `opened` or `unusable`. */
export interface OpenJournal {
  readonly op: 'open';
  readonly file: string;
}

/** Calls, as messages to the journal's thread. They take effect and are answered in order. */
export type JournalCall =
  | { readonly op: 'load-tasks' }
  | { readonly op: 'is-paused' }
  | { readonly op: 'set-paused'; readonly paused: boolean }
  | { readonly op: 'add-task'; readonly task: JournalTask; readonly steps: readonly JournalStep[] }
  | { readonly op: 'add-steps'; readonly task: string; readonly steps: readonly JournalStep[] }
  | { readonly op: 'save-tasks'; readonly tasks: readonly JournalTask[] }
  | { readonly op: 'remove-tasks'; readonly tasks: readonly string[] }
  | { readonly op: 'steps'; readonly task: string; readonly query: StepQuery }
  | { readonly op: 'count-steps'; readonly task: string }
  | { readonly op: 'save-steps'; readonly task: JournalTask; readonly changes: readonly StepChange[] }
  | { readonly op: 'move-steps'; readonly task: string; readonly from: readonly StepState[]; readonly to: StepState }
  | { readonly op: 'close' };

export type ToJournal =
  | (JournalCall & { readonly id: number })
  /** The first of the steps of a call that follows; it carries the last of them itself. */
  | { readonly op: 'ahead'; readonly id: number; readonly steps: readonly JournalStep[] }
  /** The part of an answer was taken, the next one may come. */
  | { readonly op: 'more'; readonly id: number };

export type JournalRows = readonly (JournalTask | JournalStep | StepCount)[];

export type JournalAnswer = JournalRows | boolean | number | null;

export type FromJournal =
  | { readonly type: 'opened' }
  | { readonly type: 'unusable'; readonly error: ErrorBody['error'] }
  /** Rows of an answer that is too long for one message; `done` has the last of them. */
  | { readonly type: 'part'; readonly id: number; readonly rows: JournalRows }
  | { readonly type: 'done'; readonly id: number; readonly value: JournalAnswer }
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorBody['error'] };
