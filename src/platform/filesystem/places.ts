import { execFile } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import type { Place } from '../../contract/folders.ts';
import type { Places } from '../../core/ports/places.ts';
import { type Mount, readMounts } from '../app-data/mounts.ts';
import { driveKindOf } from './drive-kind.ts';

/** Kinds of file systems that people keep files on; everything else in the mount table belongs to the system. */
const userFileSystems =
  /^(?:ext[234]|xfs|btrfs|zfs|bcachefs|f2fs|jfs|reiserfs|ntfs3?|vfat|msdos|exfat|hfsplus|apfs|fuseblk|9p|drvfs|virtiofs)$/;
const systemFolders = /^\/(?:boot|proc|sys|dev|snap|etc|usr|var|nix|gnu|efi|recovery|run(?!\/media\/))(?:\/|$)/;

export function createPlaces(): Places {
  return {
    async list() {
      const drives = process.platform === 'win32' ? await windowsDrives() : mountedDrives();
      const home = os.homedir();
      return [place(home, 'Home folder', 'home', ''), ...drives.filter((drive) => drive.path !== home)];
    },
  };
}

function place(at: string, name: string, kind: Place['kind'], detail: string): Place {
  return { path: at, name, kind, detail, driveKind: driveKindOf(at) };
}

function mountedDrives(): Place[] {
  const byPoint = new Map<string, Mount>(readMounts().map((mount) => [mount.mountPoint, mount]));
  byPoint.delete('/');
  const mounted = [...byPoint.values()]
    .filter(isForPeople)
    .map(({ mountPoint, fsType, source }) =>
      place(mountPoint, path.basename(mountPoint), 'drive', source === fsType ? fsType : `${fsType}, ${source}`),
    )
    .sort((one, other) => (one.path < other.path ? -1 : 1));
  return [place('/', 'This machine', 'folder', ''), ...mounted];
}

function isForPeople({ mountPoint, fsType, isNetwork, isFuse }: Mount): boolean {
  if (systemFolders.test(mountPoint)) return false;
  if (fsType === 'autofs') return false;
  return isNetwork || userFileSystems.test(fsType) || (isFuse && !/portal|gvfsd|lxcfs/.test(fsType));
}

/** Asks for the letters only: looking at a mapped drive whose server is gone takes half a minute. */
async function windowsDrives(): Promise<Place[]> {
  const system = process.env.SystemDrive ?? 'C:';
  const fsutil = path.join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'fsutil.exe');
  const text = await new Promise<string>((resolve) => {
    execFile(fsutil, ['fsinfo', 'drives'], { timeout: 2_000, windowsHide: true }, (error, stdout) =>
      resolve(error ? '' : stdout),
    );
  });
  const letters = new Set([system, ...(text.match(/\b[A-Z]:(?=\\)/g) ?? [])]);
  return [...letters].sort().map((letter) => place(`${letter}\\`, letter, 'drive', ''));
}
