import type { DatabaseSync } from 'node:sqlite';
import { keptScans, type StoredDuplicateScan } from '../../core/ports/catalog-store.ts';

/** Scans for duplicates and what they found, in the catalog. */
export class DuplicateRows {
  private readonly database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.database = database;
  }

  saveScan({ id, createdAtMs, header }: StoredDuplicateScan): void {
    this.database.prepare('INSERT OR REPLACE INTO duplicate_scan VALUES (?, ?, ?)').run(id, createdAtMs, header);
    this.database
      .prepare(
        `DELETE FROM duplicate_scan WHERE id NOT IN
           (SELECT id FROM duplicate_scan ORDER BY created_at_ms DESC, id LIMIT ?)`,
      )
      .run(keptScans);
    this.database.exec('DELETE FROM duplicate_part WHERE scan NOT IN (SELECT id FROM duplicate_scan)');
  }

  savePart(scan: string, part: number, found: string): void {
    this.database.prepare('INSERT OR REPLACE INTO duplicate_part VALUES (?, ?, ?)').run(scan, part, found);
  }

  scans(): StoredDuplicateScan[] {
    const rows = this.database
      .prepare('SELECT id, created_at_ms, header FROM duplicate_scan ORDER BY created_at_ms DESC, id')
      .all();
    return rows.map((row) => ({
      id: String(row.id),
      createdAtMs: Number(row.created_at_ms),
      header: String(row.header),
    }));
  }

  part(scan: string, part: number): string | null {
    const row = this.database.prepare('SELECT found FROM duplicate_part WHERE scan = ? AND part = ?').get(scan, part);
    return row ? String(row.found) : null;
  }
}
