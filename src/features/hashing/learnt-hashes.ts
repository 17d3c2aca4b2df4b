import {
  createFolderHashes,
  type FolderHashes,
  hashKnown,
  hashStateAt,
  setHash,
  setHashFailed,
} from '../../core/catalog/folder-hashes.ts';
import { type FilePosition, findFile, type IndexedFolder, joinPath } from '../../core/catalog/location-index.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { carryHashes } from '../../core/catalog/refresh-merge.ts';

/**
 * Hashes of one location that were read and are not yet in its index: collected for a moment, because each change of a
 * folder rewrites all of it.
 */
export class LearntHashes {
  private readonly slot: LocationSlot;
  private folders = new Map<IndexedFolder['files'], { readonly relPath: string; readonly hashes: FolderHashes }>();

  constructor(slot: LocationSlot) {
    this.slot = slot;
  }

  /** The BLAKE3 hash known before, if any. */
  learn(file: FilePosition, blake3: Uint8Array): Uint8Array | null {
    const { files, hashes } = this.current(file);
    const i = files.indexOf(file.folder.files.name(file.i));
    if (i < 0) return null;
    const before = hashStateAt(hashes, i) === hashKnown ? hashes.slice(i * 33 + 1, (i + 1) * 33) : null;
    setHash(hashes, i, blake3);
    return before;
  }

  /** A file that cannot be read now keeps the hash it has, unless it is known to have changed. */
  learnFailure(file: FilePosition, hasChanged: boolean): void {
    const { files, hashes } = this.current(file);
    const i = files.indexOf(file.folder.files.name(file.i));
    if (i >= 0 && (hasChanged || hashStateAt(hashes, i) !== hashKnown)) setHashFailed(hashes, i);
  }

  /** Moves what was collected into the index. Returns the folders to store. */
  takeChanged(): readonly IndexedFolder[] {
    const { index } = this.slot;
    const changed: IndexedFolder[] = [];
    for (const [files, { relPath, hashes }] of this.folders) {
      const now = index.folder(relPath);
      if (!now) continue;
      // The folder may have been listed anew: only files that are still what was read keep what was learnt.
      const learnt = now.files === files ? hashes : carryHashes({ files, hashes }, now.files);
      if (learnt === null) continue;
      const folder = { relPath, files: now.files, hashes: withKnown(learnt, now.hashes, now.files.count) };
      index.set(folder);
      changed.push(folder);
    }
    this.folders = new Map();
    return changed;
  }

  /** Working copy for the listing that the file was taken from, or the newest one that still has this very file. */
  private current({ folder, i }: FilePosition): { files: IndexedFolder['files']; hashes: FolderHashes } {
    const now = findFile(this.slot.index, joinPath(folder.relPath, folder.files.name(i)));
    const base = now && isSameFile(folder, i, now) ? now.folder : folder;
    let there = this.folders.get(base.files);
    if (!there) {
      const hashes = createFolderHashes(base.files.count);
      if (base.hashes) hashes.set(base.hashes);
      there = { relPath: base.relPath, hashes };
      this.folders.set(base.files, there);
    }
    return { files: base.files, hashes: there.hashes };
  }
}

function isSameFile(folder: IndexedFolder, i: number, now: FilePosition): boolean {
  const { files } = now.folder;
  return (
    files === folder.files ||
    (files.size(now.i) === folder.files.size(i) &&
      files.mtimeNs(now.i) === folder.files.mtimeNs(i) &&
      files.fileId(now.i) === folder.files.fileId(i))
  );
}

/** What the index learnt from elsewhere in the meantime stays. */
function withKnown(learnt: FolderHashes, there: FolderHashes | null, count: number): FolderHashes {
  if (there === null) return learnt;
  for (let i = 0; i < count; i += 1) {
    if (hashStateAt(learnt, i) === 0 && hashStateAt(there, i) === hashKnown) {
      learnt.set(there.subarray(i * 33, (i + 1) * 33), i * 33);
    }
  }
  return learnt;
}
