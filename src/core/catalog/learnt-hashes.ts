import {
  addKnown,
  blake3At,
  createFolderHashes,
  type FolderHashes,
  hashKnown,
  hashStateAt,
  setHash,
  setHashFailed,
  setSample,
} from './folder-hashes.ts';
import { type FilePosition, findFile, type IndexedFolder, joinPath } from './location-index.ts';
import type { LocationSlot } from './location-slot.ts';
import { carryHashes } from './refresh-merge.ts';

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
    const { hashes, i } = this.current(file);
    const before = hashStateAt(hashes, i) === hashKnown ? blake3At(hashes, i).slice() : null;
    setHash(hashes, i, blake3);
    return before;
  }

  learnSample(file: FilePosition, sample: Uint8Array): void {
    const { hashes, i } = this.current(file);
    setSample(hashes, i, sample);
  }

  /** A file that cannot be read now keeps the hash it has, unless it is known to have changed. */
  learnFailure(file: FilePosition, hasChanged: boolean): void {
    const { hashes, i } = this.current(file);
    if (hasChanged || hashStateAt(hashes, i) !== hashKnown) setHashFailed(hashes, i);
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
  private current(file: FilePosition): { hashes: FolderHashes; i: number } {
    const base = this.newest(file);
    let there = this.folders.get(base.folder.files);
    if (!there) {
      const hashes = createFolderHashes(base.folder.files.count);
      if (base.folder.hashes) hashes.set(base.folder.hashes);
      there = { relPath: base.folder.relPath, hashes };
      this.folders.set(base.folder.files, there);
    }
    return { hashes: there.hashes, i: base.i };
  }

  private newest(file: FilePosition): FilePosition {
    const { folder, i } = file;
    const there = this.slot.index.folder(folder.relPath);
    if (there?.files === folder.files) return { folder: there, i };
    const now = findFile(this.slot.index, joinPath(folder.relPath, folder.files.name(i)));
    return now && isSameFile(folder, i, now) ? now : file;
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
  for (let i = 0; i < count; i += 1) addKnown(learnt, there, i);
  return learnt;
}
