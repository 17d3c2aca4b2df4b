import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fromOsError } from '../filesystem/os-error.ts';

const tempName = /^\..+\.[0-9a-f]{12}\.tmp$|^\.probe\.\d+\.tmp$/;
const staleAfterMs = 60_000;

export interface AtomicWrite {
  /** false: a power cut may leave the file empty, and nobody waits for a drive that is busy. For what only informs. */
  readonly isLasting?: boolean;
}

/**
 * Replaces a small file so that a crash or power cut leaves the old text or the new one, never a mixture: temp in the
 * same folder, fsync, rename, fsync of the folder. On any failure the old file is as it was and the temp is gone.
 */
export function writeFileAtomically(file: string, text: string, { isLasting = true }: AtomicWrite = {}): void {
  const temp = writeTemp(file, text, { isLasting });
  try {
    replace(temp, file);
    if (isLasting) syncFolder(path.dirname(file));
  } catch (thrown) {
    removeIfThere(temp);
    throw fromOsError(thrown, file);
  }
}

/**
 * Windows does not replace a file that somebody is reading at this moment (a second Weightroom, a virus scanner): asked
 * again, with growing pauses of about a second in all.
 */
function replace(temp: string, file: string): void {
  for (let pauseMs = 2; ; pauseMs *= 2) {
    try {
      return fs.renameSync(temp, file);
    } catch (thrown) {
      const isInUse = ['EPERM', 'EACCES', 'EBUSY'].includes(String((thrown as NodeJS.ErrnoException).code));
      if (process.platform !== 'win32' || !isInUse || pauseMs > 512) throw thrown;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
}

/** A temp file beside `file`, synced if it is to last, mode 0600; the caller renames, links or removes it. */
export function writeTemp(file: string, text: string, { isLasting = true }: AtomicWrite = {}): string {
  const temp = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const descriptor = fs.openSync(temp, 'wx', 0o600);
    try {
      fs.writeFileSync(descriptor, text);
      if (isLasting) fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
    return temp;
  } catch (thrown) {
    removeIfThere(temp);
    throw fromOsError(thrown, file);
  }
}

/** A renamed file survives a power cut only once its folder is on disk. Windows has no such call. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Takes away what a crash left; a younger temp may belong to another process that is about to rename it. */
export function removeStaleTemps(folder: string): void {
  for (const name of fs.readdirSync(folder)) {
    if (!tempName.test(name)) continue;
    const temp = path.join(folder, name);
    const stat = fs.statSync(temp, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > staleAfterMs) removeIfThere(temp);
  }
}

export function removeIfThere(file: string): void {
  fs.rmSync(file, { force: true });
}
