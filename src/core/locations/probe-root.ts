import { AppError } from '../errors/app-error.ts';
import { swapCase } from '../paths/name-folding.ts';
import type { RootFacts, ScanEnd } from '../ports/location-files.ts';
import type { RawDirent, RawFileSystem } from '../ports/raw-file-system.ts';

/** File systems that treat composed and decomposed accents as one name. */
const unicodeFolding = new Set(['apfs', 'hfs', 'hfsplus']);

/** File systems known to ignore case, for roots with nothing in them to test with. */
const caseFolding = new Set(['vfat', 'msdos', 'exfat', 'ntfs', 'ntfs3', 'cifs', 'smb3', 'smbfs', 'apfs', 'hfsplus']);

/** Names looked at: a root may hold a million of them on a slow share, and a look at it must answer at once. */
const namesToSee = 64;

/** Looks at a root without writing to it. Throws what the first failing call throws. */
export function probeRoot(fs: RawFileSystem, root: string): RootFacts {
  const stat = fs.stat(root);
  if (stat.kind !== 'folder') {
    throw new AppError('LOCATION_OFFLINE', `“${root}” is a file, not a folder.`, {
      hint: 'Give the path of the folder that holds your models.',
    });
  }
  const realPath = fs.realPath(root);
  const names = fs.firstNames(root, namesToSee);
  // A link's own drive says nothing about that of the folder it leads to.
  const volume = fs.volume(realPath);
  return {
    realPath,
    device: stat.device,
    fileId: stat.fileId,
    isMountPoint: isMountPoint(fs, realPath, stat.device),
    isEmpty: names.length === 0,
    ...volume,
    ...caseRules(fs, root, { names, fileSystem: volume.fileSystem }),
  };
}

/** Asks for existing names in other letters: the same file answers only where case does not count. */
export function probeCase(fs: RawFileSystem, root: string): ScanEnd {
  const { fileSystem } = fs.volume(fs.realPath(root));
  return caseRules(fs, root, { names: fs.firstNames(root, namesToSee), fileSystem });
}

interface SeenOfRoot {
  readonly names: readonly RawDirent[];
  readonly fileSystem: string;
}

function caseRules(fs: RawFileSystem, root: string, { names, fileSystem }: SeenOfRoot): ScanEnd {
  const unicodeSensitive = !unicodeFolding.has(fileSystem);
  const separator = fs.platform === 'win32' ? '\\' : '/';
  const spellings = new Set(names.map(({ name }) => name));
  let tries = 0;
  for (const { name } of names) {
    const swapped = swapCase(name);
    if (swapped === name) continue;
    // Both are listed: two names, be they of one file.
    if (spellings.has(swapped)) return { caseSensitive: true, unicodeSensitive };
    const same = isSameFile(fs, root + separator + name, root + separator + swapped);
    if (same !== null) return { caseSensitive: !same, unicodeSensitive };
    tries += 1;
    if (tries === 3) break;
  }
  const foldsByNature = fs.platform === 'win32' || caseFolding.has(fileSystem);
  return { caseSensitive: foldsByNature ? false : null, unicodeSensitive };
}

/** null: cannot be told, because one of them cannot be looked at or the file has several names, of which one may be this. */
function isSameFile(fs: RawFileSystem, path: string, other: string): boolean | null {
  try {
    const first = fs.lstat(path);
    const second = fs.lstat(other);
    if (first.fileId !== second.fileId || first.device !== second.device) return false;
    return first.kind === 'file' && first.links > 1 ? null : true;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'FILE_NOT_FOUND') return false;
    return null;
  }
}

function isMountPoint(fs: RawFileSystem, realPath: string, device: bigint): boolean {
  const parent = parentFolder(realPath, fs.platform);
  if (parent === null) return false;
  try {
    return fs.stat(parent).device !== device;
  } catch (thrown) {
    // Windows lets people into folders below one that they may not look at.
    if (thrown instanceof AppError && thrown.code === 'ACCESS_DENIED') return false;
    throw thrown;
  }
}

/** null for the root of a drive or share: `\\server` is no folder. */
function parentFolder(realPath: string, platform: RawFileSystem['platform']): string | null {
  if (platform === 'posix') {
    if (realPath === '/') return null;
    return realPath.slice(0, Math.max(1, realPath.lastIndexOf('/')));
  }
  if (/^(?:[A-Za-z]:|\\\\[^\\]+\\[^\\]+)\\?$/.test(realPath)) return null;
  const parent = realPath.slice(0, realPath.lastIndexOf('\\'));
  return parent.endsWith(':') ? `${parent}\\` : parent;
}
