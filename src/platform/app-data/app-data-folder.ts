import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '../../core/errors/app-error.ts';
import { fromOsError, osErrorName } from '../filesystem/os-error.ts';
import { removeStaleTemps } from './atomic-write.ts';
import { followLinks } from './follow-links.ts';
import { type MountTable, readMounts } from './mounts.ts';

export interface HostFacts {
  readonly platform: 'posix' | 'win32';
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly home: string;
}

/** `%APPDATA%\Weightroom`, or `$XDG_DATA_HOME/weightroom`, by default `~/.local/share/weightroom`. */
export function defaultAppDataDir(host: HostFacts = thisHost()): string {
  if (host.platform === 'win32') {
    const roaming = host.environment.APPDATA;
    const base = roaming && path.win32.isAbsolute(roaming) ? roaming : path.win32.join(host.home, 'AppData', 'Roaming');
    return path.win32.join(base, 'Weightroom');
  }
  // The XDG base directory specification: a relative value is to be ignored.
  const xdg = host.environment.XDG_DATA_HOME;
  const base = xdg && path.posix.isAbsolute(xdg) ? xdg : path.posix.join(host.home, '.local', 'share');
  return path.posix.join(base, 'weightroom');
}

function thisHost(): HostFacts {
  return { platform: process.platform === 'win32' ? 'win32' : 'posix', environment: process.env, home: os.homedir() };
}

/**
 * Makes the folder (readable for this user only) where it is missing, and checks that it can be written to.
 *
 * @returns its path with links resolved.
 * @throws AppError APP_DATA_ON_NETWORK before anything is touched; INVALID_SETTING where it cannot be a folder;
 * ACCESS_DENIED, READ_ONLY, NO_SPACE … where it cannot be written.
 */
export function openAppDataFolder(dir: string, mounts: MountTable = readMounts()): string {
  refuseNetwork(dir, mounts);
  try {
    makeFolder(dir);
  } catch (thrown) {
    throw unusable(thrown, dir);
  }
  const real = fs.realpathSync.native(dir);
  if (real.startsWith('\\\\')) throw onNetwork(dir, 'a network drive');
  proveWritable(real);
  removeStaleTemps(real);
  return real;
}

/** Not Node's recursive mkdir: that one never returns where a file system answers ENOENT, as /proc and autofs do. */
function makeFolder(dir: string): void {
  const stat = fs.statSync(dir, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return;
  const parent = path.dirname(dir);
  if (stat === undefined && parent !== dir) makeFolder(parent);
  try {
    fs.mkdirSync(dir, { mode: 0o700 });
  } catch (thrown) {
    // Another process may have been faster.
    if (!fs.statSync(dir, { throwIfNoEntry: false })?.isDirectory()) throw thrown;
  }
}

/** @throws AppError APP_DATA_ON_NETWORK. Never touches a network mount, so a dead one cannot hang it. */
export function refuseNetwork(dir: string, mounts: MountTable): void {
  if (/^[\\/]{2}[^\\/?.]/.test(dir) || /^\\\\\?\\UNC\\/i.test(dir)) throw onNetwork(dir, 'a network share');
  if (mounts.length === 0) return;
  const { mount } = followLinks(dir, mounts);
  if (mount?.isNetwork) throw onNetwork(dir, `a network drive (${mount.fsType}, mounted at ${mount.mountPoint})`);
}

function onNetwork(dir: string, what: string): AppError {
  return new AppError(
    'APP_DATA_ON_NETWORK',
    `The app-data folder “${dir}” lies on ${what}, where its database would not be safe.`,
    {
      hint: 'Set APP_DATA_DIR to a folder on a drive of this machine; models may stay on the network.',
    },
  );
}

function unusable(thrown: unknown, dir: string): unknown {
  const name = osErrorName(thrown) ?? (thrown as { readonly code?: unknown } | null)?.code;
  if (name === 'EEXIST' || name === 'ENOTDIR') {
    return new AppError(
      'INVALID_SETTING',
      `The app-data folder “${dir}” cannot be made, because a file is in its place.`,
      {
        hint: 'Set APP_DATA_DIR to another folder, or move that file away.',
        cause: thrown,
      },
    );
  }
  const failed = fromOsError(thrown, dir);
  if (!(failed instanceof AppError)) return failed;
  const why = reasons[failed.code] ?? 'the system reports an error';
  return new AppError(failed.code, `Weightroom cannot keep its data in “${dir}”: ${why}.`, {
    hint: 'Set APP_DATA_DIR to a folder this user can write to, or repair this one.',
    cause: thrown,
  });
}

const reasons: Readonly<Record<string, string>> = {
  ACCESS_DENIED: 'this user may not write there',
  READ_ONLY: 'the drive is mounted read-only',
  NO_SPACE: 'the drive is full',
  FILE_NOT_FOUND: 'the drive or folder above it does not exist',
  LINK_LOOP: 'it leads through links that never end',
  NAME_TOO_LONG: 'the path is too long',
  IO_FAILED: 'the drive reports an error',
};

function proveWritable(dir: string): void {
  const probe = path.join(dir, `.probe.${process.pid}.tmp`);
  try {
    fs.writeFileSync(probe, 'probe', { flag: 'w', mode: 0o600 });
    fs.unlinkSync(probe);
  } catch (thrown) {
    throw unusable(thrown, dir);
  }
}
