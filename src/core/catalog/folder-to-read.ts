import { AppError } from '../errors/app-error.ts';
import { swapCase } from '../paths/name-folding.ts';
import { quoted } from '../paths/quoted.ts';
import { isIgnoredFolder } from './ignore-rules.ts';
import { absolutePath, type ScanContext } from './scan-folder.ts';

/** Why a scan of the whole location never reads this folder, as the rest of a sentence; null when it does. */
export function whyLeftOut(folder: string, isIgnored: (relPath: string) => boolean): string | null {
  const names = folder.split('/');
  for (const [k, name] of names.entries()) {
    if (name.startsWith('.')) return `${quoted(name)} starts with a dot, and such folders are never read`;
    if (isIgnoredFolder(name)) return `${quoted(name)} belongs to a system and holds no models, so it is never read`;
    const path = names.slice(0, k + 1).join('/');
    if (isIgnored(path)) return `${quoted(path)} is left out by IGNORE_GLOBS`;
  }
  return null;
}

/**
 * The folder that a scan is to start from must be one that a scan of the whole location would come to, under the very
 * same name: a drive without case opens any spelling, and each would get rows of its own.
 *
 * @throws AppError FILE_NOT_FOUND
 */
export function requireReadFolder(context: ScanContext, folder: string): void {
  const reason = whyLeftOut(folder, context.isIgnored);
  if (reason !== null) throw new AppError('FILE_NOT_FOUND', `${quoted(folder)} is not read: ${reason}.`);
  if (mayBeSpeltOtherwise(context, folder) && !isListedAs(context, folder)) {
    throw new AppError('FILE_NOT_FOUND', `There is no folder that is spelt ${quoted(folder)} in this location.`);
  }
}

/** Beyond ASCII a drive may take other letters for the same in more ways than can be asked for. */
function mayBeSpeltOtherwise({ fs, ...context }: ScanContext, folder: string): boolean {
  const swapped = swapCase(folder);
  if (swapped === folder || !/^[ -~]*$/.test(folder)) return true;
  try {
    fs.lstat(absolutePath({ fs, root: context.root }, swapped));
    return true;
  } catch (thrown) {
    if (thrown instanceof AppError) return false;
    throw thrown;
  }
}

function isListedAs(context: ScanContext, folder: string): boolean {
  const names = folder.split('/');
  return names.every((name, k) => {
    const above = absolutePath(context, names.slice(0, k).join('/'));
    try {
      return context.fs.list(above).some((dirent) => dirent.name === name);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      // Who may enter a folder without listing it has nothing to compare with.
      return true;
    }
  });
}
