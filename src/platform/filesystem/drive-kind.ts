import fs from 'node:fs';
import type { DriveKind } from '../../contract/locations.ts';
import { findMount, type Mount } from '../app-data/mounts.ts';

/**
 * Kind of drive a path lies on, from the mount table and /sys alone: the drive itself is not touched, so a dead one
 * cannot hang the answer. `rotational` lies on virtual machines and USB bridges: virtual disks count as solid-state, and
 * a person can say better.
 */
export function driveKindOf(path: string): DriveKind {
  if (process.platform === 'win32') return path.startsWith('\\\\') ? 'network' : 'unknown';
  const mount = findMount(path);
  if (!mount) return 'unknown';
  if (mount.isNetwork) return 'network';
  // A FUSE file system may be a share, an archive or a phone: nothing is known of what is behind it.
  if (mount.isFuse && mount.fsType !== 'fuseblk') return 'network';
  return blockDeviceKind(mount);
}

function blockDeviceKind({ source }: Mount): DriveKind {
  const name = /^\/dev\/(?:mapper\/)?([\w-]+)$/.exec(source)?.[1];
  if (!name) return 'ssd';
  for (const device of [name, name.replace(/p?\d+$/, '')]) {
    const folder = `/sys/class/block/${device}`;
    if (readFlag(`${folder}/removable`) === true) return 'removable';
    const rotational = readFlag(`${folder}/queue/rotational`);
    if (rotational !== null) return rotational && !isVirtual(device, folder) ? 'hdd' : 'ssd';
  }
  return 'unknown';
}

const virtualVendors = /^(?:QEMU|VMware|VBOX|Msft|Xen|Google|Amazon)/i;

/** Disks that a hypervisor or the kernel makes up say "rotational" whatever they lie on. */
function isVirtual(device: string, folder: string): boolean {
  if (/^(?:vd|xvd|loop|zram|ram)/.test(device)) return true;
  try {
    return virtualVendors.test(fs.readFileSync(`${folder}/device/vendor`, 'utf8').trim());
  } catch {
    return false;
  }
}

function readFlag(file: string): boolean | null {
  try {
    return fs.readFileSync(file, 'utf8').trim() === '1';
  } catch {
    return null;
  }
}
