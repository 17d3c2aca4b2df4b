import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import type { ErrorCode } from '../../contract/errors.ts';
import { AppError } from '../../core/errors/app-error.ts';
import type {
  HashKey,
  HashRecord,
  IndexTotals,
  StoredFolder,
  StoredLocation,
  TotalsOf,
} from '../../core/ports/catalog-store.ts';
import type { ScanProblem } from '../../core/ports/location-files.ts';
import { DuplicateRows } from './duplicate-rows.ts';

type Row = Record<string, SQLOutputValue>;

/** The catalog over SQLite, synchronous: it lives in the catalog thread (entries/catalog-thread.ts). */
export class CatalogDatabase {
  readonly duplicates: DuplicateRows;
  private readonly database: DatabaseSync;
  private readonly totalsOf: TotalsOf;

  constructor(database: DatabaseSync, totalsOf: TotalsOf) {
    this.database = database;
    this.totalsOf = totalsOf;
    this.duplicates = new DuplicateRows(database);
  }

  loadLocation(location: string): StoredLocation | null {
    const row = this.database.prepare('SELECT * FROM location WHERE id = ?').get(location);
    if (!row) return null;
    const problems = this.database
      .prepare('SELECT rel_path, code, message, hint FROM problem WHERE location = ?')
      .all(location);
    return {
      root: String(row.root),
      scannedAtMs: row.scanned_at_ms === null ? null : Number(row.scanned_at_ms),
      caseSensitive: row.case_sensitive === null ? null : row.case_sensitive === 1,
      unicodeSensitive: row.unicode_sensitive === 1,
      wasMountPoint: row.was_mount_point === 1,
      missingFiles: Number(row.missing_files),
      volume: String(row.volume),
      problems: problems.map(toProblem),
    };
  }

  /** From an index of its own, which is a hundredth of what the folders take. */
  countFolders(location: string): IndexTotals {
    const row = this.database
      .prepare(
        `SELECT count(*) AS folders, total(file_count) AS files, total(total_bytes) AS bytes, total(hashed_files) AS hashed
         FROM folder INDEXED BY folder_totals WHERE location = ?`,
      )
      .get(location);
    return {
      files: Number(row?.files ?? 0),
      bytes: Number(row?.bytes ?? 0),
      folders: Number(row?.folders ?? 0),
      hashedFiles: Number(row?.hashed ?? 0),
    };
  }

  /** @throws AppError DATABASE_CORRUPT where a folder is not what was stored */
  *loadFolders(location: string): Generator<StoredFolder> {
    const all = this.database.prepare('SELECT rel_path, files, hashes, checksum FROM folder WHERE location = ?');
    // Rows as arrays: objects with named columns take twice as long, and there is one for each folder.
    all.setReturnArrays(true);
    for (const row of all.iterate(location)) {
      const [relPath, files, hashes, checksum] = row as unknown as SQLOutputValue[];
      const folder = { relPath: String(relPath), files: toBytes(files), hashes: toBytesOrNull(hashes) };
      if (checksum !== checksumOf(folder)) throw damaged();
      yield folder;
    }
  }

  saveFolders(location: string, folders: readonly StoredFolder[], removed: readonly string[]): void {
    this.inTransaction(() => {
      const put = this.database.prepare(
        `INSERT INTO folder (location, rel_path, files, hashes, checksum, file_count, total_bytes, hashed_files)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET files = excluded.files, hashes = excluded.hashes, checksum = excluded.checksum,
           file_count = excluded.file_count, total_bytes = excluded.total_bytes, hashed_files = excluded.hashed_files`,
      );
      for (const folder of folders) {
        const { relPath, files, hashes } = folder;
        const totals = this.totalsOf(folder);
        put.run(location, relPath, files, hashes, checksumOf(folder), totals.files, totals.bytes, totals.hashedFiles);
      }
      const drop = this.database.prepare('DELETE FROM folder WHERE location = ? AND rel_path = ?');
      for (const relPath of removed) drop.run(location, relPath);
    });
  }

  saveLocation(location: string, stored: StoredLocation): void {
    this.inTransaction(() => {
      this.database
        .prepare('INSERT OR REPLACE INTO location VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
        .run(
          location,
          stored.root,
          stored.scannedAtMs,
          stored.caseSensitive === null ? null : Number(stored.caseSensitive),
          Number(stored.unicodeSensitive),
          Number(stored.wasMountPoint),
          stored.missingFiles,
          stored.volume,
        );
      this.database.prepare('DELETE FROM problem WHERE location = ?').run(location);
      const add = this.database.prepare('INSERT INTO problem VALUES (?, ?, ?, ?, ?)');
      for (const { relPath, code, message, hint } of stored.problems) add.run(location, relPath, code, message, hint);
    });
  }

  forget(location: string): void {
    this.inTransaction(() => {
      for (const table of ['folder', 'problem'])
        this.database.prepare(`DELETE FROM ${table} WHERE location = ?`).run(location);
      this.database.prepare('DELETE FROM location WHERE id = ?').run(location);
    });
  }

  rememberHashes(records: readonly HashRecord[]): void {
    this.inTransaction(() => {
      // A file has one content at a time: what was known of it with another size or time is of no more use.
      const forgetOlder = this.database.prepare(
        'DELETE FROM content_hash WHERE file_id = ? AND device = ? AND (size <> ? OR mtime_ns <> ?)',
      );
      const put = this.database.prepare(
        `INSERT INTO content_hash VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET place = excluded.place, hashed_at_ms = excluded.hashed_at_ms,
           sha256 = CASE WHEN blake3 = excluded.blake3 THEN coalesce(excluded.sha256, sha256) ELSE excluded.sha256 END,
           quick_hash = CASE WHEN blake3 = excluded.blake3 THEN coalesce(excluded.quick_hash, quick_hash) ELSE excluded.quick_hash END,
           blake3 = excluded.blake3`,
      );
      for (const record of records) {
        const fileId = BigInt.asIntN(64, record.fileId);
        const device = BigInt.asIntN(64, record.device);
        forgetOlder.run(fileId, device, record.size, record.mtimeNs);
        put.run(
          fileId,
          record.size,
          record.mtimeNs,
          device,
          record.place,
          record.blake3,
          record.sha256,
          record.quickHash,
          record.hashedAtMs,
        );
      }
    });
  }

  recallHashes(keys: readonly HashKey[]): (HashRecord | null)[] {
    const find = this.database.prepare(
      'SELECT device, place, blake3, sha256, quick_hash, hashed_at_ms FROM content_hash WHERE file_id = ? AND size = ? AND mtime_ns = ?',
    );
    find.setReadBigInts(true);
    return keys.map((key) => {
      const rows = find.all(BigInt.asIntN(64, key.fileId), key.size, key.mtimeNs);
      const device = BigInt.asIntN(64, key.device);
      const row =
        rows.find((candidate) => candidate.device === device) ??
        rows.find((candidate) => candidate.place === key.place && key.place !== '');
      return row ? toHashRecord(key, row) : null;
    });
  }

  /** false while no file was ever hashed, which saves looking each new file up. */
  hasHashes(): boolean {
    return this.database.prepare('SELECT 1 FROM content_hash LIMIT 1').get() !== undefined;
  }

  close(): void {
    this.database.close();
  }

  private inTransaction(work: () => void): void {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.database.exec('COMMIT');
    } catch (thrown) {
      // SQLite has already done so after some errors.
      if (this.database.isTransaction) this.database.exec('ROLLBACK');
      throw thrown;
    }
  }
}

function checksumOf({ files, hashes }: Pick<StoredFolder, 'files' | 'hashes'>): number {
  const checksum = crc32(files);
  return hashes === null ? checksum : crc32(hashes, checksum);
}

function damaged(): AppError {
  return new AppError('DATABASE_CORRUPT', 'The catalog is damaged.');
}

function toProblem(row: Row): ScanProblem {
  return {
    relPath: String(row.rel_path),
    code: String(row.code) as ErrorCode,
    message: String(row.message),
    hint: row.hint === null ? null : String(row.hint),
  };
}

function toHashRecord(key: HashKey, row: Row): HashRecord {
  return {
    ...key,
    blake3: toBytes(row.blake3),
    sha256: toBytesOrNull(row.sha256),
    quickHash: toBytesOrNull(row.quick_hash),
    hashedAtMs: Number(row.hashed_at_ms),
  };
}

function toBytes(value: SQLOutputValue | undefined): Uint8Array<ArrayBuffer> {
  if (value instanceof Uint8Array) return value as Uint8Array<ArrayBuffer>;
  throw damaged();
}

function toBytesOrNull(value: SQLOutputValue | undefined): Uint8Array<ArrayBuffer> | null {
  return value === null ? null : toBytes(value);
}
