import type { IndexTotals } from '../ports/catalog-store.ts';
import { countKnown, type FolderHashes } from './folder-hashes.ts';
import type { PackedFolder } from './packed-folder.ts';

/** One folder of a location as the index holds it. Replaced as a whole, never changed in place. */
export interface IndexedFolder {
  /** relPath, empty for the root. */
  readonly relPath: string;
  readonly files: PackedFolder;
  readonly hashes: FolderHashes | null;
}

/** Called with the relPath of a folder that was set or removed. */
export type FolderListener = (relPath: string) => void;

/** All files of one location in memory: what every question is answered from, so that no question touches a disk. */
export class LocationIndex {
  readonly location: string;
  /** Grows with every change. */
  version = 0;
  private readonly byPath = new Map<string, IndexedFolder>();
  private readonly listeners = new Set<FolderListener>();
  private sorted: readonly IndexedFolder[] | null = null;
  private files = 0;
  private bytes = 0;
  private hashedFiles = 0;

  constructor(location: string) {
    this.location = location;
  }

  totals(): IndexTotals {
    return { files: this.files, bytes: this.bytes, folders: this.byPath.size, hashedFiles: this.hashedFiles };
  }

  folder(relPath: string): IndexedFolder | undefined {
    return this.byPath.get(relPath);
  }

  folderPaths(): IterableIterator<string> {
    return this.byPath.keys();
  }

  /** All folders, parents before their children, siblings by name without regard to case. */
  inOrder(): readonly IndexedFolder[] {
    if (this.sorted === null) {
      const keyed = [...this.byPath.values()].map((folder) => ({ folder, key: orderKey(folder.relPath) }));
      keyed.sort((x, y) => (x.key < y.key ? -1 : x.key > y.key ? 1 : 0));
      this.sorted = keyed.map(({ folder }) => folder);
    }
    return this.sorted;
  }

  set(folder: IndexedFolder): void {
    const previous = this.byPath.get(folder.relPath);
    if (previous) this.discount(previous);
    this.byPath.set(folder.relPath, folder);
    this.files += folder.files.count;
    this.bytes += folder.files.totalBytes();
    this.hashedFiles += countKnown(folder.hashes);
    this.changed(folder.relPath);
  }

  delete(relPath: string): void {
    const previous = this.byPath.get(relPath);
    if (!previous) return;
    this.discount(previous);
    this.byPath.delete(relPath);
    this.changed(relPath);
  }

  /** Tells of every later change. Returns the way to stop. */
  listen(listener: FolderListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private discount(folder: IndexedFolder): void {
    this.files -= folder.files.count;
    this.bytes -= folder.files.totalBytes();
    this.hashedFiles -= countKnown(folder.hashes);
  }

  private changed(relPath: string): void {
    this.sorted = null;
    this.version += 1;
    for (const listener of this.listeners) listener(relPath);
  }
}

/** Sorts like a file browser: a folder before what is below it, letters without regard to case, ties by code unit. */
export function orderKey(relPath: string): string {
  return `${relPath.toLowerCase().replaceAll('/', '\u0000')}\u0000\u0000${relPath}`;
}

export interface FilePosition {
  readonly folder: IndexedFolder;
  readonly i: number;
}

export function findFile(index: LocationIndex, relPath: string): FilePosition | null {
  const slash = relPath.lastIndexOf('/');
  const folder = index.folder(slash < 0 ? '' : relPath.slice(0, slash));
  const i = folder?.files.indexOf(relPath.slice(slash + 1)) ?? -1;
  return folder && i >= 0 ? { folder, i } : null;
}

export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Is `relPath` the folder itself or below it? Every path is below the root (''). */
export function isBelow(folder: string, relPath: string): boolean {
  return folder === '' || relPath === folder || relPath.startsWith(`${folder}/`);
}
