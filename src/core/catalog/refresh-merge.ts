import type { ScannedFolder } from '../ports/location-files.ts';
import { copyHash, createFolderHashes, type FolderHashes, hashKnown, hashStateAt } from './folder-hashes.ts';
import { type IndexedFolder, isBelow, joinPath, type LocationIndex } from './location-index.ts';
import { PackedFolder, packFolder } from './packed-folder.ts';

/**
 * Merges the folders of a scan into an index. Additions and changes apply as they arrive; whatever would make files
 * disappear is held back until the scan is complete and someone has decided whether so many may be gone.
 */
export class RefreshMerge {
  /** Folders set in the index since the last `takeChanged`. */
  private changed: IndexedFolder[] = [];
  private readonly seen = new Set<string>();
  private readonly unread = new Set<string>();
  private readonly held = new Map<string, PackedFolder>();
  /** Identities of files that are new under their name: what was lost and stands among them was moved. */
  private readonly arrived = new Set<bigint>();
  private readonly index: LocationIndex;
  private readonly scope: string;
  /** On a first read nothing can get lost, so nothing needs to be remembered of what arrives. */
  private readonly wasEmpty: boolean;

  /** @param scope The folder that is scanned; nothing outside it is touched. */
  constructor(index: LocationIndex, scope: string) {
    this.index = index;
    this.scope = scope;
    this.wasEmpty = index.totals().files === 0;
  }

  /** @returns Folders whose listing is new or different. */
  add(scanned: readonly ScannedFolder[]): number {
    const differing: { relPath: string; files: Uint8Array; before: IndexedFolder | undefined }[] = [];
    for (const { relPath, files: listed, unclear = [] } of scanned) {
      this.seen.add(relPath);
      if (listed === null) {
        this.unread.add(relPath);
        continue;
      }
      for (const name of unclear) this.unread.add(joinPath(relPath, name));
      const before = this.index.folder(relPath);
      const files = before && unclear.length > 0 ? withKept(listed, before.files, unclear) : listed;
      if (!before?.files.equals(files)) differing.push({ relPath, files, before });
    }
    const copies = copyTogether(differing.map(({ files }) => files));
    differing.forEach(({ relPath, before }, k) => {
      const files = copies[k];
      if (files) this.apply(before, relPath, new PackedFolder(files));
    });
    return differing.length;
  }

  takeChanged(): IndexedFolder[] {
    const taken = this.changed;
    this.changed = [];
    return taken;
  }

  /** Files that the index holds, the complete scan did not find, and that were not moved inside the location either. */
  countGone(): number {
    let gone = 0;
    for (const { files, kept } of this.losses()) {
      for (let i = 0; i < files.count; i += 1) {
        if ((kept === null || kept.indexOf(files.name(i)) < 0) && !this.arrived.has(files.fileId(i))) gone += 1;
      }
    }
    return gone;
  }

  /** Lets the lost files go. Returns the folders that are no longer there. */
  dropLost(): string[] {
    for (const [relPath, files] of this.held) this.replace(this.index.folder(relPath), relPath, files);
    const removed = this.lostFolders().map(({ relPath }) => relPath);
    for (const relPath of removed) this.index.delete(relPath);
    return removed;
  }

  /** Keeps the lost files beside what was found. */
  keepLost(): void {
    for (const [relPath, files] of this.held) {
      const before = this.index.folder(relPath);
      if (!before) continue;
      const facts = [];
      for (let i = 0; i < files.count; i += 1) facts.push(files.facts(i));
      for (let i = 0; i < before.files.count; i += 1) {
        if (files.indexOf(before.files.name(i)) < 0) facts.push(before.files.facts(i));
      }
      this.replace(before, relPath, new PackedFolder(packFolder(facts)));
    }
  }

  /** Every folder of the index hangs on the root; those above one that is read on its own stand empty until read. */
  private addFoldersAbove(relPath: string): void {
    for (let end = relPath.lastIndexOf('/'); relPath !== '' && end !== 0; end = relPath.lastIndexOf('/', end - 1)) {
      const above = end < 0 ? '' : relPath.slice(0, end);
      if (this.index.folder(above)) return;
      this.replace(undefined, above, new PackedFolder(packFolder([])));
      if (end < 0) return;
    }
  }

  private apply(before: IndexedFolder | undefined, relPath: string, files: PackedFolder): void {
    let lost = false;
    if (!before && relPath === this.scope) this.addFoldersAbove(relPath);
    if (before) {
      for (let i = 0; i < files.count; i += 1) {
        if (before.files.indexOf(files.name(i)) < 0) this.noteArrival(files.fileId(i));
      }
      for (let i = 0; i < before.files.count && !lost; i += 1) lost = files.indexOf(before.files.name(i)) < 0;
    } else if (!this.wasEmpty) {
      for (let i = 0; i < files.count; i += 1) this.noteArrival(files.fileId(i));
    }
    if (lost) this.held.set(relPath, files);
    else this.replace(before, relPath, files);
  }

  /** Drives without identities give every file a 0, which tells nobody apart. */
  private noteArrival(fileId: bigint): void {
    if (fileId !== 0n) this.arrived.add(fileId);
  }

  private replace(before: IndexedFolder | undefined, relPath: string, files: PackedFolder): void {
    const folder = { relPath, files, hashes: before ? carryHashes(before, files) : null };
    this.index.set(folder);
    this.changed.push(folder);
  }

  private *losses(): Generator<{ files: PackedFolder; kept: PackedFolder | null }> {
    for (const [relPath, kept] of this.held) {
      const before = this.index.folder(relPath);
      if (before) yield { files: before.files, kept };
    }
    for (const { files } of this.lostFolders()) yield { files, kept: null };
  }

  /** Indexed folders in scope that the scan did not come across, except in and below what could not be read. */
  private lostFolders(): IndexedFolder[] {
    const lost: IndexedFolder[] = [];
    for (const relPath of this.index.folderPaths()) {
      if (this.seen.has(relPath) || !isBelow(this.scope, relPath) || this.isInUnread(relPath)) continue;
      const folder = this.index.folder(relPath);
      if (folder) lost.push(folder);
    }
    return lost;
  }

  private isInUnread(relPath: string): boolean {
    if (this.unread.size === 0) return false;
    if (this.unread.has(relPath)) return true;
    for (let at = relPath.lastIndexOf('/'); at > 0; at = relPath.lastIndexOf('/', at - 1)) {
      if (this.unread.has(relPath.slice(0, at))) return true;
    }
    return this.unread.has('');
  }
}

/** A listing with what was known of names that could not be looked at this time. */
function withKept(listed: Uint8Array, before: PackedFolder, unclear: readonly string[]): Uint8Array {
  const now = new PackedFolder(new Uint8Array(listed));
  const kept = unclear.flatMap((name) => {
    const i = before.indexOf(name);
    return i >= 0 && now.indexOf(name) < 0 ? [before.facts(i)] : [];
  });
  if (kept.length === 0) return listed;
  return packFolder([...kept, ...Array.from({ length: now.count }, (_, i) => now.facts(i))]);
}

/** A file keeps its hash while name, size, time and identity are all unchanged. */
function carryHashes(before: IndexedFolder, files: PackedFolder): FolderHashes | null {
  if (before.hashes === null) return null;
  const old = before.files;
  let hashes: FolderHashes | null = null;
  for (let i = 0; i < files.count; i += 1) {
    const j = old.indexOf(files.name(i));
    if (j < 0 || hashStateAt(before.hashes, j) !== hashKnown) continue;
    if (
      old.size(j) === files.size(i) &&
      old.mtimeNs(j) === files.mtimeNs(i) &&
      old.fileId(j) === files.fileId(i) &&
      old.device(j) === files.device(i)
    ) {
      hashes ??= createFolderHashes(files.count);
      copyHash(before.hashes, j, hashes, i);
    }
  }
  return hashes;
}

/** One block of memory for the folders of a batch: tens of thousands of small blocks would cost more than they hold. */
function copyTogether(folders: readonly Uint8Array[]): Uint8Array<ArrayBuffer>[] {
  const block = new Uint8Array(folders.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  return folders.map((bytes) => {
    block.set(bytes, at);
    at += bytes.length;
    return block.subarray(at - bytes.length, at);
  });
}
