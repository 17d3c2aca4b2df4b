/** A program that is to be killed: writes step after step into a journal and prints the number of each that was saved. */
import { createThreadedJournal } from '../../src/platform/sqlite/threaded-journal.ts';
import { journalStep, journalTask } from './journal-rows.ts';

const [entry = '', file = ''] = process.argv.slice(2);
const journal = createThreadedJournal({ entry, file });
const task = journalTask('aaaaaaaa');
await journal.addTask(task, []);
for (let n = 0; ; n += 2) {
  // Two at a time, and one call that is never waited for.
  await Promise.all([journal.addSteps(task.id, [journalStep(n)]), journal.addSteps(task.id, [journalStep(n + 1)])]);
  journal.saveSteps({ ...task, position: n }, [{ ...journalStep(n), state: 'done' }]).catch(() => {});
  process.stdout.write(`${n + 1}\n`);
}
