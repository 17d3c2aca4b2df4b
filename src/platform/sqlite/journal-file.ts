import type { DatabaseSync } from 'node:sqlite';
import { journalShape } from './journal-shape.ts';
import { corrupt, databaseError, openDatabase } from './open-database.ts';

const ends = ['task, n', 'task DESC, n DESC', 'task, state, bucket, n', 'task DESC, state DESC, bucket DESC, n DESC'];

/**
 * Opens the journal, however long it is, in milliseconds: the tables that have few rows are checked as a whole, of the
 * steps both ends of the table and of its index are read. Damage in between shows when a step is read; that call fails.
 * @throws AppError DATABASE_CORRUPT, DATABASE_NEWER …
 */
export function openJournal(file: string): DatabaseSync {
  const database = openDatabase(file, journalShape);
  try {
    for (const table of ['queue', 'task']) {
      const found = database.prepare(`PRAGMA quick_check('${table}')`).all();
      if (found.length !== 1 || found[0]?.quick_check !== 'ok') throw corrupt(file, journalShape.title);
    }
    for (const end of ends) {
      const look = database.prepare(`SELECT * FROM step ORDER BY ${end} LIMIT 1`);
      look.setReadBigInts(true);
      look.get();
    }
    // What a long commit leaves of the WAL is given back.
    database.exec('PRAGMA journal_size_limit = 16777216');
    return database;
  } catch (thrown) {
    database.close();
    throw databaseError(thrown, file, journalShape.title);
  }
}
