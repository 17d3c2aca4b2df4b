import fs from 'node:fs';
import { AppError } from '../../core/errors/app-error.ts';
import { openNodeFile } from './node-raw-file.ts';
import { codeOf, fromOsError } from './os-error.ts';

/** "Not on this drive", in the words of all file systems. */
const cannotClone = new Set(['ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'ENOTTY', 'EXDEV', 'EINVAL', 'EPERM', 'ETXTBSY']);

export interface Clone {
  readonly from: string;
  readonly shownFrom: string;
  readonly to: string;
  readonly shownTo: string;
}

/**
 * Makes a new file that shares the blocks of another. `copyFile` is banned for user files, because on a full disk it
 * deletes the file it was to write to; with COPYFILE_EXCL that can only be the one it has just made itself, and with
 * FICLONE_FORCE it never writes bytes. On Linux the source is opened first and handed over by its descriptor, so that a
 * link put in its place is not followed.
 */
export function cloneFile(clone: Clone): void {
  copyBlocks(clone);
  if (process.platform === 'win32') return;
  try {
    takeUsualMode(clone.to);
  } catch (thrown) {
    fs.rmSync(clone.to, { force: true });
    throw fromOsError(thrown, clone.shownTo, 'write');
  }
}

function copyBlocks({ from, shownFrom, to, shownTo }: Clone): void {
  const source = process.platform === 'linux' ? openNodeFile(from, shownFrom) : null;
  try {
    fs.copyFileSync(source?.ownPath() ?? from, to, fs.constants.COPYFILE_EXCL | fs.constants.COPYFILE_FICLONE_FORCE);
  } catch (thrown) {
    if (cannotClone.has(codeOf(thrown))) {
      throw new AppError('UNSUPPORTED', `“${shownTo}” cannot share its blocks with “${shownFrom}” on this drive.`, {
        cause: thrown,
      });
    }
    throw fromOsError(thrown, shownTo, 'write');
  } finally {
    source?.close();
  }
}

/** A clone is made with the mode of its source, which may even forbid its owner to write. */
function takeUsualMode(path: string): void {
  const descriptor = fs.openSync(path, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
  try {
    fs.fchmodSync(descriptor, 0o666 & ~process.umask());
  } finally {
    fs.closeSync(descriptor);
  }
}
