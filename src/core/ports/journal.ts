import type { StepState, TaskKind, TaskState } from '../../contract/queue-words.ts';

/**
 * The journal of the queue: tasks, their steps, and what became of them. Truth: a promise resolves when the change
 * would survive a power cut. All calls take effect in the order they were made.
 */
export interface Journal {
  /** Every task, in the order of the queue, finished ones included. */
  loadTasks(): Promise<readonly JournalTask[]>;
  isPaused(): Promise<boolean>;
  setPaused(paused: boolean): Promise<void>;
  /** A task with its first steps, in one transaction. */
  addTask(task: JournalTask, steps: readonly JournalStep[]): Promise<void>;
  /** More steps of a task that is still `planned`. */
  addSteps(task: string, steps: readonly JournalStep[]): Promise<void>;
  saveTask(task: JournalTask): Promise<void>;
  /** Several at once, in one transaction: a new order of the queue. */
  saveTasks(tasks: readonly JournalTask[]): Promise<void>;
  removeTasks(ids: readonly string[]): Promise<void>;
  /** Steps of one task by number, from `fromN`; those of `states` and `kinds` only, where given. */
  steps(task: string, query: StepQuery): Promise<readonly JournalStep[]>;
  countSteps(task: string): Promise<readonly StepCount[]>;
  /** Several steps and their task, in one transaction. */
  saveSteps(task: JournalTask, changes: readonly StepChange[]): Promise<void>;
  /** All steps of a task that are in one of `from` go to `to`; returns how many. */
  moveSteps(task: string, from: readonly StepState[], to: StepState): Promise<number>;
  close(): Promise<void>;
}

export interface StepQuery {
  readonly fromN: number;
  readonly limit: number;
  readonly states?: readonly StepState[];
  readonly buckets?: readonly StepBucket[];
}

/**
 * What a step is for. `copy`, `move` (copy, then delete the source), `delete`, `dedupe`: to be carried out. The others are
 * only told: `conflict`, `unverified`, `moved` (the target has the content elsewhere), `extra` (only at the target, deletes
 * off), `skipped` (with a reason).
 */
export type StepBucket =
  | 'copy'
  | 'move'
  | 'delete'
  | 'dedupe'
  | 'conflict'
  | 'unverified'
  | 'moved'
  | 'extra'
  | 'skipped';

export interface JournalTask {
  /** Eight characters of a-z0-9; also the tag of its unfinished files. */
  readonly id: string;
  readonly kind: TaskKind;
  readonly state: TaskState;
  /** Order in the queue: smaller is sooner. */
  readonly position: number;
  /** Location that is read; of a delete the one that loses files. */
  readonly src: string;
  /** Location that is written; null for a delete. */
  readonly dst: string | null;
  readonly createdMs: number;
  readonly startedMs: number | null;
  readonly finishedMs: number | null;
  /** The rest of the task as JSON (`TaskDetails` in features/queue); the journal does not look into it. */
  readonly details: string;
}

export interface JournalStep {
  /** From 0, in the order in which they are carried out. */
  readonly n: number;
  readonly bucket: StepBucket;
  readonly state: StepState;
  /** Of the source; of a delete the file itself. */
  readonly relPath: string;
  /** Location of the source where it is not the task's (copy inside the target). */
  readonly from: string | null;
  /** relPath at the target where it differs; of a delete of a mirror that at the source. */
  readonly toRelPath: string | null;
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly fileId: bigint;
  readonly blake3: Uint8Array | null;
  readonly attempts: number;
  readonly code: string | null;
  readonly message: string | null;
  /** How it was done: `clone`, `stream`, `found`, `staged` …; of a move that copied and has not deleted yet: `copied`. */
  readonly way: string | null;
  /** Of a `dedupe` its keeper and what became of the space, as JSON (`DedupeStep` in features/queue); else null. */
  readonly extra: string | null;
}

export interface StepChange {
  readonly n: number;
  readonly state: StepState;
  readonly attempts: number;
  readonly code: string | null;
  readonly message: string | null;
  readonly way: string | null;
  readonly extra: string | null;
}

export interface StepCount {
  readonly bucket: StepBucket;
  readonly state: StepState;
  readonly files: number;
  readonly bytes: number;
}
