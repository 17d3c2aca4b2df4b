import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { AppError } from '../../core/errors/app-error.ts';
import { fromOsError, osErrorName } from '../filesystem/os-error.ts';
import { removeIfThere, syncFolder, writeTemp } from './atomic-write.ts';

const tokenFileName = 'token';

/** 32 random bytes in base64url. */
const validToken = /^[A-Za-z0-9_-]{43}$/;

/**
 * The secret of this installation: whoever can read the file may use the server. Readable for this user only; made
 * where it is missing, made anew where it is damaged. Racing processes end up with the same one.
 */
export function readOrCreateToken(appDataDir: string): string {
  const file = path.join(appDataDir, tokenFileName);
  for (let round = 0; round < 5; round += 1) {
    const token = readToken(file);
    if (token !== null) return token;
    createToken(file);
  }
  throw new AppError('IO_FAILED', `“${file}” cannot be kept: another program changes it all the time.`);
}

/** null: missing, or not a token; then the damaged file is out of the way. */
function readToken(file: string): string | null {
  const noFollow = process.platform === 'win32' ? 0 : fs.constants.O_NOFOLLOW;
  let descriptor: number;
  try {
    descriptor = fs.openSync(file, fs.constants.O_RDONLY | noFollow);
  } catch (thrown) {
    const name = osErrorName(thrown);
    if (name === 'ENOENT') return null;
    // A link in its place could lead to a file that others can read or choose.
    if (name !== 'ELOOP') throw fromOsError(thrown, file);
    removeIfThere(file);
    return null;
  }
  try {
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile())
      throw new AppError('IO_FAILED', `“${file}” is not a file.`, { hint: 'Move it away and start again.' });
    const text = stat.size > 100 ? '' : fs.readFileSync(descriptor, 'latin1').trim();
    if (validToken.test(text)) {
      if (process.platform !== 'win32' && (stat.mode & 0o777) !== 0o600) fs.fchmodSync(descriptor, 0o600);
      return text;
    }
  } catch (thrown) {
    throw fromOsError(thrown, file);
  } finally {
    fs.closeSync(descriptor);
  }
  removeIfThere(file);
  return null;
}

function createToken(file: string): void {
  const temp = writeTemp(file, `${randomBytes(32).toString('base64url')}\n`);
  try {
    publishNew(temp, file);
    syncFolder(path.dirname(file));
  } catch (thrown) {
    throw fromOsError(thrown, file);
  } finally {
    removeIfThere(temp);
  }
}

/** A link appears complete or not at all and replaces nothing: of two processes that start at once, one wins. */
function publishNew(temp: string, file: string): void {
  try {
    fs.linkSync(temp, file);
  } catch (thrown) {
    const name = (thrown as NodeJS.ErrnoException).code;
    if (name === 'EEXIST') return;
    if (name !== 'EPERM' && name !== 'ENOTSUP' && name !== 'EOPNOTSUPP' && name !== 'ENOSYS' && name !== 'EMLINK')
      throw thrown;
    // FAT and exFAT know no hard links.
    fs.renameSync(temp, file);
  }
}
