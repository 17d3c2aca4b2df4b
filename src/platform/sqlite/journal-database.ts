import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StepState } from '../../contract/queue-words.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { JournalStep, JournalTask, StepChange, StepCount, StepQuery } from '../../core/ports/journal.ts';
import { stepsSql } from './journal-query.ts';
import { fromStep, fromTask, toCount, toStep, toTask } from './journal-rows.ts';

/**
 * The journal over SQLite, synchronous: it lives in the journal's thread (entries/journal-thread.ts). Calls that write
 * belong into a transaction of the caller (`commitTogether`).
 */
export class JournalDatabase {
  private readonly database: DatabaseSync;
  private readonly insertTask: StatementSync;
  private readonly updateTask: StatementSync;
  private readonly insertStep: StatementSync;
  private readonly updateStep: StatementSync;

  constructor(database: DatabaseSync) {
    this.database = database;
    this.insertTask = database.prepare(
      'INSERT INTO task VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
    );
    this.updateTask = database.prepare(
      `UPDATE task SET kind = ?, state = ?, position = ?, src = ?, dst = ?,
         created_ms = ?, started_ms = ?, finished_ms = ?, details = ? WHERE id = ?`,
    );
    this.insertStep = database.prepare(
      `INSERT INTO step VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (task, n) DO NOTHING`,
    );
    this.updateStep = database.prepare(
      'UPDATE step SET state = ?, attempts = ?, code = ?, message = ?, way = ?, extra = ? WHERE task = ? AND n = ?',
    );
  }

  loadTasks(): JournalTask[] {
    return this.database.prepare('SELECT * FROM task ORDER BY position, created_ms, id').all().map(toTask);
  }

  isPaused(): boolean {
    return this.database.prepare('SELECT paused FROM queue').get()?.paused === 1;
  }

  setPaused(paused: boolean): void {
    this.database.prepare('UPDATE queue SET paused = ?').run(Number(paused));
  }

  addTask(task: JournalTask, steps: readonly JournalStep[]): void {
    const { changes } = this.insertTask.run(task.id, ...fromTask(task));
    if (changes === 0) throw new AppError('INTERNAL', `The queue has a task “${task.id}” already.`);
    this.insertSteps(task.id, steps);
  }

  addSteps(task: string, steps: readonly JournalStep[]): void {
    if (this.database.prepare('SELECT 1 FROM task WHERE id = ?').get(task) === undefined) throw noTask(task);
    this.insertSteps(task, steps);
  }

  private insertSteps(task: string, steps: readonly JournalStep[]): void {
    for (const step of steps) {
      if (this.insertStep.run(...fromStep(task, step)).changes === 0)
        throw new AppError('INTERNAL', `Task “${task}” has a step ${step.n} already.`);
    }
  }

  saveTask(task: JournalTask): void {
    if (this.updateTask.run(...fromTask(task), task.id).changes === 0) throw noTask(task.id);
  }

  saveTasks(tasks: readonly JournalTask[]): void {
    for (const task of tasks) this.saveTask(task);
  }

  /** Their steps go with them. */
  removeTasks(ids: readonly string[]): void {
    const remove = this.database.prepare('DELETE FROM task WHERE id = ?');
    for (const id of ids) remove.run(id);
  }

  steps(task: string, { fromN, limit, states, buckets }: StepQuery): JournalStep[] {
    const sql = stepsSql(states, buckets);
    if (sql === null) return [];
    const find = this.database.prepare(sql);
    find.setReadBigInts(true);
    return find.all(task, fromN, Math.min(limit, 2 ** 31)).map(toStep);
  }

  countSteps(task: string): StepCount[] {
    return this.database
      .prepare(
        `SELECT bucket, state, count(*) AS files, sum(size) AS bytes FROM step
         WHERE task = ? GROUP BY bucket, state ORDER BY bucket, state`,
      )
      .all(task)
      .map(toCount);
  }

  saveSteps(task: JournalTask, changes: readonly StepChange[]): void {
    this.saveTask(task);
    for (const { n, state, attempts, code, message, way, extra } of changes) {
      if (this.updateStep.run(state, attempts, code, message, way, extra, task.id, n).changes === 0)
        throw new AppError('INTERNAL', `Task “${task.id}” has no step ${n}.`);
    }
  }

  moveSteps(task: string, from: readonly StepState[], to: StepState): number {
    const states = from.map(() => '?').join(', ');
    const move = this.database.prepare(`UPDATE step SET state = ? WHERE task = ? AND state IN (${states})`);
    return Number(move.run(to, task, ...from).changes);
  }

  close(): void {
    this.database.close();
  }
}

function noTask(id: string): AppError {
  return new AppError('TASK_NOT_FOUND', `The queue has no task “${id}”.`);
}
