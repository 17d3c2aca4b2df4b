import type { ErrorCode } from '../../contract/errors.ts';
import { AppError } from '../errors/app-error.ts';
import { relativeTo } from '../paths/containment.ts';
import { quoted } from '../paths/quoted.ts';
import { windowsNameProblem } from '../paths/segment-rules.ts';
import type { ScanProblem } from '../ports/location-files.ts';
import type { EnteredFolder, RawDirent, RawFileSystem, RawStat } from '../ports/raw-file-system.ts';
import { isIgnoredFile, isIgnoredFolder } from './ignore-rules.ts';
import { type FileFacts, packFolder } from './packed-folder.ts';

/** What all folders of one scan have in common. */
export interface ScanContext {
  readonly fs: RawFileSystem;
  /** Path of the root as the location names it. */
  readonly root: string;
  readonly realRoot: string;
  readonly rootDevice: bigint;
  readonly isIgnored: (relPath: string) => boolean;
}

export interface PendingFolder {
  readonly relPath: string;
  /** Reached through a link to a folder; links to folders below it are not followed again, which bounds every loop. */
  readonly throughLink: boolean;
}

export interface FolderScan {
  readonly relPath: string;
  readonly files: Uint8Array | null;
  /** Names that are there but could not be looked at. */
  readonly unclear: readonly string[];
  readonly folders: readonly PendingFolder[];
  readonly problems: readonly ScanProblem[];
  readonly fileCount: number;
  readonly bytes: number;
}

/** Going into a folder and out again costs about as much as looking at two names. */
const worthEntering = 4;

/** Reads one folder: one listing, one stat per file. Whatever is wrong with single names becomes a problem. */
export function scanFolder(context: ScanContext, folder: PendingFolder): FolderScan {
  const here = absolutePath(context, folder.relPath);
  const found = new FolderFindings(context, folder);
  let names: readonly RawDirent[];
  try {
    names = context.fs.list(here);
  } catch (thrown) {
    // Gone since its parent was listed: not a problem. Whether the whole root went is checked at the end of the scan.
    const vanished = thrown instanceof AppError && thrown.code === 'FILE_NOT_FOUND' && folder.relPath !== '';
    if (!vanished || folder.relPath.includes('\uFFFD')) found.addProblem(folder.relPath, thrown);
    return {
      relPath: folder.relPath,
      files: null,
      unclear: [],
      folders: [],
      problems: found.problems,
      fileCount: 0,
      bytes: 0,
    };
  }
  const entered = names.length >= worthEntering ? (context.fs.enter?.(here) ?? null) : null;
  try {
    for (const dirent of names) found.add(dirent, here, entered);
  } finally {
    entered?.leave();
  }
  return {
    relPath: folder.relPath,
    files: packFolder(found.files),
    unclear: found.unclear,
    folders: found.folders,
    problems: found.problems,
    fileCount: found.files.length,
    bytes: found.bytes,
  };
}

export function absolutePath(context: Pick<ScanContext, 'fs' | 'root'>, relPath: string): string {
  const separator = context.fs.platform === 'win32' ? '\\' : '/';
  if (relPath === '') return context.root;
  const below = context.fs.platform === 'win32' ? relPath.replaceAll('/', '\\') : relPath;
  return context.root.endsWith(separator) ? context.root + below : context.root + separator + below;
}

class FolderFindings {
  readonly files: FileFacts[] = [];
  readonly folders: PendingFolder[] = [];
  readonly problems: ScanProblem[] = [];
  readonly unclear: string[] = [];
  bytes = 0;
  private readonly context: ScanContext;
  private readonly folder: PendingFolder;
  private readonly prefix: string;

  constructor(context: ScanContext, folder: PendingFolder) {
    this.context = context;
    this.folder = folder;
    this.prefix = folder.relPath === '' ? '' : `${folder.relPath}/`;
  }

  add(dirent: RawDirent, here: string, entered: EnteredFolder | null): void {
    const { name, kind } = dirent;
    if (kind === 'folder' ? isIgnoredFolder(name) : isIgnoredFile(name)) return;
    const relPath = this.prefix + name;
    if (this.context.isIgnored(relPath)) return;
    const unusable = this.context.fs.platform === 'win32' ? windowsNameProblem(name) : null;
    if (unusable !== null) {
      this.addProblem(relPath, unusableName(relPath, unusable));
      return;
    }
    if (kind === 'folder') {
      this.folders.push({ relPath, throughLink: this.folder.throughLink });
      return;
    }
    const path = here + (here.endsWith(this.separator) ? '' : this.separator) + name;
    try {
      if (kind === 'file') this.addFile(name, 'file', entered?.lstat(name) ?? this.context.fs.lstat(path));
      else if (kind === 'link') this.addLink(name, relPath, path);
      else
        this.addProblem(relPath, new AppError('SPECIAL_FILE', `“${relPath}” is a device, pipe or socket, not a file.`));
    } catch (thrown) {
      this.addProblem(relPath, thrown);
      if (thrown instanceof AppError && !isVerdict.has(thrown.code)) this.unclear.push(name);
    }
  }

  private get separator(): '/' | '\\' {
    return this.context.fs.platform === 'win32' ? '\\' : '/';
  }

  private addFile(name: string, kind: 'file' | 'link', stat: RawStat): void {
    if (stat.kind !== 'file') {
      // Listed as a file a moment ago: it was replaced in between and the next refresh sees what it is now.
      throw new AppError('FILE_CHANGED', `“${this.prefix}${name}” was replaced while the folder was being read.`);
    }
    this.bytes += stat.size;
    this.files.push({
      name,
      kind,
      size: stat.size,
      mtimeNs: stat.mtimeNs,
      fileId: stat.fileId,
      links: stat.links,
      device: stat.device === this.context.rootDevice ? 0 : deviceTag(stat.device),
    });
  }

  private addLink(name: string, relPath: string, path: string): void {
    const target = this.realTarget(relPath, path);
    const inside = relativeTo(this.context.realRoot, target, this.separator);
    if (inside === null) {
      throw new AppError(
        'LINK_ESCAPES',
        `“${relPath}” is a link that leads outside this location; it is not followed.`,
        {
          hint: 'Add the folder it leads to as a location of its own if you want to see it.',
        },
      );
    }
    const stat = this.context.fs.stat(target);
    if (stat.kind === 'file') {
      this.addFile(name, 'link', stat);
    } else if (stat.kind === 'folder') {
      this.addFolderLink(relPath, inside);
    } else {
      throw new AppError('SPECIAL_FILE', `“${relPath}” is a link to a device, pipe or socket.`);
    }
  }

  private realTarget(relPath: string, path: string): string {
    try {
      return this.context.fs.realPath(path);
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'FILE_NOT_FOUND') {
        throw new AppError('LINK_BROKEN', `“${relPath}” is a link that leads nowhere.`);
      }
      throw thrown;
    }
  }

  private addFolderLink(relPath: string, target: string): void {
    const isAncestor = target === '' || relPath === target || relPath.startsWith(`${target}/`);
    if (isAncestor || this.folder.throughLink) {
      throw new AppError(
        'LINK_LOOP',
        isAncestor
          ? `“${relPath}” is a link back to a folder it lies in; it is not followed.`
          : `“${relPath}” is a link to a folder inside a linked folder; links are followed one level deep.`,
      );
    }
    if (!isIgnoredFolder(relPath.slice(relPath.lastIndexOf('/') + 1)))
      this.folders.push({ relPath, throughLink: true });
  }

  addProblem(relPath: string, thrown: unknown): void {
    this.problems.push(toProblem(relPath, thrown));
  }
}

/** Linux, and programs that go round the Win32 layer, leave such names on NTFS; most of Windows cannot open them. */
function unusableName(relPath: string, problem: string): AppError {
  return new AppError('INVALID_PATH', `${quoted(relPath)} ${problem}, so programs on Windows cannot use it.`, {
    hint: 'Rename it from Linux or WSL, and refresh.',
  });
}

/** Codes that say what a name is, or that it is gone; all others only say that this look at it failed. */
const isVerdict: ReadonlySet<ErrorCode> = new Set([
  'FILE_NOT_FOUND',
  'LINK_BROKEN',
  'LINK_ESCAPES',
  'LINK_LOOP',
  'SPECIAL_FILE',
]);

export function toProblem(relPath: string, thrown: unknown): ScanProblem {
  if (!(thrown instanceof AppError)) throw thrown;
  if (thrown.code === 'FILE_NOT_FOUND' && relPath.includes('\uFFFD')) {
    return {
      relPath,
      code: 'NAME_NOT_UTF8',
      message: `“${relPath}” has a name that is not valid Unicode, so it cannot be addressed.`,
      hint: 'Rename it, for example with convmv, and refresh.',
    };
  }
  return { relPath, code: thrown.code, message: thrown.message, hint: thrown.hint ?? null };
}

/** Tells devices below one root apart in 32 bits; never 0, which means the root's own. */
export function deviceTag(device: bigint): number {
  const tag = Number(BigInt.asUintN(32, device ^ (device >> 32n)));
  return tag === 0 ? 1 : tag;
}
