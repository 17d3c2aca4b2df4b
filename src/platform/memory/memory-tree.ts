import { windowsNameProblem } from '../../core/paths/segment-rules.ts';
import { isTooLong, joinNames, type MemoryPath, osError, splitPath } from './memory-paths.ts';
import {
  type FolderNode,
  type MemoryEntry,
  type MemoryNode,
  MemoryVolume,
  type MemoryVolumeOptions,
} from './memory-volume.ts';

/** What a path leads to: the node, its volume, and its path with every name as the drive spells it. */
export interface Located {
  readonly node: MemoryNode;
  readonly volume: MemoryVolume;
  readonly place: MemoryPath;
}

/** Where something can be made or removed: the folder and the last name of a path. */
export interface Slot {
  readonly folder: FolderNode;
  readonly volume: MemoryVolume;
  readonly name: string;
  readonly key: string;
  readonly entry: MemoryEntry | undefined;
}

/** As Linux: a chain of more links is taken for a loop. */
const mostLinks = 40;

/** Volumes and what is on them; finds things the way an operating system does, following links. */
export class MemoryTree {
  readonly isWindows: boolean;
  /** Every volume there ever was. */
  readonly volumes: MemoryVolume[] = [];
  private readonly starts = new Map<string, MemoryVolume>();
  private nextDevice = 0x801n;

  constructor(isWindows: boolean) {
    this.isWindows = isWindows;
  }

  newVolume(options: MemoryVolumeOptions): MemoryVolume {
    this.nextDevice += 1n;
    const volume = new MemoryVolume(this.nextDevice, options, this.isWindows);
    this.volumes.push(volume);
    return volume;
  }

  /** Puts a volume where paths start: `/`, a drive or a share. */
  setStart(start: string, volume: MemoryVolume): void {
    this.starts.set(start.toLowerCase(), volume);
  }

  dropStart(start: string): MemoryVolume | undefined {
    const volume = this.starts.get(start.toLowerCase());
    this.starts.delete(start.toLowerCase());
    return volume;
  }

  volumeAt(start: string): MemoryVolume | undefined {
    return this.starts.get(start.toLowerCase());
  }

  /** @throws AppError as the operating system's codes are translated. */
  locate(path: string, followLast: boolean): Located {
    return this.walk(splitPath(path, this.isWindows), path, followLast, 0);
  }

  /** The folder of a path's last name; links in the folder's own path are followed. */
  slot(path: string): Slot {
    const { start, names } = splitPath(path, this.isWindows);
    const name = names.at(-1);
    if (name === undefined) throw osError('EINVAL', path);
    const parent = this.walk({ start, names: names.slice(0, -1) }, path, true, 0);
    if (parent.node.kind !== 'folder') throw osError('ENOTDIR', path);
    const key = parent.volume.keyOf(name);
    return { folder: parent.node, volume: parent.volume, name, key, entry: parent.node.entries.get(key) };
  }

  /** Is this a name that can be made here at all? */
  requireUsableName(name: string, path: string): void {
    if (isTooLong(name, this.isWindows)) throw osError('ENAMETOOLONG', path);
    if (this.isWindows && windowsNameProblem(name) !== null) throw osError('EINVAL', path);
  }

  private walk({ start, names }: MemoryPath, asked: string, followLast: boolean, linksBefore: number): Located {
    const first = this.starts.get(start.toLowerCase());
    if (!first) throw osError('ENOENT', asked);
    let at: Located = { node: first.root, volume: first, place: { start, names: [] } };
    for (const [k, name] of names.entries()) {
      const entry = this.step(at, name, asked);
      const node = entry.node;
      if (node.kind === 'link' && (followLast || k < names.length - 1)) {
        if (linksBefore >= mostLinks) throw osError('ELOOP', asked);
        const target = this.targetOf(at.place, node.target);
        return this.walk(
          { start: target.start, names: [...target.names, ...names.slice(k + 1)] },
          asked,
          followLast,
          linksBefore + 1,
        );
      }
      const place = { start, names: [...at.place.names, entry.name] };
      const volume = node.kind === 'folder' ? node.mounted : null;
      at = volume ? { node: volume.root, volume, place } : { node, volume: at.volume, place };
    }
    return at;
  }

  private step({ node, volume }: Located, name: string, asked: string): MemoryEntry {
    if (node.kind !== 'folder') throw osError('ENOTDIR', asked);
    if (isTooLong(name, this.isWindows)) throw osError('ENAMETOOLONG', asked);
    if (!node.readable) throw osError('EACCES', asked);
    const entry = node.entries.get(volume.keyOf(name));
    if (!entry?.isAddressable) throw osError('ENOENT', asked);
    return entry;
  }

  private targetOf(folder: MemoryPath, target: string): MemoryPath {
    const isAbsolute = this.isWindows ? /^(?:[A-Za-z]:|\\\\)/.test(target) : target.startsWith('/');
    if (isAbsolute) return splitPath(target, this.isWindows);
    const separator = this.isWindows ? '\\' : '/';
    return splitPath(
      joinNames({ start: folder.start, names: [...folder.names, target] }, this.isWindows).replaceAll('/', separator),
      this.isWindows,
    );
  }
}
