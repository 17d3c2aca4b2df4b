import fs from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../core/errors/app-error.ts';

export interface DatabaseShape {
  /** What the file is, for messages: "the catalog". */
  readonly title: string;
  /** SQL of each version, oldest first; `user_version` counts how many were applied. */
  readonly migrations: readonly string[];
  /** FULL for what must survive a power cut, NORMAL for caches. */
  readonly synchronous: 'FULL' | 'NORMAL';
}

/**
 * Opens or creates a database and brings it to the newest version. A damaged file throws DATABASE_CORRUPT, one written
 * by a newer program DATABASE_NEWER; the file is left as it is in both cases.
 */
export function openDatabase(file: string, shape: DatabaseShape): DatabaseSync {
  let database: DatabaseSync | null = null;
  try {
    database = new DatabaseSync(file, { timeout: 5_000 });
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${shape.synchronous}; PRAGMA foreign_keys = ON;`);
    migrate(database, file, shape);
    return database;
  } catch (thrown) {
    database?.close();
    if (thrown instanceof AppError) throw thrown;
    throw databaseError(thrown, file, shape.title);
  }
}

function migrate(database: DatabaseSync, file: string, { title, migrations }: DatabaseShape): void {
  const row = database.prepare('PRAGMA user_version').get();
  const version = Number(row?.['user_version'] ?? 0);
  if (version > migrations.length) {
    throw new AppError('DATABASE_NEWER', `${title} in “${file}” was written by a newer Weightroom.`, {
      hint: 'Start the newer Weightroom, or choose another APP_DATA_DIR.',
    });
  }
  if (version === migrations.length) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    for (const sql of migrations.slice(version)) database.exec(sql);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
    database.exec('COMMIT');
  } catch (thrown) {
    database.exec('ROLLBACK');
    throw thrown;
  }
}

/** SQLite's result codes 11 (malformed) and 26 (not a database). */
function databaseError(thrown: unknown, file: string, title: string): unknown {
  const code = (thrown as { errcode?: unknown } | null)?.errcode;
  const primary = typeof code === 'number' ? code & 0xff : null;
  if (primary === 11 || primary === 26) {
    return new AppError('DATABASE_CORRUPT', `${title} in “${file}” is damaged.`, {
      hint: 'Restore it from a backup, or move it away to start with an empty one.',
      cause: thrown,
    });
  }
  if (primary === 13) return new AppError('NO_SPACE', `${title} cannot grow: the drive of “${file}” is full.`, { cause: thrown });
  if (primary === 8) return new AppError('READ_ONLY', `“${file}” may not be written.`, { cause: thrown });
  if (primary === 14) return new AppError('ACCESS_DENIED', `“${file}” cannot be opened.`, { cause: thrown });
  return thrown;
}

/**
 * Opens a cache. One that is damaged or from another version is set aside under a dated name and begun anew; what it
 * held is found again by reading the locations.
 */
export function openCache(file: string, shape: DatabaseShape, nowMs: number): { database: DatabaseSync; setAside: string | null } {
  try {
    return { database: openDatabase(file, shape), setAside: null };
  } catch (thrown) {
    if (!(thrown instanceof AppError) || (thrown.code !== 'DATABASE_CORRUPT' && thrown.code !== 'DATABASE_NEWER')) throw thrown;
    const aside = `${file}.${thrown.code === 'DATABASE_CORRUPT' ? 'damaged' : 'newer'}-${nowMs}`;
    for (const suffix of ['', '-wal', '-shm']) {
      if (fs.existsSync(file + suffix)) fs.renameSync(file + suffix, aside + suffix);
    }
    return { database: openDatabase(file, shape), setAside: aside };
  }
}
