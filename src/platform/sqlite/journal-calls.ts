import type { JournalDatabase } from './journal-database.ts';
import type { JournalAnswer, JournalCall } from './journal-protocol.ts';

const reads: ReadonlySet<JournalCall['op']> = new Set(['load-tasks', 'is-paused', 'steps', 'count-steps']);

export function isWrite({ op }: JournalCall): boolean {
  return !reads.has(op);
}

/** Carries out one call. */
export function runCall(journal: JournalDatabase, call: Exclude<JournalCall, { op: 'close' }>): JournalAnswer {
  switch (call.op) {
    case 'load-tasks':
      return journal.loadTasks();
    case 'is-paused':
      return journal.isPaused();
    case 'steps':
      return journal.steps(call.task, call.query);
    case 'count-steps':
      return journal.countSteps(call.task);
    case 'move-steps':
      return journal.moveSteps(call.task, call.from, call.to);
    default:
      write(journal, call);
      return null;
  }
}

type Write = Extract<
  JournalCall,
  { op: 'set-paused' | 'add-task' | 'add-steps' | 'save-tasks' | 'remove-tasks' | 'save-steps' }
>;

function write(journal: JournalDatabase, call: Write): void {
  switch (call.op) {
    case 'set-paused':
      return journal.setPaused(call.paused);
    case 'add-task':
      return journal.addTask(call.task, call.steps);
    case 'add-steps':
      return journal.addSteps(call.task, call.steps);
    case 'save-tasks':
      return journal.saveTasks(call.tasks);
    case 'remove-tasks':
      return journal.removeTasks(call.tasks);
    case 'save-steps':
      return journal.saveSteps(call.task, call.changes);
  }
}
