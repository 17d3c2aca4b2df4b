import type { DatabaseSync } from 'node:sqlite';
import { toAppError } from '../../core/errors/app-error.ts';
import type { JournalStep } from '../../core/ports/journal.ts';
import { isWrite, runCall } from './journal-calls.ts';
import { commitTogether, type Outcome } from './journal-commits.ts';
import { JournalDatabase } from './journal-database.ts';
import { openJournal } from './journal-file.ts';
import {
  type FromJournal,
  type JournalAnswer,
  type JournalCall,
  type JournalRows,
  rowsPerMessage,
  type ToJournal,
} from './journal-protocol.ts';
import { journalShape } from './journal-shape.ts';
import { databaseError } from './open-database.ts';

/** A group of calls ends with the one that reaches this many steps, so that no save waits for a whole plan. */
const stepsPerCommit = 4_000;

type Say = (message: FromJournal) => void;
type Called = JournalCall & { readonly id: number };
type Grouped = Exclude<Called, { readonly op: 'close' }>;

/**
 * Runs the journal in a thread of its own, so that no fsync ever holds the program's event loop. Calls that arrived
 * while the one before was being committed are committed together.
 */
export function serveJournal(file: string, say: Say): (message: ToJournal) => void {
  try {
    const served = new ServedJournal(openJournal(file), file, say);
    say({ type: 'opened' });
    return (message) => served.take(message);
  } catch (thrown) {
    say({ type: 'unusable', error: toAppError(thrown).toBody().error });
    return () => {};
  }
}

class ServedJournal {
  private readonly database: DatabaseSync;
  private readonly journal: JournalDatabase;
  private readonly file: string;
  private readonly say: Say;
  private readonly waiting: Called[] = [];
  private readonly ahead = new Map<number, readonly JournalStep[]>();
  /** Rows of long answers that were not sent yet. */
  private readonly unsent = new Map<number, JournalRows>();
  private isScheduled = false;

  constructor(database: DatabaseSync, file: string, say: Say) {
    this.database = database;
    this.journal = new JournalDatabase(database);
    this.file = file;
    this.say = say;
  }

  take(message: ToJournal): void {
    if (message.op === 'more') return this.sendRows(message.id, this.unsent.get(message.id) ?? []);
    if (message.op === 'ahead') {
      this.ahead.set(message.id, this.allSteps(message.id, message.steps));
      return;
    }
    this.waiting.push(message);
    this.schedule();
  }

  /** All messages that are there are taken in one turn, so by the next one every call that was waiting is known. */
  private schedule(): void {
    if (this.isScheduled || this.waiting.length === 0) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      this.commitNext();
      this.schedule();
    });
  }

  private commitNext(): void {
    const [first] = this.waiting;
    if (first?.op === 'close') return this.close(first.id);
    const group = this.nextGroup();
    const works = group.map((call) => ({ isWrite: isWrite(call), run: () => this.run(call) }));
    const outcomes = commitTogether(this.database, works);
    for (const [k, { id }] of group.entries()) {
      this.ahead.delete(id);
      const outcome = outcomes[k];
      if (outcome) this.answer(id, outcome);
    }
  }

  private nextGroup(): readonly Grouped[] {
    const group: Grouped[] = [];
    let steps = 0;
    for (const call of this.waiting) {
      if (call.op === 'close' || steps >= stepsPerCommit) break;
      group.push(call);
      if ('steps' in call) steps += this.allSteps(call.id, call.steps).length;
    }
    this.waiting.splice(0, group.length);
    return group;
  }

  private run(call: Grouped): JournalAnswer {
    return runCall(this.journal, 'steps' in call ? { ...call, steps: this.allSteps(call.id, call.steps) } : call);
  }

  private allSteps(id: number, last: readonly JournalStep[]): readonly JournalStep[] {
    const ahead = this.ahead.get(id);
    return ahead ? [...ahead, ...last] : last;
  }

  private answer(id: number, outcome: Outcome<JournalAnswer>): void {
    if ('thrown' in outcome) return this.refuse(id, outcome.thrown);
    const { value } = outcome;
    if (typeof value === 'object' && value !== null) return this.sendRows(id, value);
    this.say({ type: 'done', id, value });
  }

  private refuse(id: number, thrown: unknown): void {
    const error = databaseError(thrown, this.file, journalShape.title);
    this.say({ type: 'failed', id, error: toAppError(error).toBody().error });
  }

  private sendRows(id: number, rows: JournalRows): void {
    if (rows.length <= rowsPerMessage) {
      this.unsent.delete(id);
      return this.say({ type: 'done', id, value: rows });
    }
    this.unsent.set(id, rows.slice(rowsPerMessage));
    this.say({ type: 'part', id, rows: rows.slice(0, rowsPerMessage) });
  }

  private close(id: number): void {
    this.waiting.shift();
    try {
      this.database.close();
      this.say({ type: 'done', id, value: null });
    } catch (thrown) {
      this.refuse(id, thrown);
    }
  }
}
