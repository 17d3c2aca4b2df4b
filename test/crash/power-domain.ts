import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { Disks } from './disks.ts';
import { hasTool, isRoot, tool, toolAnyway } from './shell.ts';
import { makeFolder, type Undoing, withUndoing } from './undoing.ts';

export const fileSystems = ['ext4', 'xfs', 'btrfs'] as const;
export type FileSystem = (typeof fileSystems)[number];

const MiB = 1024 * 1024;
/** Megabytes of one partition: the least that mkfs takes, with room for the workloads. */
const partitionMiB: Readonly<Record<FileSystem, number>> = { ext4: 96, xfs: 320, btrfs: 160 };
/** A commit every second instead of every 5 or 30: what would take half a minute shows in a second. xfs has no such option. */
const mountOptions: Readonly<Record<FileSystem, string>> = { ext4: 'commit=1', xfs: 'defaults', btrfs: 'commit=1' };
const parts = ['local', 'lake', 'home'] as const;
type Part = (typeof parts)[number];

/** Why no power cut can be made here; false where one can. */
export async function skipWithoutLoops(kind: FileSystem = 'xfs'): Promise<string | false> {
  if (!isRoot) return 'mounting needs root on Linux';
  for (const command of ['losetup', 'mkfs.xfs', `mkfs.${kind}`]) {
    if (!hasTool(command)) return `${command} is not installed`;
  }
  try {
    await withUndoing(async (undoing) => void (await makePowerDomain(undoing, kind)));
    return false;
  } catch (error) {
    return `file systems in files cannot be mounted here: ${(error as Error).message.trim().split('\n').at(-1)}`;
  }
}

/** Three disks behind one power switch. */
export interface PowerDomain {
  readonly disks: Disks;
  /** Above the models roots of each disk: where other programs have their files. */
  readonly mountPoints: Readonly<Record<Part, string>>;
  /** What a power cut now would leave of all disks at one moment: everything that had reached them. */
  cut(): Promise<string>;
  /** Turns the power off and on: from now on the disks, or those that are named, hold what `cut` found. */
  restart(cut: string, which?: readonly Part[]): Promise<void>;
}

/**
 * All partitions lie in one file, and the file in an xfs of its own, where a clone is made of one moment: copying block
 * by block would mix times and show losses that no power cut makes. A write that the file system has sent counts as
 * being on the disk; the cache inside a disk is not modelled.
 */
export async function makePowerDomain(undoing: Undoing, kind: FileSystem): Promise<PowerDomain> {
  const folder = await makeFolder(undoing);
  const store = await makeCloningStore(undoing, folder, partitionMiB[kind]);
  const image = path.join(store, 'disks');
  fs.closeSync(fs.openSync(image, 'w'));
  fs.truncateSync(image, parts.length * partitionMiB[kind] * MiB);
  const mountPoints = Object.fromEntries(parts.map((part) => [part, path.join(folder, part)])) as Record<Part, string>;
  const loops = new Map<Part, string>();

  async function attach(part: Part, from: string): Promise<string> {
    const [size, offset] = [partitionMiB[kind] * MiB, parts.indexOf(part) * partitionMiB[kind] * MiB];
    const loop = await tool('losetup', '-f', '--show', '-o', `${offset}`, '--sizelimit', `${size}`, from);
    loops.set(part, loop);
    return loop;
  }
  const mount = (part: Part, loop: string) =>
    tool('mount', '-t', kind, '-o', mountOptions[kind], loop, mountPoints[part]);
  async function unmount(part: Part): Promise<void> {
    unmountFirmly(mountPoints[part]);
    const loop = loops.get(part);
    loops.delete(part);
    if (loop === undefined) return;
    toolAnyway('losetup', '-d', loop);
    // Else it would take the same file system on another device for the one it knows.
    if (kind === 'btrfs') toolAnyway('btrfs', 'device', 'scan', '--forget');
  }

  undoing.after(async () => {
    for (const part of parts) await unmount(part);
  });
  for (const part of parts) {
    fs.mkdirSync(mountPoints[part]);
    // All are formatted before one is mounted: mkfs.btrfs takes three devices on one file for one.
    await tool(`mkfs.${kind}`, '-q', kind === 'ext4' ? '-F' : '-f', await attach(part, image));
  }
  for (const part of parts) {
    await mount(part, loops.get(part)!);
    fs.mkdirSync(path.join(mountPoints[part], 'models'));
  }
  let cuts = 0;
  const [local, lake, home] = parts.map((part) => path.join(mountPoints[part], 'models')) as [string, string, string];
  return {
    disks: { local, lake, home },
    mountPoints,
    async cut() {
      cuts += 1;
      const cut = `${image}.${cuts}`;
      await fs.promises.copyFile(image, cut, fs.constants.COPYFILE_FICLONE_FORCE);
      return cut;
    },
    async restart(cut, which = parts) {
      for (const part of which) await unmount(part);
      for (const part of which) await mount(part, await attach(part, cut));
    },
  };
}

async function makeCloningStore(undoing: Undoing, folder: string, partMiB: number): Promise<string> {
  const [file, store] = [path.join(folder, 'store.xfs'), path.join(folder, 'store')];
  fs.mkdirSync(store);
  fs.closeSync(fs.openSync(file, 'w'));
  fs.truncateSync(file, Math.max(4, partMiB / 16) * 1024 * MiB);
  await tool('mkfs.xfs', '-q', file);
  await tool('mount', '-o', 'loop', file, store);
  undoing.after(() => unmountFirmly(store));
  return store;
}

/** Waits up to 5 s for whoever still uses it. */
function unmountFirmly(mountPoint: string): void {
  for (let n = 0; n < 50; n += 1) {
    const { status, stderr } = spawnSync('umount', [mountPoint], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    });
    if (status === 0 || !stderr.includes('busy')) return;
    spawnSync('sleep', ['0.1']);
  }
  toolAnyway('umount', '-l', mountPoint);
}
