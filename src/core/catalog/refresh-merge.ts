import type { ScannedFolder } from '../ports/location-files.ts';
import { copyHash, createFolderHashes, type FolderHashes, isAnythingKnown } from './folder-hashes.ts';
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
  private readonly arrived = new Set<string>();
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
    for (const _ of this.goneFiles()) gone += 1;
    return gone;
  }

  /** The relPaths of those that `countGone` counts. */
  gonePaths(): ReadonlySet<string> {
    return new Set(Array.from(this.goneFiles(), ({ relPath, files, i }) => joinPath(relPath, files.name(i))));
  }

  /**
   * Has a drive that is mounted below the root lost more than half of its files? Then it is more likely to be away: what
   * is left is the empty folder it was mounted on.
   */
  hasLostDrive(): boolean {
    const gone = new Map<number, number>();
    for (const { files, i } of this.goneFiles()) {
      const device = files.device(i);
      if (device !== 0) gone.set(device, (gone.get(device) ?? 0) + 1);
    }
    if (gone.size === 0) return false;
    const known = new Map<number, number>();
    for (const { files } of this.index.inOrder()) {
      for (let i = 0; i < files.count; i += 1) known.set(files.device(i), (known.get(files.device(i)) ?? 0) + 1);
    }
    return [...gone].some(([device, count]) => count * 2 > (known.get(device) ?? 0));
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
      walkNames(before.files, files, (i, j) => {
        if (i < 0) this.arrived.add(identityOf(files, j));
        lost ||= j < 0;
      });
    } else if (!this.wasEmpty) {
      for (let i = 0; i < files.count; i += 1) this.arrived.add(identityOf(files, i));
    }
    if (lost) this.held.set(relPath, files);
    else this.replace(before, relPath, files);
  }

  private replace(before: IndexedFolder | undefined, relPath: string, files: PackedFolder): void {
    const folder = { relPath, files, hashes: before ? carryHashes(before, files) : null };
    this.index.set(folder);
    this.changed.push(folder);
  }

  private *goneFiles(): Generator<{ readonly relPath: string; readonly files: PackedFolder; readonly i: number }> {
    for (const { relPath, files, kept } of this.losses()) {
      for (let i = 0; i < files.count; i += 1) {
        const isGone = (kept === null || kept.indexOf(files.name(i)) < 0) && !this.arrived.has(identityOf(files, i));
        if (isGone) yield { relPath, files, i };
      }
    }
  }

  private *losses(): Generator<{ relPath: string; files: PackedFolder; kept: PackedFolder | null }> {
    for (const [relPath, kept] of this.held) {
      const before = this.index.folder(relPath);
      if (before) yield { relPath, files: before.files, kept };
    }
    for (const { relPath, files } of this.lostFolders()) yield { relPath, files, kept: null };
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
export function carryHashes(before: Pick<IndexedFolder, 'files' | 'hashes'>, files: PackedFolder): FolderHashes | null {
  const { hashes: known, files: old } = before;
  if (known === null) return null;
  let hashes: FolderHashes | null = null;
  walkNames(old, files, (i, j) => {
    if (i < 0 || j < 0 || !isAnythingKnown(known, i) || !isSameFile(old, i, files, j)) return;
    hashes ??= createFolderHashes(files.count);
    copyHash(known, i, hashes, j);
  });
  return hashes;
}

function isSameFile(x: PackedFolder, i: number, y: PackedFolder, j: number): boolean {
  return (
    x.size(i) === y.size(j) &&
    x.mtimeDifferenceNs(i, y, j) === 0 &&
    x.fileId(i) === y.fileId(j) &&
    x.device(i) === y.device(j)
  );
}

/** What a file that was moved keeps. Inode numbers alone are not enough: another drive has the same ones. */
function identityOf(files: PackedFolder, i: number): string {
  // Drives without identities give every file a 0, which tells nobody apart.
  if (files.fileId(i) === 0n) return files.name(i);
  return `${files.fileId(i)} ${files.size(i)} ${files.mtimeNs(i)} ${files.device(i)}`;
}

/** Goes through two sorted lists of names side by side; -1 stands for "not in this one". */
function walkNames(x: PackedFolder, y: PackedFolder, visit: (i: number, j: number) => void): void {
  const xs = x.names();
  const ys = y.names();
  let i = 0;
  let j = 0;
  while (i < xs.length || j < ys.length) {
    const p = xs[i];
    const q = ys[j];
    if (q === undefined || (p !== undefined && p < q)) visit(i++, -1);
    else if (p === undefined || q < p) visit(-1, j++);
    else visit(i++, j++);
  }
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
