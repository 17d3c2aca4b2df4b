import fs from 'node:fs';
import { AppError } from '../../core/errors/app-error.ts';
import type {
  RawDirent,
  RawFile,
  RawFileSystem,
  RawKind,
  RawStat,
  RawVolume,
} from '../../core/ports/raw-file-system.ts';
import { findMount } from '../app-data/mounts.ts';
import { fromOsError } from './os-error.ts';

const isWindows = process.platform === 'win32';

/** O_NONBLOCK so that opening a pipe never waits for its other end; regular files ignore it. */
const readFlags = isWindows
  ? fs.constants.O_RDONLY
  : fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK;

/** `RawFileSystem` on the real machine. Use it only in a location's own process or one of its threads. */
export function createNodeRawFileSystem(): RawFileSystem {
  return { platform: isWindows ? 'win32' : 'posix', list, lstat, stat, realPath, openRead, volume };
}

function list(path: string): readonly RawDirent[] {
  try {
    return fs.readdirSync(path, { withFileTypes: true }).map((dirent) => ({
      name: dirent.name,
      kind: direntKind(dirent, path),
    }));
  } catch (thrown) {
    throw fromOsError(thrown, path);
  }
}

function direntKind(dirent: fs.Dirent, folder: string): RawKind {
  if (dirent.isFile()) return 'file';
  if (dirent.isDirectory()) return 'folder';
  if (dirent.isSymbolicLink()) return 'link';
  if (dirent.isBlockDevice() || dirent.isCharacterDevice() || dirent.isFIFO() || dirent.isSocket()) return 'special';
  // Some network file systems list names without their kind.
  return lstat(`${folder}${isWindows ? '\\' : '/'}${dirent.name}`).kind;
}

function lstat(path: string): RawStat {
  try {
    return toRawStat(fs.lstatSync(path, { bigint: true }));
  } catch (thrown) {
    throw fromOsError(thrown, path);
  }
}

function stat(path: string): RawStat {
  try {
    return toRawStat(fs.statSync(path, { bigint: true }));
  } catch (thrown) {
    throw fromOsError(thrown, path);
  }
}

function toRawStat(stats: fs.BigIntStats): RawStat {
  return {
    kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'special',
    size: Number(stats.size),
    mtimeNs: stats.mtimeNs,
    fileId: stats.ino,
    device: stats.dev,
    links: Number(stats.nlink),
  };
}

function realPath(path: string): string {
  try {
    return fs.realpathSync.native(path);
  } catch (thrown) {
    throw fromOsError(thrown, path);
  }
}

function openRead(path: string): RawFile {
  let descriptor: number;
  try {
    descriptor = fs.openSync(path, readFlags);
  } catch (thrown) {
    throw fromOsError(thrown, path);
  }
  const file = new NodeRawFile(descriptor, path);
  try {
    if (file.stat().kind !== 'file') throw new AppError('SPECIAL_FILE', `“${path}” is not a regular file.`);
    return file;
  } catch (thrown) {
    file.close();
    throw thrown;
  }
}

class NodeRawFile implements RawFile {
  private readonly descriptor: number;
  private readonly path: string;

  constructor(descriptor: number, path: string) {
    this.descriptor = descriptor;
    this.path = path;
  }

  stat(): RawStat {
    try {
      return toRawStat(fs.fstatSync(this.descriptor, { bigint: true }));
    } catch (thrown) {
      throw fromOsError(thrown, this.path);
    }
  }

  read(target: Uint8Array, position: number): number {
    try {
      return fs.readSync(this.descriptor, target, 0, target.length, position);
    } catch (thrown) {
      throw fromOsError(thrown, this.path);
    }
  }

  realPath(): string | null {
    if (process.platform === 'linux') return fs.readlinkSync(`/proc/self/fd/${this.descriptor}`);
    // Elsewhere the name is resolved again and must still lead to the file that is open.
    const resolved = realPath(this.path);
    const named = stat(resolved);
    const open = this.stat();
    return named.fileId === open.fileId && named.device === open.device ? resolved : null;
  }

  close(): void {
    fs.closeSync(this.descriptor);
  }
}

function volume(path: string): RawVolume {
  const mount = findMount(path);
  try {
    const space = fs.statfsSync(path);
    return {
      fileSystem: mount?.fsType ?? 'unknown',
      freeBytes: space.bavail * space.bsize,
      totalBytes: space.blocks * space.bsize,
      readOnly: mount?.readOnly ?? null,
    };
  } catch (thrown) {
    throw fromOsError(thrown, path);
  }
}
