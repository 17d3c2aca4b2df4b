import fs from 'node:fs';
import { AppError } from '../../core/errors/app-error.ts';
import { codeOf } from './os-error.ts';
import type { NameCalls } from './patient-calls.ts';

export interface NameMove {
  readonly from: string;
  readonly to: string;
  /** The new name as people know it. */
  readonly shownTo: string;
  readonly calls: NameCalls;
  /** Called when the file has both names. */
  readonly whenLinked: () => void;
}

/**
 * What drives without hard links answer. EPERM is FAT's word on Linux (and that of a kernel that protects files of
 * others); EISDIR is how Node reads Windows' "incorrect function".
 */
const noHardLinks = new Set(
  process.platform === 'win32'
    ? ['EISDIR', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL', 'EMLINK']
    : ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'],
);

/**
 * A new name that replaces nothing: `link` fails where the name is taken, which `rename` does not (a check before it
 * lost 3 of 1,000 races; this 0). Throws what the system says; EEXIST is a taken name.
 */
export function moveName(move: NameMove): void {
  try {
    move.calls.link(move.from, move.to);
  } catch (thrown) {
    if (!noHardLinks.has(codeOf(thrown))) throw thrown;
    moveOverPlaceholder(move);
    return;
  }
  move.whenLinked();
  move.calls.unlink(move.from);
}

/**
 * Without hard links an empty file takes the name first, exclusively, and the file is renamed over it. What is replaced
 * is that very empty file, as far as a check right before can tell.
 */
function moveOverPlaceholder({ from, to, shownTo, calls }: NameMove): void {
  const placeholder = fs.openSync(to, 'wx');
  const { ino, dev } = identityOf(placeholder);
  const isOurs = (): boolean => {
    const there = fs.lstatSync(to, { bigint: true, throwIfNoEntry: false });
    return there?.isFile() === true && there.ino === ino && there.dev === dev && there.size === 0n;
  };
  try {
    if (!isOurs()) throw new AppError('TARGET_EXISTS', `“${shownTo}” was taken by another program a moment ago.`);
    calls.rename(from, to);
  } catch (thrown) {
    removeIf(isOurs, () => calls.unlink(to));
    throw thrown;
  }
}

/** Closes it as well: Windows and SMB servers refuse to rename over a file that is open. */
function identityOf(descriptor: number): { readonly ino: bigint; readonly dev: bigint } {
  try {
    return fs.fstatSync(descriptor, { bigint: true });
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Why the move failed matters more than what fails while its placeholder is taken away. */
function removeIf(isOurs: () => boolean, remove: () => void): void {
  try {
    if (isOurs()) remove();
  } catch {
    // An empty file stays behind; a later attempt knows it by the unfinished file beside it.
  }
}
