import type { SQLOutputValue } from 'node:sqlite';
import type { TotalsOf } from '../../core/ports/catalog-store.ts';
import type { DatabaseShape } from './open-database.ts';

/** catalog.db: a cache (docs/formats/catalog.md). One row per folder, so 200,000 files are about 15,000 rows. */
export function catalogShape(totalsOf: TotalsOf): DatabaseShape {
  const totalsIn = (files: SQLOutputValue | undefined, hashes: SQLOutputValue | undefined = null) =>
    totalsOf({ files: bytesOf(files) ?? new Uint8Array(0), hashes: bytesOf(hashes) });
  return {
    title: 'The catalog',
    synchronous: 'NORMAL',
    // It may be large; each folder carries a checksum instead.
    checkAll: false,
    functions: {
      files_in: (files) => totalsIn(files).files,
      bytes_in: (files) => totalsIn(files).bytes,
      hashed_in: (files, hashes) => totalsIn(files, hashes).hashedFiles,
    },
    migrations,
  };
}

const migrations = [
  `
    CREATE TABLE location (
      id TEXT PRIMARY KEY,
      root TEXT NOT NULL,
      scanned_at_ms INTEGER,
      case_sensitive INTEGER,
      unicode_sensitive INTEGER NOT NULL,
      was_mount_point INTEGER NOT NULL,
      missing_files INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE folder (
      location TEXT NOT NULL,
      rel_path TEXT NOT NULL,
      files BLOB NOT NULL,
      hashes BLOB,
      PRIMARY KEY (location, rel_path)
    ) STRICT;
    CREATE TABLE problem (
      location TEXT NOT NULL,
      rel_path TEXT NOT NULL,
      code TEXT NOT NULL,
      message TEXT NOT NULL,
      hint TEXT
    ) STRICT;
    CREATE INDEX problem_by_location ON problem (location);
    CREATE TABLE content_hash (
      file_id INTEGER NOT NULL,
      size INTEGER NOT NULL,
      mtime_ns INTEGER NOT NULL,
      device INTEGER NOT NULL,
      place TEXT NOT NULL,
      blake3 BLOB NOT NULL,
      sha256 BLOB,
      quick_hash BLOB,
      hashed_at_ms INTEGER NOT NULL,
      PRIMARY KEY (file_id, size, mtime_ns, device)
    ) STRICT, WITHOUT ROWID;
    `,
  `
    DROP TABLE folder;
    DELETE FROM problem;
    DELETE FROM location;
    CREATE TABLE folder (
      location TEXT NOT NULL,
      rel_path TEXT NOT NULL,
      files BLOB NOT NULL,
      hashes BLOB,
      checksum INTEGER NOT NULL, -- CRC-32 of files, then hashes
      PRIMARY KEY (location, rel_path)
    ) STRICT;
    `,
  "ALTER TABLE location ADD COLUMN volume TEXT NOT NULL DEFAULT ''",
  // Hashes of a folder have samples beside them: read anew, with the hashes that the cache remembers.
  `
    DELETE FROM folder;
    DELETE FROM problem;
    DELETE FROM location;
    CREATE TABLE duplicate_scan (
      id TEXT PRIMARY KEY,
      created_at_ms INTEGER NOT NULL,
      header TEXT NOT NULL
    ) STRICT;
    CREATE TABLE duplicate_part (
      scan TEXT NOT NULL,
      part INTEGER NOT NULL,
      found TEXT NOT NULL,
      PRIMARY KEY (scan, part)
    ) STRICT, WITHOUT ROWID;
    `,
  // Totals beside the folders, so that a location can be told in numbers before its folders are read.
  `
    ALTER TABLE folder ADD COLUMN file_count INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE folder ADD COLUMN total_bytes INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE folder ADD COLUMN hashed_files INTEGER NOT NULL DEFAULT 0;
    UPDATE folder
      SET file_count = files_in(files), total_bytes = bytes_in(files), hashed_files = hashed_in(files, hashes);
    CREATE INDEX folder_totals ON folder (location, file_count, total_bytes, hashed_files);
    `,
];

function bytesOf(value: SQLOutputValue | undefined): Uint8Array<ArrayBuffer> | null {
  return value instanceof Uint8Array ? (value as Uint8Array<ArrayBuffer>) : null;
}
