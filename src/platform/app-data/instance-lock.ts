import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../../core/errors/app-error.ts';
import { fromOsError } from '../filesystem/os-error.ts';
import { type InstanceOwner, type InstanceRecord, readRecord, removeRecord, writeRecord } from './instance-record.ts';

export type { InstanceOwner, InstanceRecord } from './instance-record.ts';

export interface InstanceLock {
  readonly record: InstanceRecord;
  /** Lets others find the server. Without the token: the file is not the place for it. */
  setUrl(url: string): void;
  /** Gives the folder free. May be called more than once. */
  release(): void;
}

export interface AcquireOptions {
  /** How long to wait for the holder to end; it is given a moment even at 0, which covers a probe by `readInstance`. */
  readonly waitMs?: number;
}

const lockFileName = 'instance.lock.db';
const retryMs = 25;
const shortestWaitMs = 150;
/** A holder that has only just started is about to write who it is; on a busy machine that takes a while. */
const namelessWaitMs = 2_000;

/**
 * Held by an open connection; one that nobody refers to any more would be closed by the garbage collector, and the
 * lock with it.
 */
const held = new Set<DatabaseSync>();

/**
 * Makes this process the only one that writes to an app-data folder. The lock is one of the operating system's, taken
 * through SQLite, so it ends with the process however that ends: there are no stale locks.
 *
 * Nothing else may open `instance.lock.db`: closing any descriptor of a file drops all POSIX locks on it.
 *
 * @throws AppError INSTANCE_RUNNING, saying who holds it.
 */
export async function acquireInstanceLock(
  appDataDir: string,
  owner: InstanceOwner,
  { waitMs = 0 }: AcquireOptions = {},
): Promise<InstanceLock> {
  const deadline = performance.now() + Math.max(waitMs, shortestWaitMs);
  let connection = tryLock(appDataDir);
  while (connection === null) {
    const record = readRecord(appDataDir);
    const lateMs = performance.now() - deadline;
    if (lateMs >= (record === null ? namelessWaitMs : 0)) throw runningError(appDataDir, record);
    await sleep(retryMs);
    connection = tryLock(appDataDir);
  }
  return holdLock(appDataDir, owner, connection);
}

/** Who holds an app-data folder; null when nobody does, or when the holder has only just started. */
export function readInstance(appDataDir: string): InstanceRecord | null {
  if (!fs.existsSync(path.join(appDataDir, lockFileName))) return null;
  const connection = tryLock(appDataDir);
  // The record of a process that was killed stays behind; only the lock tells that its writer is alive.
  if (connection === null) return readRecord(appDataDir);
  connection.close();
  return null;
}

function holdLock(appDataDir: string, owner: InstanceOwner, connection: DatabaseSync): InstanceLock {
  held.add(connection);
  let record: InstanceRecord = { ...owner, pid: process.pid, startedAt: new Date().toISOString(), url: null };
  const release = (): void => {
    if (!held.delete(connection)) return;
    try {
      removeRecord(appDataDir);
    } finally {
      connection.close();
    }
  };
  try {
    writeRecord(appDataDir, record);
  } catch (thrown) {
    release();
    throw thrown;
  }
  return {
    get record() {
      return record;
    },
    setUrl(url) {
      if (!held.has(connection)) return;
      record = { ...record, url };
      writeRecord(appDataDir, record);
    },
    release,
  };
}

const sqliteBusy = 5;
const sqliteNotADatabase = 26;

/** null: another process (or this one) holds it. */
function tryLock(appDataDir: string): DatabaseSync | null {
  const file = path.join(appDataDir, lockFileName);
  for (let repaired = false; ; repaired = true) {
    const connection = open(file);
    try {
      // Nothing is ever written to it: the empty file only carries the lock.
      connection.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
      return connection;
    } catch (thrown) {
      connection.close();
      const code = (thrown as { readonly errcode?: unknown }).errcode;
      if (code === sqliteBusy) return null;
      if (code !== sqliteNotADatabase || repaired)
        throw new AppError('IO_FAILED', `“${file}” cannot be locked.`, { cause: thrown });
      // Damaged: it holds nothing, so it is emptied. Not removed: two processes must never lock two different files.
      fs.truncateSync(file, 0);
    }
  }
}

function open(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: 0 });
  } catch (thrown) {
    // SQLite only says "unable to open"; the same call by the file system says why.
    try {
      fs.accessSync(path.dirname(file), fs.constants.W_OK);
    } catch (reason) {
      throw fromOsError(reason, path.dirname(file));
    }
    throw new AppError('IO_FAILED', `“${file}” cannot be opened.`, { cause: thrown });
  }
}

function runningError(appDataDir: string, record: InstanceRecord | null): AppError {
  return new AppError('INSTANCE_RUNNING', `Another Weightroom is using ${appDataDir}: ${holderSentence(record)}.`, {
    hint: 'Use that one, stop it, or give this one another folder with APP_DATA_DIR.',
  });
}

function holderSentence(record: InstanceRecord | null): string {
  if (record === null) return 'it has only just started, or its instance.json is missing';
  const since = `process ${record.pid}, since ${record.startedAt}`;
  if (record.kind === 'server')
    return record.url ? `the server at ${record.url} (${since})` : `a server that is starting (${since})`;
  return `the command ${record.command ? `“${record.command}” ` : ''}(${since})`;
}
