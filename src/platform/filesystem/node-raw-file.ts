import fs from 'node:fs';
import { AppError } from '../../core/errors/app-error.ts';
import type { Durability, RawFileStat, RawReadFile } from '../../core/ports/changing-file-system.ts';
import type { RawStat } from '../../core/ports/raw-file-system.ts';
import { durabilityOf } from './durability.ts';
import { codeOf, fromOsError } from './os-error.ts';

/** O_NONBLOCK so that opening a pipe never waits for its other end; regular files ignore it. */
export const readFlags =
  process.platform === 'win32'
    ? fs.constants.O_RDONLY
    : fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK;

/** Opens a regular file without following its last name. `shown`: the path people know it by, for messages. */
export function openNodeFile(path: string, shown = path): NodeReadFile {
  let descriptor: number;
  try {
    descriptor = fs.openSync(path, readFlags);
  } catch (thrown) {
    throw fromOsError(thrown, shown);
  }
  return onlyRegular(new NodeReadFile(descriptor, shown), shown);
}

/** Closes again what is no regular file. */
export function onlyRegular<T extends NodeReadFile>(file: T, shown: string): T {
  try {
    file.opened = file.stat();
    if (file.opened.kind !== 'file') throw new AppError('SPECIAL_FILE', `“${shown}” is not a regular file.`);
    return file;
  } catch (thrown) {
    file.close();
    throw thrown;
  }
}

export class NodeReadFile implements RawReadFile {
  opened: RawFileStat | undefined;
  protected readonly descriptor: number;
  protected readonly path: string;

  constructor(descriptor: number, path: string) {
    this.descriptor = descriptor;
    this.path = path;
  }

  stat(): RawFileStat {
    try {
      const stats = fs.fstatSync(this.descriptor, { bigint: true });
      return { ...toRawStat(stats), ctimeNs: stats.ctimeNs, allocatedBytes: allocatedBytes(stats) };
    } catch (thrown) {
      throw fromOsError(thrown, this.path);
    }
  }

  sync(): Durability {
    return durabilityOf(() => fs.fsyncSync(this.descriptor), this.path);
  }

  read(target: Uint8Array, position: number): number {
    try {
      return fs.readSync(this.descriptor, target, 0, target.length, position);
    } catch (thrown) {
      throw fromOsError(thrown, this.path);
    }
  }

  realPath(): string | null {
    if (process.platform === 'linux') return fs.readlinkSync(this.ownPath());
    // Elsewhere the name is resolved again and must still lead to the file that is open.
    const open = this.stat();
    try {
      const resolved = fs.realpathSync.native(this.path);
      const { ino, dev } = fs.statSync(resolved, { bigint: true });
      return ino === open.fileId && dev === open.device ? resolved : null;
    } catch (thrown) {
      throw fromOsError(thrown, this.path);
    }
  }

  /** Linux: a path that leads to this very file, whatever happens to its name. */
  ownPath(): string {
    return `/proc/self/fd/${this.descriptor}`;
  }

  /** What the system says of closing (network drives report late writes) was said by the sync before it, or not asked. */
  close(): void {
    try {
      fs.closeSync(this.descriptor);
    } catch (thrown) {
      if (codeOf(thrown) === 'EBADF') throw thrown;
    }
  }
}

/** `st_blocks` counts 512 bytes on every platform; Windows and some FUSE drives have none. */
function allocatedBytes({ blocks, size }: fs.BigIntStats): number {
  return Number(blocks > 0n ? blocks * 512n : size);
}

export function toRawStat(stats: fs.BigIntStats): RawStat {
  return {
    kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'special',
    size: Number(stats.size),
    mtimeNs: stats.mtimeNs,
    fileId: stats.ino,
    device: stats.dev,
    links: Number(stats.nlink),
  };
}
