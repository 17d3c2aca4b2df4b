import path from 'node:path';
import { mountTmpfs, plainDisks } from './plain-disks.ts';
import { isRoot, tool, toolAnyway } from './shell.ts';
import type { Trouble } from './troubles.ts';
import { makeFolder } from './undoing.ts';

const skipWithoutRoot = async (): Promise<string | false> => !isRoot && 'mounting needs root on Linux';
const nobody = 65_534;

const writing = ['copy', 'move', 'mirror'] as const;

function smallTarget(name: string, small: string, healed: string): Trouble {
  return {
    name,
    verbs: writing,
    skip: skipWithoutRoot,
    async make(undoing) {
      const disks = { ...(await plainDisks(undoing)), lake: await makeFolder(undoing) };
      const { lake } = disks;
      await mountTmpfs(undoing, lake, healed);
      const remount = (options: string) => tool('mount', '-o', `remount,${options}`, lake);
      return {
        disks,
        truth: disks,
        begin: async () => void (await remount(small)),
        heal: async () => void (await remount(healed)),
      };
    },
  };
}

const readOnlySource: Trouble = {
  name: 'source read-only',
  verbs: ['move'],
  skip: skipWithoutRoot,
  async make(undoing) {
    const disks = await plainDisks(undoing);
    const { local } = disks;
    await mountTmpfs(undoing, local, 'size=64m');
    const remount = (mode: string) => tool('mount', '-o', `remount,${mode}`, local);
    return {
      disks,
      truth: disks,
      begin: async () => void (await remount('ro')),
      heal: async () => void (await remount('rw')),
    };
  },
};

/** The folder of the target may not be changed by whoever runs the program. */
const noPermission: Trouble = {
  name: 'no permission at the target',
  verbs: [...writing, 'delete'],
  skip: skipWithoutRoot,
  async make(undoing) {
    const disks = await plainDisks(undoing);
    const giveAway = async () => {
      for (const folder of [disks.local, disks.home]) await tool('chown', '-R', `${nobody}:${nobody}`, folder);
    };
    return {
      disks,
      truth: disks,
      options: { uid: nobody },
      async begin() {
        await giveAway();
        await tool('chmod', '-R', 'a+rX', disks.lake);
      },
      async heal() {
        await tool('chown', '-R', '0:0', disks.home);
        await tool('chmod', '-R', 'a+rwX', disks.lake);
      },
    };
  },
};

const immutableFolder: Trouble = {
  name: 'immutable folder (chattr +i)',
  verbs: [...writing, 'delete'],
  async skip() {
    return skipWithoutRoot();
  },
  async make(undoing) {
    const plain = await plainDisks(undoing);
    const disks = { ...plain, lake: plain.local, local: plain.lake };
    const folder = path.join(disks.lake, 'w');
    const heal = async () => toolAnyway('chattr', '-R', '-i', folder);
    undoing.after(heal);
    return { disks, truth: disks, begin: async () => void (await tool('chattr', '+i', folder)), heal };
  },
};

/** Descriptors run out in the middle for some, at the start for others. */
const fewDescriptors: Trouble = {
  name: 'too few file descriptors',
  verbs: [...writing, 'delete'],
  skip: skipWithoutRoot,
  async make(undoing) {
    const disks = await plainDisks(undoing);
    const count = 26;
    return {
      disks,
      truth: disks,
      options: { through: ['prlimit', `--nofile=${count}:${count}`] },
      begin: async () => {},
      heal: async () => {},
    };
  },
};

export const smallMounts: readonly Trouble[] = [
  smallTarget('target full (ENOSPC)', 'size=2m', 'size=64m'),
  smallTarget('target out of inodes', 'nr_inodes=6', 'nr_inodes=1000'),
  smallTarget('target read-only (EROFS)', 'ro', 'rw'),
  readOnlySource,
  noPermission,
  immutableFolder,
  fewDescriptors,
];
