import { AppError } from '../../core/errors/app-error.ts';
import { linuxNameProblem, windowsNameProblem } from '../../core/paths/segment-rules.ts';
import type { Durability, RawFolder, RawNewFile, RawReadFile } from '../../core/ports/changing-file-system.ts';
import type { RawDirent, RawStat } from '../../core/ports/raw-file-system.ts';
import { literalContent, WrittenContent } from './memory-content.ts';
import { dropNameUnsynced, release, setNameUnsynced, syncNames } from './memory-names.ts';
import { MemoryNewFile } from './memory-new-file.ts';
import { osError } from './memory-paths.ts';
import { MemoryRawFile, toStat } from './memory-raw-file.ts';
import type { MemoryTree } from './memory-tree.ts';
import type { FileNode, FolderNode, MemoryEntry, MemoryVolume } from './memory-volume.ts';

export interface MemoryFolderParts {
  readonly node: FolderNode;
  readonly volume: MemoryVolume;
  readonly path: string;
  readonly realPath: string;
  readonly tree: MemoryTree;
  readonly onMidway: (path: string) => void;
}

/** Changes of all folders, so that those of one call are lost or kept together. */
let changes = 0;

function nextChange(): number {
  changes += 1;
  return changes;
}

/** An open folder follows its node, whatever happens to its path. */
export class MemoryFolder implements RawFolder {
  private readonly parts: MemoryFolderParts;

  constructor(parts: MemoryFolderParts) {
    this.parts = parts;
  }

  realPath(): string {
    this.requireThere();
    return this.parts.realPath;
  }

  stat(): RawStat {
    this.requireThere();
    return toStat(this.parts);
  }

  lstat(name: string): RawStat {
    const { node } = this.require(name);
    const mounted = node.kind === 'folder' ? node.mounted : null;
    return mounted ? toStat({ node: mounted.root, volume: mounted }) : toStat({ node, volume: this.parts.volume });
  }

  list(): readonly RawDirent[] {
    this.requireThere();
    return Array.from(this.parts.node.entries.values(), ({ name, node: { kind } }) => ({ name, kind }));
  }

  openRead(name: string): RawReadFile {
    const { node } = this.require(name);
    if (node.kind === 'link') throw osError('ELOOP', this.shown(name));
    if (node.kind !== 'file') throw this.noFile(name);
    if (!node.readable) throw osError('EACCES', this.shown(name));
    return new MemoryRawFile({ node, volume: this.parts.volume }, node, this.namesOf(name));
  }

  openReadBack(name: string): RawReadFile {
    return this.openRead(name);
  }

  createFile(name: string): RawNewFile {
    this.requireFree(name);
    const { volume } = this.parts;
    const nowNs = volume.nowNs();
    const node: FileNode = {
      kind: 'file',
      id: volume.newId(),
      size: 0,
      mtimeNs: volume.storedTime(nowNs),
      content: literalContent(new Uint8Array(0)),
      links: 1,
      readable: true,
      ctimeNs: nowNs,
      durable: null,
    };
    this.put(name, { name, node, isAddressable: true });
    return this.opened(name, node);
  }

  openWrite(name: string): RawNewFile {
    const { node } = this.require(name);
    if (node.kind !== 'file') throw this.noFile(name);
    this.requireWritable(name);
    return this.opened(name, node);
  }

  clone(from: RawFolder, fromName: string, name: string): void {
    const source = memoryFolder(from);
    const { node } = source.require(fromName);
    if (node.kind !== 'file') throw this.noFile(fromName);
    this.requireFree(name);
    const { volume } = this.parts;
    if (!volume.reflink || source.parts.volume !== volume) {
      throw new AppError('UNSUPPORTED', `“${this.shown(name)}” cannot share its blocks on this drive.`);
    }
    if (volume.usedBytes + node.size > volume.totalBytes) throw osError('ENOSPC', this.shown(name));
    volume.usedBytes += node.size;
    const nowNs = volume.nowNs();
    const content = node.content instanceof WrittenContent ? node.content.copy(node.size) : node.content;
    const fresh = { mtimeNs: volume.storedTime(nowNs), ctimeNs: nowNs, links: 1, readable: true, durable: null };
    this.put(name, { name, node: { ...node, ...fresh, id: volume.newId(), content }, isAddressable: true });
  }

  link(from: RawFolder, fromName: string, name: string): void {
    const source = memoryFolder(from);
    const { node } = source.require(fromName);
    if (node.kind !== 'file') throw source.noFile(fromName);
    this.requireFree(name);
    const { volume } = this.parts;
    if (!volume.hardLinks || source.parts.volume !== volume) throw this.cannotLink(name);
    this.put(name, { name, node, isAddressable: true });
    node.links += 1;
    node.ctimeNs = volume.nowNs();
  }

  symlink(target: string, name: string): void {
    this.requireFree(name);
    const { volume } = this.parts;
    if (!volume.symbolicLinks) throw this.cannotLink(name);
    const node = { kind: 'link' as const, id: volume.newId(), mtimeNs: volume.storedTime(volume.nowNs()), target };
    this.put(name, { name, node, isAddressable: true });
  }

  moveNoReplace(name: string, to: RawFolder, toName: string): void {
    const target = memoryFolder(to);
    const entry = this.require(name);
    const { node } = entry;
    if (node.kind === 'folder') throw this.noFile(name);
    this.requireWritable(name);
    target.requireFree(toName);
    if (target.parts.volume !== this.parts.volume) throw osError('EXDEV', target.shown(toName));
    if (!this.parts.volume.hardLinks) return this.moveOverPlaceholder(name, target, toName);
    target.put(toName, { ...entry, name: toName });
    const change = changes;
    if (node.kind === 'file') {
      node.links += 1;
      node.ctimeNs = this.parts.volume.nowNs();
    }
    if (target.parts.node !== this.parts.node) target.sync();
    this.parts.onMidway(target.shown(toName));
    // Of two changes of one folder no drive keeps the second without the first.
    this.drop(name, target.parts.node === this.parts.node ? change : undefined);
  }

  remove(name: string): void {
    if (this.require(name).node.kind === 'folder') throw this.noFile(name);
    this.requireWritable(name);
    this.drop(name);
  }

  makeFolder(name: string): void {
    this.requireFree(name);
    const { volume } = this.parts;
    this.put(name, { name, node: volume.newFolder(volume.nowNs()), isAddressable: true });
  }

  removeFolder(name: string): void {
    const { node } = this.require(name);
    if (node.kind !== 'folder') throw osError('ENOTDIR', this.shown(name));
    if (node.mounted) throw osError('EBUSY', this.shown(name));
    if (node.entries.size > 0) throw osError('ENOTEMPTY', this.shown(name));
    this.requireWritable(name);
    this.drop(name);
  }

  sync(): Durability {
    this.requireThere();
    if (this.parts.volume.syncs === 'unknown') return 'unknown';
    syncNames(this.parts.node);
    return 'durable';
  }

  close(): void {}

  /** The same steps as on a real drive; the rename itself takes both names at once. */
  private moveOverPlaceholder(name: string, target: MemoryFolder, toName: string): void {
    const placeholder = target.createFile(toName);
    placeholder.close();
    try {
      this.parts.onMidway(target.shown(toName));
    } catch (thrown) {
      if (thrown instanceof AppError) target.drop(toName);
      throw thrown;
    }
    const entry = this.require(name);
    changes += 1;
    setNameUnsynced(target.parts.node, target.key(toName), { ...entry, name: toName }, changes);
    dropNameUnsynced(this.parts.node, this.key(name), changes);
  }

  private opened(name: string, node: FileNode): RawNewFile {
    return new MemoryNewFile({ node, volume: this.parts.volume }, node, this.namesOf(name));
  }

  private put(name: string, entry: MemoryEntry): void {
    changes += 1;
    setNameUnsynced(this.parts.node, this.key(name), entry, changes);
  }

  private drop(name: string, change = nextChange()): void {
    const { node } = this.require(name);
    dropNameUnsynced(this.parts.node, this.key(name), change);
    release(node, this.parts.volume);
  }

  private require(name: string): MemoryEntry {
    this.requireName(name);
    if (!this.parts.node.readable) throw osError('EACCES', this.shown(name));
    const entry = this.parts.node.entries.get(this.key(name));
    if (!entry?.isAddressable) throw osError('ENOENT', this.shown(name));
    return entry;
  }

  private requireFree(name: string): void {
    this.requireName(name);
    this.parts.tree.requireUsableName(name, this.shown(name));
    if (this.parts.node.entries.has(this.key(name))) throw osError('EEXIST', this.shown(name));
    this.requireWritable(name);
    if (this.parts.node.isGone) throw osError('ENOENT', this.shown(name));
  }

  private requireName(name: string): void {
    this.requireThere();
    const problem = this.parts.tree.isWindows ? windowsNameProblem(name) : linuxNameProblem(name);
    if (problem !== null) throw new AppError('INVALID_PATH', `“${name}” cannot be used as a name: it ${problem}.`);
  }

  private requireWritable(name: string): void {
    if (this.parts.volume.readOnly) throw osError('EROFS', this.shown(name));
  }

  private requireThere(): void {
    if (!this.parts.volume.isPresent) throw osError('ESTALE', this.parts.path);
  }

  private key(name: string): string {
    return this.parts.volume.keyOf(name);
  }

  private namesOf(name: string): { readonly path: string; readonly realPath: string } {
    return { path: this.shown(name), realPath: this.below(this.parts.realPath, name) };
  }

  private shown(name: string): string {
    return this.below(this.parts.path, name);
  }

  private below(folder: string, name: string): string {
    const separator = this.parts.tree.isWindows ? '\\' : '/';
    return folder.endsWith(separator) ? folder + name : folder + separator + name;
  }

  private cannotLink(name: string): AppError {
    return new AppError('UNSUPPORTED', `“${this.shown(name)}” cannot be a link of that kind on this drive.`);
  }

  private noFile(name: string): AppError {
    return new AppError('SPECIAL_FILE', `“${this.shown(name)}” is not a file.`);
  }
}

function memoryFolder(folder: RawFolder): MemoryFolder {
  if (folder instanceof MemoryFolder) return folder;
  throw new TypeError('a folder of another file system');
}
