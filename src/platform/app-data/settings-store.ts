import fs from 'node:fs';
import { AppError } from '../../core/errors/app-error.ts';
import { fromOsError, osErrorName } from '../filesystem/os-error.ts';
import { writeFileAtomically } from './atomic-write.ts';

/** Far above any real one; a wrong path must not fill the memory. */
const largestFile = 1_000_000;

/**
 * Text of a small configuration file, null when there is none. Never changes it.
 *
 * @throws AppError INVALID_SETTING where it is not UTF-8 text, ACCESS_DENIED … where it cannot be read.
 */
export function readConfigText(file: string): string | null {
  const bytes = readBytes(file);
  if (bytes === null) return null;
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw notText(file, 'is saved as UTF-16');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw notText(file, 'is not UTF-8 text');
  }
}

/** Replaces the settings file, or makes it; see `writeFileAtomically`. */
export function writeSettingsText(file: string, text: string): void {
  writeFileAtomically(file, text);
}

function readBytes(file: string): Buffer | null {
  try {
    const stat = fs.statSync(file);
    if (!stat.isFile()) throw new AppError('INVALID_SETTING', `“${file}” is not a file.`, { hint: 'Move it away.' });
    if (stat.size > largestFile) throw notText(file, 'is larger than 1 MB');
    return fs.readFileSync(file);
  } catch (thrown) {
    if (osErrorName(thrown) === 'ENOENT') return null;
    throw fromOsError(thrown, file);
  }
}

function notText(file: string, what: string): AppError {
  return new AppError('INVALID_SETTING', `“${file}” ${what}, so its settings cannot be read.`, {
    hint: 'Save it as UTF-8 text in your editor. Weightroom has not changed it.',
  });
}
