import { AppError } from '../../core/errors/app-error.ts';
import { normaliseRoot } from '../../core/paths/absolute-path.ts';
import type { PathPlatform } from '../../core/paths/rel-path.ts';
import type { FolderLooks, ListFoldersRequest } from '../../core/ports/folder-looks.ts';

export async function listFolders(request: ListFoldersRequest, looks: FolderLooks, platform: PathPlatform) {
  const path = normaliseRoot(request.path, platform);
  const crumbs = crumbsOf(path, platform);
  const { folders, total, ...seen } = await looks.list({ ...request, path }).catch((thrown: unknown) => {
    throw plainer(thrown, path);
  });
  const end = request.offset + request.limit;
  return {
    path,
    parent: crumbs.at(-2)?.path ?? null,
    crumbs,
    ...seen,
    folders: [...folders],
    total,
    nextOffset: end < total ? end : null,
  };
}

function plainer(thrown: unknown, path: string): unknown {
  if (!(thrown instanceof AppError) || thrown.code !== 'FILE_NOT_FOUND') return thrown;
  return new AppError('FILE_NOT_FOUND', `The folder “${path}” does not exist.`, {
    hint: 'Check the spelling, and that the drive is connected.',
  });
}

/** From the drive (`/`, `D:\`, `\\nas\models\`) down to the folder itself. */
export function crumbsOf(path: string, platform: PathPlatform): { name: string; path: string }[] {
  const separator = platform === 'win32' ? '\\' : '/';
  const drive = platform === 'win32' ? (/^(?:[A-Za-z]:\\|\\\\[^\\]+\\[^\\]+\\?)/.exec(path)?.[0] ?? path) : '/';
  const crumbs = [{ name: drive, path: drive }];
  for (const name of path.slice(drive.length).split(separator)) {
    if (name === '') continue;
    const above = crumbs.at(-1)?.path ?? drive;
    crumbs.push({ name, path: above.endsWith(separator) ? above + name : above + separator + name });
  }
  return crumbs;
}
