import type { ErrorBody } from '../../contract/errors.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { Journal, JournalStep, JournalTask, StepCount } from '../../core/ports/journal.ts';
import { takeThread } from '../processes/early-starts.ts';
import { createJournalOutbox } from './journal-outbox.ts';
import {
  type FromJournal,
  type JournalAnswer,
  type JournalCall,
  type JournalRows,
  type OpenJournal,
  rowsPerMessage,
  type ToJournal,
} from './journal-protocol.ts';

export interface ThreadedJournal extends Journal {
  /** Resolves when the database is open; rejects where it is damaged or newer, and then so does every call. */
  readonly opened: Promise<void>;
}

export interface ThreadedJournalOptions {
  /** Program of the thread. */
  readonly entry: string;
  /** The database. */
  readonly file: string;
}

interface Pending {
  readonly answered: PromiseWithResolvers<JournalAnswer>;
  /** Parts of a long answer that came already. */
  readonly rows: JournalRows[number][];
}

/** `Journal` in a thread. Steps that are handed over must stay as they are until the call is answered. */
export function createThreadedJournal({ entry, file }: ThreadedJournalOptions): ThreadedJournal {
  const worker = takeThread(entry);
  worker.postMessage({ op: 'open', file } satisfies OpenJournal);
  const send = createJournalOutbox((message) => worker.postMessage(message));
  const pending = new Map<number, Pending>();
  let nextId = 1;
  let unusable: AppError | null = null;
  const opened = Promise.withResolvers<void>();
  // Whoever awaits it gets the rejection; nobody awaiting it must not end the program.
  opened.promise.catch(() => {});

  function fail(error: AppError): void {
    unusable ??= error;
    opened.reject(unusable);
    for (const { answered } of pending.values()) answered.reject(unusable);
    pending.clear();
    worker.unref();
  }

  worker.on('error', (thrown) => fail(ended(thrown)));
  worker.on('exit', () => fail(ended()));
  worker.on('message', (message: FromJournal) => {
    if (message.type === 'unusable') return fail(toError(message.error));
    if (message.type === 'opened') opened.resolve();
    else take(message);
    if (pending.size === 0) worker.unref();
  });

  function take(message: Extract<FromJournal, { readonly id: number }>): void {
    const waiter = pending.get(message.id);
    if (!waiter) return;
    if (message.type === 'part') {
      waiter.rows.push(...message.rows);
      // In a later turn, so that taking a long answer does not hold the event loop either.
      setImmediate(() => worker.postMessage({ op: 'more', id: message.id } satisfies ToJournal));
      return;
    }
    pending.delete(message.id);
    if (message.type === 'failed') waiter.answered.reject(toError(message.error));
    else waiter.answered.resolve(isRows(message.value) ? [...waiter.rows, ...message.value] : message.value);
  }

  function ask<T>(call: JournalCall): Promise<T> {
    if (unusable) return Promise.reject(unusable);
    const id = nextId;
    nextId += 1;
    const answered = Promise.withResolvers<JournalAnswer>();
    pending.set(id, { answered, rows: [] });
    worker.ref();
    send(toMessages(id, call));
    return answered.promise as Promise<T>;
  }

  async function close(): Promise<void> {
    if (unusable === null) {
      const closed = ask<void>({ op: 'close' });
      unusable = new AppError('CANCELLED', 'The journal of the queue was closed.');
      // Long answers may still be on their way.
      await Promise.allSettled([...pending.values()].map(({ answered }) => answered.promise));
      await closed;
    }
    await worker.terminate();
  }

  return {
    opened: opened.promise,
    loadTasks: () => ask<readonly JournalTask[]>({ op: 'load-tasks' }),
    isPaused: () => ask<boolean>({ op: 'is-paused' }),
    setPaused: (paused) => ask<void>({ op: 'set-paused', paused }),
    addTask: (task, steps) => ask<void>({ op: 'add-task', task, steps }),
    addSteps: (task, steps) => ask<void>({ op: 'add-steps', task, steps }),
    saveTask: (task) => ask<void>({ op: 'save-tasks', tasks: [task] }),
    saveTasks: (tasks) => ask<void>({ op: 'save-tasks', tasks }),
    removeTasks: (tasks) => ask<void>({ op: 'remove-tasks', tasks }),
    steps: (task, query) => ask<readonly JournalStep[]>({ op: 'steps', task, query }),
    countSteps: (task) => ask<readonly StepCount[]>({ op: 'count-steps', task }),
    saveSteps: (task, changes) => ask<void>({ op: 'save-steps', task, changes }),
    moveSteps: (task, from, to) => ask<number>({ op: 'move-steps', task, from, to }),
    close,
  };
}

function toMessages(id: number, call: JournalCall): readonly ToJournal[] {
  if (!('steps' in call)) return [{ ...call, id }];
  const parts: (readonly JournalStep[])[] = [];
  for (let k = 0; k < call.steps.length; k += rowsPerMessage)
    parts.push(call.steps.slice(k, k + rowsPerMessage).map(withOwnBytes));
  const last = parts.pop() ?? [];
  return [...parts.map((steps) => ({ op: 'ahead' as const, id, steps })), { ...call, id, steps: last }];
}

/** A view is sent with all of the block it looks into: 32 bytes would take the hashes of a whole folder along. */
function withOwnBytes(step: JournalStep): JournalStep {
  const { blake3 } = step;
  return blake3 && blake3.byteLength < blake3.buffer.byteLength ? { ...step, blake3: Uint8Array.from(blake3) } : step;
}

function isRows(value: JournalAnswer): value is JournalRows {
  return typeof value === 'object' && value !== null;
}

function ended(cause?: unknown): AppError {
  return new AppError('INTERNAL', 'The thread that keeps the journal of the queue ended unexpectedly.', {
    hint: 'Restart Weightroom; what the queue had finished is in the journal.',
    cause,
  });
}

function toError({ code, message, hint }: ErrorBody['error']): AppError {
  return new AppError(code, message, { hint });
}
