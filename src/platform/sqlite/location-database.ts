import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { DriveSetting, Layout } from '../../contract/location-words.ts';
import type { LocationDefinition } from '../../core/locations/location-definition.ts';
import type { AbsolutePath } from '../../core/paths/absolute-path.ts';
import type { LocationStore } from '../../core/ports/location-store.ts';
import { type DatabaseShape, databaseError, openDatabase } from './open-database.ts';

/** weightroom.db: truth (docs/formats/weightroom-db.md). Small, so it is written where it is asked for. */
const truthShape: DatabaseShape = {
  title: 'The Weightroom database',
  synchronous: 'FULL',
  checkAll: true,
  migrations: [
    `
    CREATE TABLE location (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      path TEXT NOT NULL UNIQUE,
      layout TEXT NOT NULL,
      drive TEXT NOT NULL,
      allow_delete INTEGER NOT NULL,
      position INTEGER NOT NULL
    ) STRICT;
    `,
    `
    ALTER TABLE location ADD COLUMN undo_deletes INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE location ADD COLUMN type_to_delete INTEGER NOT NULL DEFAULT 0;
    UPDATE location SET undo_deletes = 1 WHERE id = 'local';
    `,
  ],
};

export interface LocationDatabase extends LocationStore {
  close(): void;
}

/** @throws AppError DATABASE_CORRUPT, DATABASE_NEWER … */
export function openLocationDatabase(file: string): LocationDatabase {
  const database: DatabaseSync = openDatabase(file, truthShape);
  const translated = <T>(call: () => T): T => {
    try {
      return call();
    } catch (thrown) {
      throw databaseError(thrown, file, truthShape.title);
    }
  };
  return {
    list: () => translated(() => database.prepare('SELECT * FROM location ORDER BY position').all().map(toDefinition)),
    save({ id, name, path, layout, drive, allowDelete, undoDeletes, typeToDelete }) {
      const put = `INSERT INTO location
        VALUES (?, ?, ?, ?, ?, ?, (SELECT coalesce(max(position), 0) + 1 FROM location), ?, ?)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, path = excluded.path, layout = excluded.layout,
          drive = excluded.drive, allow_delete = excluded.allow_delete, undo_deletes = excluded.undo_deletes,
          type_to_delete = excluded.type_to_delete`;
      const flags = [allowDelete, undoDeletes, typeToDelete].map(Number);
      translated(() => database.prepare(put).run(id, name, path, layout, drive, ...flags));
    },
    remove(id) {
      translated(() => database.prepare('DELETE FROM location WHERE id = ?').run(id));
    },
    close() {
      database.close();
    },
  };
}

function toDefinition(row: Readonly<Record<string, SQLOutputValue>>): LocationDefinition {
  return {
    id: String(row.id),
    name: String(row.name),
    path: String(row.path) as AbsolutePath,
    layout: String(row.layout) as Layout,
    drive: String(row.drive) as DriveSetting,
    allowDelete: row.allow_delete === 1,
    undoDeletes: row.undo_deletes === 1,
    typeToDelete: row.type_to_delete === 1,
    origin: 'user',
  };
}
