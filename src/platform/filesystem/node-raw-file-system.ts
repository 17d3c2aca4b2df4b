import { isUtf8 } from 'node:buffer';
import fs from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import type {
  EnteredFolder,
  RawDirent,
  RawFileSystem,
  RawKind,
  RawStat,
  RawVolume,
} from '../../core/ports/raw-file-system.ts';
import { findMount, placeOnDrive } from '../app-data/mounts.ts';
import { openNodeFile, toRawStat } from './node-raw-file.ts';
import { fromOsError } from './os-error.ts';

const isWindows = process.platform === 'win32';

/** `RawFileSystem` on the real machine. Use it only in a location's own process or one of its threads. */
export function createNodeRawFileSystem(): RawFileSystem {
  return {
    platform: isWindows ? 'win32' : 'posix',
    list,
    firstNames,
    lstat,
    enter,
    stat,
    realPath,
    openRead: openNodeFile,
    volume,
  };
}

function list(path: string): readonly RawDirent[] {
  return listShownAs(path, path);
}

/** As `list`, of a folder that people know under another path. */
export function listShownAs(path: string, shown: string): readonly RawDirent[] {
  try {
    const dirents = fs.readdirSync(path, { withFileTypes: true });
    if (dirents.some(({ name }) => name.includes('\uFFFD'))) return listByBytes(path);
    return dirents.map((dirent) => ({ name: dirent.name, kind: direntKind(dirent, path) }));
  } catch (thrown) {
    throw fromOsError(thrown, shown);
  }
}

function firstNames(path: string, limit: number): readonly RawDirent[] {
  try {
    const folder = fs.opendirSync(path, { bufferSize: limit });
    try {
      const found: RawDirent[] = [];
      while (found.length < limit) {
        const dirent = folder.readSync();
        if (dirent === null) break;
        // Rare enough to be worth a whole listing, which knows how to spell it.
        if (dirent.name.includes('\uFFFD')) return listByBytes(path).slice(0, limit);
        found.push({ name: dirent.name, kind: direntKind(dirent, path) });
      }
      return found;
    } finally {
      folder.closeSync();
    }
  } catch (thrown) {
    throw fromOsError(thrown, path);
  }
}

/**
 * Names that are not Unicode read like others that are, or like each other, once their bytes are replaced by U+FFFD;
 * here each bad byte is followed by its value instead, which makes a name that leads nowhere and stands for one only.
 */
function listByBytes(path: string): readonly RawDirent[] {
  return fs.readdirSync(path, { withFileTypes: true, encoding: 'buffer' }).map((dirent) => {
    if (!isUtf8(dirent.name))
      return { name: spellBadBytes(dirent.name), kind: dirent.isDirectory() ? 'folder' : 'file' };
    const name = dirent.name.toString();
    return { name, kind: direntKind(dirent, path, name) };
  });
}

function spellBadBytes(bytes: Buffer): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find((count) => at + count <= bytes.length && isUtf8(bytes.subarray(at, at + count)));
    text += length ? bytes.toString('utf8', at, at + length) : `\uFFFD(${bytes.toString('hex', at, at + 1)})`;
    at += length ?? 1;
  }
  return text;
}

function direntKind(dirent: fs.Dirent<string | Buffer>, folder: string, name = String(dirent.name)): RawKind {
  if (dirent.isFile()) return 'file';
  if (dirent.isDirectory()) return 'folder';
  if (dirent.isSymbolicLink()) return 'link';
  if (dirent.isBlockDevice() || dirent.isCharacterDevice() || dirent.isFIFO() || dirent.isSocket()) return 'special';
  // Some network file systems list names without their kind.
  return lstat(`${folder}${isWindows ? '\\' : '/'}${name}`).kind;
}

function lstat(path: string): RawStat {
  try {
    return toRawStat(fs.lstatSync(path, { bigint: true }));
  } catch (thrown) {
    throw fromOsError(thrown, path);
  }
}

/** By the working folder of the process: only its main thread may change it, and on Windows it would lock the folder. */
function enter(path: string): EnteredFolder | null {
  if (isWindows || !isMainThread) return null;
  try {
    process.chdir(path);
  } catch {
    // What is wrong with it shows when its names are looked at by their paths.
    return null;
  }
  return {
    lstat(name) {
      try {
        return toRawStat(fs.lstatSync(name, { bigint: true }));
      } catch (thrown) {
        throw fromOsError(thrown, `${path}/${name}`);
      }
    },
    // Nothing of a drive may be held: it could not be unmounted.
    leave: () => process.chdir('/'),
  };
}

function stat(path: string): RawStat {
  try {
    return toRawStat(fs.statSync(path, { bigint: true }));
  } catch (thrown) {
    throw fromOsError(thrown, path);
  }
}

function realPath(path: string): string {
  try {
    return fs.realpathSync.native(path);
  } catch (thrown) {
    throw fromOsError(thrown, path);
  }
}

/** File systems that keep when a folder was made; elsewhere Node answers with a time that every change moves. */
const keepsBirthTime = new Set(['ext4', 'xfs', 'btrfs', 'f2fs', 'bcachefs', 'zfs']);

/** Inode numbers of FAT and of most FUSE drives are given out anew with every mount and identify nothing. */
function identityOf(path: string, fileSystem: string): string {
  if (/^(?:vfat|msdos|exfat|fuse|fuse\..*)$/.test(fileSystem)) return '';
  const { ino, birthtimeNs } = fs.statSync(path, { bigint: true });
  const isKept = isWindows || keepsBirthTime.has(fileSystem);
  return `${fileSystem} ${ino}${isKept ? ` ${birthtimeNs}` : ''}`;
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
      identity: identityOf(path, mount?.fsType ?? 'unknown'),
      place: mount === null ? '' : placeOnDrive(path, mount),
    };
  } catch (thrown) {
    throw fromOsError(thrown, path);
  }
}
