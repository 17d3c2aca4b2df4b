import fs from 'node:fs';
import path from 'node:path';
import { AppError } from '../../core/errors/app-error.ts';
import type { Durability } from '../../core/ports/changing-file-system.ts';
import { durabilityOf } from './durability.ts';
import { fromOsError } from './os-error.ts';

/** How calls reach the very folder that was opened. */
export interface HeldFolder {
  /** For the system: the folder itself. */
  readonly self: string;
  /** For the system: a name in it. */
  at(name: string): string;
  realPath(): string;
  /** Runs a call that opens, makes or removes a name. */
  inside<T>(call: () => T): T;
  sync(): Durability;
  /** What the folder is held by; null where it is only known by its path. */
  readonly descriptor: number | null;
  close(): void;
}

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = fs.constants;

/**
 * `byPath`: as where there is no `/proc`.
 *
 * @throws what the system says; LINK_LOOP where the last name is a link.
 */
export function holdFolder(folder: string, { byPath = false } = {}): HeldFolder {
  // With O_DIRECTORY a link is answered like a file, with ENOTDIR.
  if (fs.lstatSync(folder).isSymbolicLink()) {
    throw new AppError('LINK_LOOP', `“${folder}” is a link, not a folder.`);
  }
  return isProcThere() && !byPath ? holdByDescriptor(folder) : holdByPath(folder);
}

let procThere: boolean | null = null;

function isProcThere(): boolean {
  procThere ??= process.platform === 'linux' && fs.existsSync('/proc/self/fd');
  return procThere;
}

/** A path through the descriptor's entry in /proc is looked up from the open folder, as `openat` does. */
function holdByDescriptor(folder: string): HeldFolder {
  const descriptor = fs.openSync(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  const self = `/proc/self/fd/${descriptor}`;
  return {
    self,
    at: (name) => `${self}/${name}`,
    realPath: () => fs.readlinkSync(self),
    inside: (call) => call(),
    sync: () => durabilityOf(() => fs.fsyncSync(descriptor), folder),
    descriptor,
    close: () => fs.closeSync(descriptor),
  };
}

/** Windows: by path, which must lead to the same folder before and after each call that changes something. */
function holdByPath(folder: string): HeldFolder {
  const resolved = fs.realpathSync.native(folder);
  const opened = fs.statSync(resolved, { bigint: true });
  if (!opened.isDirectory()) throw new AppError('FILE_NOT_FOUND', `“${folder}” is not a folder.`);
  const { ino, dev } = opened;
  const isSame = (): boolean => {
    const now = fs.statSync(resolved, { bigint: true, throwIfNoEntry: false });
    return now?.ino === ino && now.dev === dev && fs.realpathSync.native(resolved) === resolved;
  };
  const requireSame = (): void => {
    if (!isSame())
      throw new AppError('FILE_CHANGED', `“${folder}” was replaced by another folder while it was in use.`);
  };
  return {
    self: path.toNamespacedPath(resolved),
    at: (name) => path.toNamespacedPath(path.join(resolved, name)),
    realPath: () => fs.realpathSync.native(resolved),
    inside(call) {
      requireSame();
      const result = call();
      requireSame();
      return result;
    },
    sync: () => (process.platform === 'win32' ? 'unknown' : syncByPath(resolved)),
    descriptor: null,
    close: () => {},
  };
}

function syncByPath(folder: string): Durability {
  const descriptor = fs.openSync(folder, O_RDONLY);
  try {
    return durabilityOf(() => fs.fsyncSync(descriptor), folder);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Calls on a name that change something: messages name its path as people know it. */
export function changing<T>(shown: string, call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw fromOsError(thrown, shown, 'write');
  }
}
