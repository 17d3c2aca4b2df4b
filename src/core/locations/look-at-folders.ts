import { AppError } from '../errors/app-error.ts';
import { relativeTo } from '../paths/containment.ts';
import type {
  FolderOfRequest,
  FolderSurvey,
  ListedFolder,
  ListFoldersRequest,
  SeenAs,
  ShownFolder,
} from '../ports/folder-looks.ts';
import type { RawDirent, RawFileSystem } from '../ports/raw-file-system.ts';
import { isModelName, joinPath, seenAs } from './seen-as.ts';

/** @throws AppError LINK_ESCAPES where a link on the way leads out of the root. */
export function folderOf(fs: RawFileSystem, { root, path }: FolderOfRequest): ShownFolder {
  const separator = fs.platform === 'win32' ? '\\' : '/';
  const isFolder = fs.lstat(path).kind === 'folder' || (path === root && fs.stat(path).kind === 'folder');
  const at = path.lastIndexOf(separator);
  const folder = fs.realPath(isFolder ? path : path.slice(0, at === 0 ? 1 : at));
  if (relativeTo(fs.realPath(root), folder, separator) === null) {
    throw new AppError('LINK_ESCAPES', `“${path}” lies in a folder outside of its location, so it is not opened.`);
  }
  if (fs.stat(folder).kind !== 'folder') throw new AppError('FILE_NOT_FOUND', `“${folder}” is not a folder any more.`);
  return { folder, file: isFolder ? null : path.slice(at + 1) };
}

export interface FirstLook extends SeenAs {
  readonly total: number;
  readonly folders: readonly ListedFolder[];
}

/** The names alone, in natural order; `lookInto` finds out more about each, and may hang on one. */
export function listNames(fs: RawFileSystem, { path, offset, limit, hidden }: ListFoldersRequest): FirstLook {
  const names = fs.list(path);
  const folders = names
    .filter(({ name, kind }) => (kind === 'folder' || kind === 'link') && (hidden || !name.startsWith('.')))
    .sort(byName);
  return {
    ...seenAs(fs, path, names),
    total: folders.length,
    folders: folders.slice(offset, offset + limit).map(({ name, kind }) => ({
      name,
      path: joinPath(fs, path, name),
      isLink: kind === 'link',
      readable: null,
      looks: null,
      modelsPath: null,
    })),
  };
}

/** null: a link that does not lead to a folder. */
export function lookInto(fs: RawFileSystem, folder: ListedFolder): ListedFolder | null {
  try {
    if (folder.isLink && fs.stat(folder.path).kind !== 'folder') return null;
    return { ...folder, readable: true, ...seenAs(fs, folder.path, fs.list(folder.path)) };
  } catch (thrown) {
    const isGone = thrown instanceof AppError && thrown.code === 'FILE_NOT_FOUND';
    return isGone && folder.isLink ? null : { ...folder, readable: false };
  }
}

export interface SurveyLimits {
  /** Folders at most. */
  readonly folders: number;
  /** true ends the look. */
  readonly isOver: () => boolean;
}

export function surveyFolder(fs: RawFileSystem, path: string, { folders, isOver }: SurveyLimits): FolderSurvey {
  const names = fs.list(path);
  const seen = seenAs(fs, path, names);
  const waiting: string[] = [seen.modelsPath ?? path];
  let modelFiles = 0;
  let looked = 0;
  while (waiting.length > 0 && looked < folders && !isOver()) {
    const here = waiting.shift() ?? path;
    looked += 1;
    for (const { name, kind } of listOrNothing(fs, here)) {
      if (kind === 'folder' && !name.startsWith('.')) waiting.push(joinPath(fs, here, name));
      else if (kind === 'file' && isModelName(name)) modelFiles += 1;
    }
  }
  return { ...seen, modelFiles, isPartial: waiting.length > 0 };
}

function listOrNothing(fs: RawFileSystem, path: string): readonly RawDirent[] {
  try {
    return fs.list(path);
  } catch {
    return [];
  }
}

/** Numbers count as numbers, letters regardless of case; equal otherwise, by code units. */
function byName({ name: one }: RawDirent, { name: other }: RawDirent): number {
  const [a, b] = [sortKey(one), sortKey(other)];
  if (a !== b) return a < b ? -1 : 1;
  return one < other ? -1 : 1;
}

const digits = 12;

function sortKey(name: string): string {
  return name.toLowerCase().replace(/\d+/g, (number) => number.padStart(digits, '0'));
}
