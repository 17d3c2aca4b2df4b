import { AppError } from '../errors/app-error.ts';
import type { RootFacts, ScanEnd } from '../ports/location-files.ts';
import type { RawFileSystem } from '../ports/raw-file-system.ts';

/** File systems that treat composed and decomposed accents as one name. */
const unicodeFolding = new Set(['apfs', 'hfs', 'hfsplus']);

/** File systems known to ignore case, for roots with nothing in them to test with. */
const caseFolding = new Set(['vfat', 'msdos', 'exfat', 'ntfs', 'ntfs3', 'cifs', 'smb3', 'smbfs', 'apfs', 'hfsplus']);

/** Looks at a root without writing to it. Throws what the first failing call throws. */
export function probeRoot(fs: RawFileSystem, root: string): RootFacts {
  const stat = fs.stat(root);
  if (stat.kind !== 'folder') {
    throw new AppError('LOCATION_OFFLINE', `“${root}” is a file, not a folder.`, {
      hint: 'Give the path of the folder that holds your models.',
    });
  }
  const realPath = fs.realPath(root);
  const names = fs.list(root);
  const volume = fs.volume(root);
  const parent = parentFolder(realPath, fs.platform);
  return {
    realPath,
    device: stat.device,
    fileId: stat.fileId,
    isMountPoint: parent !== null && fs.stat(parent).device !== stat.device,
    isEmpty: names.length === 0,
    ...volume,
    ...probeCase(fs, root),
  };
}

/** Asks for an existing name in other letters: the same file answers only where case does not count. */
export function probeCase(fs: RawFileSystem, root: string): ScanEnd {
  const { fileSystem } = fs.volume(root);
  const unicodeSensitive = !unicodeFolding.has(fileSystem);
  const separator = fs.platform === 'win32' ? '\\' : '/';
  const listed = fs.list(root);
  const spellings = new Set(listed.map(({ name }) => name));
  const names = listed.filter(({ name }) => swapCase(name) !== name);
  for (const { name } of names.slice(0, 3)) {
    // Both are listed: two names, be they of one file.
    if (spellings.has(swapCase(name))) return { caseSensitive: true, unicodeSensitive };
    const same = isSameFile(fs, root + separator + name, root + separator + swapCase(name));
    if (same !== null) return { caseSensitive: !same, unicodeSensitive };
  }
  return { caseSensitive: caseFolding.has(fileSystem) ? false : null, unicodeSensitive };
}

function isSameFile(fs: RawFileSystem, path: string, other: string): boolean | null {
  try {
    const first = fs.lstat(path);
    const second = fs.lstat(other);
    return first.fileId === second.fileId && first.device === second.device;
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'FILE_NOT_FOUND') return false;
    return null;
  }
}

function swapCase(name: string): string {
  return name.replace(/[a-zA-Z]/g, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()));
}

function parentFolder(realPath: string, platform: RawFileSystem['platform']): string | null {
  const separator = platform === 'win32' ? '\\' : '/';
  const at = realPath.lastIndexOf(separator);
  if (at < 0 || realPath === separator || /^[A-Za-z]:\\?$/.test(realPath)) return null;
  return at === 0 ? separator : realPath.slice(0, at === 2 && platform === 'win32' ? 3 : at);
}
