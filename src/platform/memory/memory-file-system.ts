import { AppError } from '../../core/errors/app-error.ts';
import type { ChangingFileSystem, RawFolder, RawReadFile } from '../../core/ports/changing-file-system.ts';
import type { RawDirent, RawFileSystem, RawStat, RawVolume } from '../../core/ports/raw-file-system.ts';
import { literalContent, type MemoryContent, patchedContent, seededContent } from './memory-content.ts';
import { MemoryFolder } from './memory-folder.ts';
import { dropName, release, setName } from './memory-names.ts';
import { joinNames, osError, splitPath } from './memory-paths.ts';
import { MemoryRawFile, toStat } from './memory-raw-file.ts';
import { MemoryTree, type Slot } from './memory-tree.ts';
import type { FileNode, MemoryEntry, MemoryNode, MemoryVolume, MemoryVolumeOptions } from './memory-volume.ts';
import { cutPower } from './power-cut.ts';

export interface MemoryFileSystemOptions {
  /** Default `posix`. On `win32` volumes are mounted at `C:\` or `\\server\share`. */
  readonly platform?: RawFileSystem['platform'];
  /** Of the volume at `/` or `C:\`. */
  readonly volume?: MemoryVolumeOptions;
  /** Other seeds give files of the same names other bytes. Default 1. */
  readonly seed?: number;
}

export interface NewFile {
  /** Bytes in the file; default the length of `bytes`, else 0. */
  readonly size?: number;
  /** Default 2024-01-01. */
  readonly mtimeNs?: bigint;
  /** The bytes themselves; default: made up from the seed and `content`. */
  readonly bytes?: Uint8Array;
  /** Files with the same content name have the same bytes. Default: the path. */
  readonly content?: string;
  /** The name's bytes are not UTF-8: give it as it is listed, each bad byte as U+FFFD and its value (`\uFFFD(ff)`). */
  readonly hasInvalidName?: boolean;
}

const defaultMtimeNs = 1_704_067_200_000_000_000n;

/**
 * A file system in memory, with the rules of real ones: sizes and times are stored, bytes are made up when they are
 * read, so a library of 500 GB costs nothing but its names. Folders on the way to a new thing are made as needed.
 *
 * Failing, slow and hanging calls are a decorator (`fault-injection.ts`), for this file system and for the real one.
 */
export class MemoryFileSystem implements ChangingFileSystem {
  readonly platform: RawFileSystem['platform'];
  /** Called in the middle of `moveNoReplace`, when a crash leaves a file under two names or beside an empty one. */
  onMidway: (path: string) => void = () => {};
  private readonly tree: MemoryTree;
  private readonly seed: number;
  private readonly unmounted = new Map<string, MemoryVolume>();

  constructor({ platform = 'posix', volume = {}, seed = 1 }: MemoryFileSystemOptions = {}) {
    this.platform = platform;
    this.seed = seed;
    this.tree = new MemoryTree(platform === 'win32');
    this.tree.setStart(platform === 'win32' ? 'C:\\' : '/', this.tree.newVolume(volume));
  }

  list(path: string): readonly RawDirent[] {
    const { node } = this.tree.locate(path, true);
    if (node.kind !== 'folder') throw osError('ENOTDIR', path);
    if (!node.readable) throw osError('EACCES', path);
    return Array.from(node.entries.values(), ({ name, node: { kind } }) => ({ name, kind }));
  }

  firstNames(path: string, limit: number): readonly RawDirent[] {
    return this.list(path).slice(0, limit);
  }

  lstat(path: string): RawStat {
    return toStat(this.tree.locate(path, false));
  }

  stat(path: string): RawStat {
    return toStat(this.tree.locate(path, true));
  }

  realPath(path: string): string {
    return joinNames(this.tree.locate(path, true).place, this.isWindows);
  }

  openRead(path: string): RawReadFile {
    const found = this.tree.locate(path, false);
    const { node } = found;
    if (node.kind === 'link') throw osError('ELOOP', path);
    if (node.kind === 'special') throw osError('ENXIO', path);
    if (!node.readable) throw osError('EACCES', path);
    if (node.kind === 'folder') throw new AppError('SPECIAL_FILE', `“${path}” is not a regular file.`);
    return new MemoryRawFile(found, node, { path, realPath: joinNames(found.place, this.isWindows) });
  }

  openFolder(path: string): RawFolder {
    const { node, volume, place } = this.tree.locate(path, false);
    if (node.kind === 'link') throw osError('ELOOP', path);
    if (node.kind !== 'folder') throw osError('ENOTDIR', path);
    const realPath = joinNames(place, this.isWindows);
    return new MemoryFolder({ node, volume, path, realPath, tree: this.tree, onMidway: (at) => this.onMidway(at) });
  }

  /**
   * The machine loses power and comes back: of everything that changed through `openFolder` and was not synced, some is
   * there and some is not, as the seed says. Nothing that was open may be used any more.
   */
  powerCut(seed: number): void {
    cutPower(this.tree.volumes, seed);
  }

  volume(path: string): RawVolume {
    const { node, volume } = this.tree.locate(path, true);
    return {
      fileSystem: volume.fileSystem,
      freeBytes: volume.totalBytes - volume.usedBytes,
      totalBytes: volume.totalBytes,
      readOnly: volume.readOnly,
      identity: volume.identityOf(node),
      place: '',
    };
  }

  folder(path: string, { mtimeNs = defaultMtimeNs }: Pick<NewFile, 'mtimeNs'> = {}): void {
    const { start, names } = splitPath(path, this.isWindows);
    for (let depth = 1; depth <= names.length; depth += 1) {
      const slot = this.tree.slot(joinNames({ start, names: names.slice(0, depth) }, this.isWindows));
      if (slot.entry) continue;
      this.put(slot, path, slot.volume.newFolder(mtimeNs));
    }
  }

  /** Makes a file; one that is there gets other bytes and keeps its identity, name and links. */
  file(path: string, file: NewFile = {}): void {
    const slot = this.slotInFolder(path);
    const { volume } = slot;
    const size = file.size ?? file.bytes?.length ?? 0;
    const mtimeNs = volume.storedTime(file.mtimeNs ?? defaultMtimeNs);
    const content = this.contentOf(path, file);
    const there = slot.entry?.node;
    if (there && there.kind !== 'file') throw osError(there.kind === 'folder' ? 'EISDIR' : 'ENXIO', path);
    this.occupy(volume, size - (there?.size ?? 0), path);
    const durable = { size, mtimeNs, content };
    const ctimeNs = volume.nowNs();
    if (there) {
      Object.assign(there, durable, { durable, ctimeNs });
      return;
    }
    const node: FileNode = { kind: 'file', id: volume.newId(), ...durable, links: 1, readable: true, ctimeNs, durable };
    this.put(slot, path, node, file.hasInvalidName !== true);
  }

  /** Other bytes at the same size and time, as rotting drives and careless tools leave them. */
  patch(path: string, position: number, bytes: Uint8Array): void {
    const node = this.requireFile(path);
    node.content = patchedContent(node.content, position, bytes);
    node.durable = { size: node.size, mtimeNs: node.mtimeNs, content: node.content };
  }

  setTime(path: string, mtimeNs: bigint): void {
    const { node, volume } = this.tree.locate(path, false);
    node.mtimeNs = volume.storedTime(mtimeNs);
    if (node.kind !== 'file') return;
    node.ctimeNs = volume.nowNs();
    node.durable = { size: node.size, mtimeNs: node.mtimeNs, content: node.content };
  }

  /** false: as after `chmod 000`. */
  setReadable(path: string, readable: boolean): void {
    const { node } = this.tree.slot(path).entry ?? {};
    if (node?.kind !== 'file' && node?.kind !== 'folder') throw osError('ENOENT', path);
    node.readable = readable;
  }

  link(path: string, target: string): void {
    const slot = this.slotInFolder(path);
    if (!slot.volume.symbolicLinks) throw osError('EPERM', path);
    this.put(slot, path, { kind: 'link', id: slot.volume.newId(), mtimeNs: defaultMtimeNs, target });
  }

  hardLink(path: string, existing: string): void {
    const file = this.requireFile(existing);
    const slot = this.slotInFolder(path);
    if (!slot.volume.hardLinks) throw osError('EPERM', path);
    if (this.tree.locate(existing, true).volume !== slot.volume)
      throw new AppError('UNSUPPORTED', `“${path}” is on another drive.`);
    this.put(slot, path, file);
    file.links += 1;
  }

  /** A pipe, socket or device. */
  special(path: string): void {
    const slot = this.slotInFolder(path);
    this.put(slot, path, { kind: 'special', id: slot.volume.newId(), mtimeNs: defaultMtimeNs });
  }

  /** With everything below it. Nothing there is nothing to do. */
  remove(path: string): void {
    const { folder, key, entry, volume } = this.tree.slot(path);
    this.requireWritable(volume, path);
    if (!entry) return;
    dropName(folder, key);
    release(entry.node, volume);
  }

  /** Names only: size, time and identity stay. */
  rename(from: string, to: string): void {
    const source = this.tree.slot(from);
    if (!source.entry) throw osError('ENOENT', from);
    const target = this.slotInFolder(to);
    if (source.volume !== target.volume) throw new AppError('UNSUPPORTED', `“${to}” is on another drive.`);
    this.tree.requireUsableName(target.name, to);
    this.requireWritable(source.volume, from);
    dropName(source.folder, source.key);
    if (target.entry && target.entry.node !== source.entry.node) release(target.entry.node, target.volume);
    setName(target.folder, target.key, { ...source.entry, name: target.name });
  }

  /** Mounts a new volume: on a folder, or as a drive or share of its own. */
  mount(path: string, options: MemoryVolumeOptions = {}): void {
    this.mountVolume(path, this.tree.newVolume(options));
  }

  /** What was below is seen again: usually an empty folder. Open files on the volume fail from now on. */
  unmount(path: string): void {
    const volume = this.takeMounted(path);
    if (!volume) throw osError('EINVAL', path);
    volume.isPresent = false;
    this.unmounted.set(path, volume);
  }

  /** Brings an unmounted volume back; shares come with another device number then. */
  remount(path: string, { device }: Pick<MemoryVolumeOptions, 'device'> = {}): void {
    const volume = this.unmounted.get(path);
    if (!volume) throw osError('EINVAL', path);
    volume.comeBack(device);
    this.mountVolume(path, volume);
  }

  setReadOnly(path: string, readOnly: boolean): void {
    this.tree.locate(path, true).volume.readOnly = readOnly;
  }

  private get isWindows(): boolean {
    return this.platform === 'win32';
  }

  private mountVolume(path: string, volume: MemoryVolume): void {
    const { start, names } = splitPath(path, this.isWindows);
    if (names.length === 0) {
      this.tree.setStart(start, volume);
      return;
    }
    this.folder(path);
    const { node } = this.tree.slot(path).entry ?? {};
    if (node?.kind !== 'folder') throw osError('ENOTDIR', path);
    node.mounted = volume;
  }

  private takeMounted(path: string): MemoryVolume | null {
    const { start, names } = splitPath(path, this.isWindows);
    if (names.length === 0) return this.tree.dropStart(start) ?? null;
    const { node } = this.tree.slot(path).entry ?? {};
    if (node?.kind !== 'folder') return null;
    const volume = node.mounted;
    node.mounted = null;
    return volume;
  }

  private slotInFolder(path: string): Slot {
    const { start, names } = splitPath(path, this.isWindows);
    this.folder(joinNames({ start, names: names.slice(0, -1) }, this.isWindows));
    return this.tree.slot(path);
  }

  private put({ folder, volume, name, key, entry }: Slot, path: string, node: MemoryNode, isAddressable = true): void {
    this.requireWritable(volume, path);
    if (entry) throw new AppError('UNSUPPORTED', `“${path}” is there already.`);
    this.tree.requireUsableName(name, path);
    const added: MemoryEntry = { name, node, isAddressable };
    setName(folder, isAddressable ? key : `${key}/${folder.entries.size}`, added);
  }

  private requireFile(path: string): FileNode {
    const { node } = this.tree.locate(path, true);
    if (node.kind !== 'file') throw osError('EISDIR', path);
    return node;
  }

  private requireWritable(volume: MemoryVolume, path: string): void {
    if (volume.readOnly) throw osError('EROFS', path);
  }

  private occupy(volume: MemoryVolume, bytes: number, path: string): void {
    this.requireWritable(volume, path);
    if (volume.usedBytes + bytes > volume.totalBytes) throw osError('ENOSPC', path);
    volume.usedBytes += bytes;
  }

  private contentOf(path: string, { bytes, content }: NewFile): MemoryContent {
    return bytes ? literalContent(bytes) : seededContent(this.seed, content ?? path);
  }
}
