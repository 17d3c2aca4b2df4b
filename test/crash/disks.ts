import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** The folders a program works on: two models roots, and a place of its own for what it remembers. */
export interface Disks {
  readonly local: string;
  readonly lake: string;
  readonly home: string;
}

export type Side = 'local' | 'lake';
export const sides: readonly Side[] = ['local', 'lake'];

export interface SeenFile {
  readonly size: number;
  readonly mtimeMs: number;
  readonly sha256: string;
}

/** What lies on both disks, by relPath, read by nothing but the file system. */
export type Seen = Readonly<Record<Side, ReadonlyMap<string, SeenFile>>>;

export function lookAt(disks: Disks): Seen {
  return { local: readTree(disks.local), lake: readTree(disks.lake) };
}

function readTree(root: string): ReadonlyMap<string, SeenFile> {
  const found = new Map<string, SeenFile>();
  for (const entry of fs.readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const full = path.join(entry.parentPath, entry.name);
    const { size, mtimeMs } = fs.lstatSync(full);
    found.set(path.relative(root, full), { size, mtimeMs, sha256: hashOf(full) });
  }
  return found;
}

/** A file that cannot be read has a content that equals no other. */
function hashOf(file: string): string {
  try {
    return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
  } catch (error) {
    return `unreadable: ${(error as NodeJS.ErrnoException).code}`;
  }
}
