import type { DatabaseSync } from 'node:sqlite';

/** One call of the journal. */
export interface JournalWork<T> {
  readonly isWrite: boolean;
  readonly run: () => T;
}

export type Outcome<T> = { readonly value: T } | { readonly thrown: unknown };

/**
 * Runs calls in order inside one transaction, so that they cost one fsync together, and returns when it is committed.
 * A call that throws is undone alone. Where the transaction itself fails (the drive is full, or reports an error) nothing
 * of it is there, and each call is tried once more in a transaction of its own: the small ones may still fit.
 */
export function commitTogether<T>(database: DatabaseSync, works: readonly JournalWork<T>[]): readonly Outcome<T>[] {
  try {
    database.exec(works.some(({ isWrite }) => isWrite) ? 'BEGIN IMMEDIATE' : 'BEGIN');
  } catch (thrown) {
    return works.map(() => ({ thrown }));
  }
  try {
    const outcomes = works.map((work) => runInSavepoint(database, work));
    database.exec('COMMIT');
    return outcomes;
  } catch (thrown) {
    // SQLite has already done so after some errors.
    if (database.isTransaction) database.exec('ROLLBACK');
    if (works.length === 1) return [{ thrown }];
    return works.flatMap((work) => commitTogether(database, [work]));
  }
}

/** @throws when the whole transaction is lost */
function runInSavepoint<T>(database: DatabaseSync, { run }: JournalWork<T>): Outcome<T> {
  database.exec('SAVEPOINT call');
  try {
    const value = run();
    database.exec('RELEASE call');
    return { value };
  } catch (thrown) {
    if (!database.isTransaction) throw thrown;
    database.exec('ROLLBACK TO call; RELEASE call');
    return { thrown };
  }
}
