import { AppError } from '../errors/app-error.ts';
import type { ChangingFileSystem } from '../ports/changing-file-system.ts';

export function separatorOf(fs: ChangingFileSystem): '/' | '\\' {
  return fs.platform === 'win32' ? '\\' : '/';
}

export function join(fs: ChangingFileSystem, folder: string, name: string): string {
  const separator = separatorOf(fs);
  return folder.endsWith(separator) ? folder + name : folder + separator + name;
}

export function escapes(relPath: string, location?: string): AppError {
  return new AppError('LINK_ESCAPES', `“${relPath}” leads outside its location, so nothing was done with it.`, {
    location,
  });
}
