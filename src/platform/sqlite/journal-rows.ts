import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { stepBuckets, stepStates, taskKinds, taskStates } from '../../contract/queue-words.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type { JournalStep, JournalTask, StepCount } from '../../core/ports/journal.ts';

export type JournalRow = Readonly<Record<string, SQLOutputValue>>;

export function toTask(row: JournalRow): JournalTask {
  return {
    id: String(row.id),
    kind: oneOf(taskKinds, row.kind),
    state: oneOf(taskStates, row.state),
    position: Number(row.position),
    src: String(row.src),
    dst: textOrNull(row.dst),
    createdMs: Number(row.created_ms),
    startedMs: numberOrNull(row.started_ms),
    finishedMs: numberOrNull(row.finished_ms),
    details: String(row.details),
  };
}

/** From a row whose integers were read as bigints. */
export function toStep(row: JournalRow): JournalStep {
  return {
    n: Number(row.n),
    bucket: oneOf(stepBuckets, row.bucket),
    state: oneOf(stepStates, row.state),
    relPath: String(row.rel_path),
    from: textOrNull(row.from_location),
    toRelPath: textOrNull(row.to_rel_path),
    size: Number(row.size),
    mtimeNs: toBigInt(row.mtime_ns),
    // Stored as signed 64 bits, which is all that SQLite has.
    fileId: BigInt.asUintN(64, toBigInt(row.file_id)),
    blake3: bytesOrNull(row.blake3),
    attempts: Number(row.attempts),
    code: textOrNull(row.code),
    message: textOrNull(row.message),
    way: textOrNull(row.way),
    extra: textOrNull(row.extra),
  };
}

export function toCount(row: JournalRow): StepCount {
  return {
    bucket: oneOf(stepBuckets, row.bucket),
    state: oneOf(stepStates, row.state),
    files: Number(row.files),
    bytes: Number(row.bytes),
  };
}

/** In the order of the columns, without the id. */
export function fromTask(task: JournalTask): SQLInputValue[] {
  return [
    task.kind,
    task.state,
    task.position,
    task.src,
    task.dst,
    task.createdMs,
    task.startedMs,
    task.finishedMs,
    task.details,
  ];
}

/** In the order of the columns. */
export function fromStep(task: string, step: JournalStep): SQLInputValue[] {
  return [
    task,
    step.n,
    step.bucket,
    step.state,
    step.relPath,
    step.from,
    step.toRelPath,
    step.size,
    BigInt.asIntN(64, step.mtimeNs),
    BigInt.asIntN(64, step.fileId),
    step.blake3,
    step.attempts,
    step.code,
    step.message,
    step.way,
    step.extra,
  ];
}

/** A word that this version does not know is damage: a newer one would have said so by its `user_version`. */
function oneOf<T extends string>(words: readonly T[], value: SQLOutputValue | undefined): T {
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw damagedJournal();
  return word;
}

function toBigInt(value: SQLOutputValue | undefined): bigint {
  if (typeof value === 'bigint') return value;
  throw damagedJournal();
}

function textOrNull(value: SQLOutputValue | undefined): string | null {
  return value === null ? null : String(value);
}

function numberOrNull(value: SQLOutputValue | undefined): number | null {
  return value === null ? null : Number(value);
}

function bytesOrNull(value: SQLOutputValue | undefined): Uint8Array | null {
  if (value === null) return null;
  if (value instanceof Uint8Array) return value;
  throw damagedJournal();
}

export function damagedJournal(): AppError {
  return new AppError('DATABASE_CORRUPT', 'The journal of the queue is damaged.', {
    hint: 'Stop Weightroom, then restore journal.db from a backup, or move it away to start with an empty queue.',
  });
}
