import fs from 'node:fs';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { AppError } from '../../core/errors/app-error.ts';

export interface DatabaseShape {
  /** What the file is, for messages: "the catalog". */
  readonly title: string;
  /** Functions of this program that the migrations call. */
  readonly functions?: Readonly<Record<string, (...values: SQLOutputValue[]) => number>>;
  /** SQL of each version, oldest first; `user_version` counts how many were applied. */
  readonly migrations: readonly string[];
  /** FULL for what must survive a power cut, NORMAL for caches. */
  readonly synchronous: 'FULL' | 'NORMAL';
  /** Read the whole file when opening it, so that damage shows before anything is built on it. For small files. */
  readonly checkAll: boolean;
}

/**
 * Opens or creates a database and brings it to the newest version. A damaged file throws DATABASE_CORRUPT, one written
 * by a newer program DATABASE_NEWER; the file is left as it is in both cases.
 */
export function openDatabase(file: string, shape: DatabaseShape): DatabaseSync {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file, { timeout: 5_000 });
    // First of all, since the next line may already write to the file.
    const version = readVersion(database, file, shape);
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${shape.synchronous}; PRAGMA foreign_keys = ON;`);
    if (shape.checkAll) checkAll(database, file, shape);
    migrate(database, version, shape);
    return database;
  } catch (thrown) {
    database?.close();
    if (thrown instanceof AppError) throw thrown;
    throw databaseError(thrown, file, shape.title);
  }
}

function readVersion(database: DatabaseSync, file: string, { title, migrations }: DatabaseShape): number {
  const version = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  if (version >= 0 && version <= migrations.length) return version;
  throw new AppError('DATABASE_NEWER', `${title} in “${file}” was written by a newer Weightroom.`, {
    hint: 'Start the newer Weightroom, or choose another APP_DATA_DIR.',
  });
}

function checkAll(database: DatabaseSync, file: string, { title }: DatabaseShape): void {
  const problems = database.prepare('PRAGMA quick_check(1)').all();
  if (problems.length !== 1 || problems[0]?.quick_check !== 'ok') throw corrupt(file, title);
}

function migrate(database: DatabaseSync, version: number, { migrations, functions = {} }: DatabaseShape): void {
  if (version === migrations.length) return;
  for (const [name, answer] of Object.entries(functions)) database.function(name, { varargs: true }, answer);
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const sql of migrations.slice(version)) database.exec(sql);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec('COMMIT');
  } catch (thrown) {
    // SQLite has already done so after some errors.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw thrown;
  }
}

export function corrupt(file: string, title: string, cause?: unknown): AppError {
  return new AppError('DATABASE_CORRUPT', `${title} in “${file}” is damaged.`, {
    hint: 'Restore it from a backup, or move it away to start with an empty one.',
    cause,
  });
}

/** What a failed call of SQLite means, by its primary result code; anything else is passed on as it is. */
export function databaseError(thrown: unknown, file: string, title: string): unknown {
  const code = (thrown as { errcode?: unknown } | null)?.errcode;
  switch (typeof code === 'number' ? code & 0xff : null) {
    case 5: // busy
    case 6: // locked
      return new AppError('FILE_BUSY', `${title} in “${file}” is held by another program.`, { cause: thrown });
    case 8:
      return new AppError('READ_ONLY', `“${file}” may not be written.`, { cause: thrown });
    case 10:
      return new AppError('IO_FAILED', `The drive reports an error for “${file}”.`, { cause: thrown });
    case 11: // malformed
    case 26: // not a database
      return corrupt(file, title, thrown);
    case 13:
      return new AppError('NO_SPACE', `${title} cannot grow: the drive of “${file}” is full.`, { cause: thrown });
    case 14:
      return new AppError('ACCESS_DENIED', `“${file}” cannot be opened.`, { cause: thrown });
    default:
      return thrown;
  }
}

/**
 * Opens a cache. One that is damaged or from another version is set aside under a dated name and begun anew; what it
 * held is found again by reading the locations.
 */
export function openCache(
  file: string,
  shape: DatabaseShape,
  nowMs: number,
): { database: DatabaseSync; setAside: string | null } {
  try {
    return { database: openDatabase(file, shape), setAside: null };
  } catch (thrown) {
    if (!(thrown instanceof AppError) || (thrown.code !== 'DATABASE_CORRUPT' && thrown.code !== 'DATABASE_NEWER'))
      throw thrown;
    const setAside = putAside(file, thrown.code === 'DATABASE_CORRUPT' ? 'damaged' : 'newer', nowMs);
    return { database: openDatabase(file, shape), setAside };
  }
}

/** Renames a closed database under a dated name. @returns the new path */
export function putAside(file: string, why: 'damaged' | 'newer', nowMs: number): string {
  let aside = `${file}.${why}-${nowMs}`;
  for (let n = 2; fs.existsSync(aside); n += 1) aside = `${file}.${why}-${nowMs}-${n}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (fs.existsSync(file + suffix)) fs.renameSync(file + suffix, aside + suffix);
  }
  return aside;
}
