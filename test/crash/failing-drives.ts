import fs from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Fault, type FaultMount, mountFaulty, skipWithoutFuse } from '../faults/fault-mount.ts';
import { plainDisks } from './plain-disks.ts';
import type { Trouble, TroubledDisks } from './troubles.ts';
import { makeFolder, type Undoing } from './undoing.ts';

const { EDQUOT, EIO, ENOSPC } = constants.errno;
const MB = 1_000_000;

interface FailingDrive {
  readonly name: string;
  readonly side?: 'local' | 'lake';
  readonly verbs?: Trouble['verbs'];
  readonly readBack?: boolean;
  /** From before the program starts. */
  readonly faults: readonly Fault[];
  /** Happens while it runs. */
  readonly meanwhile?: (drive: FaultMount) => Promise<void>;
}

/** A drive that says "written" and is not, or gives back other bytes, is found by reading back only. */
const drives: readonly FailingDrive[] = [
  { name: 'write error (EIO)', faults: [{ on: 'write', what: { errno: EIO }, afterBytes: MB }] },
  { name: 'fills up while copying', faults: [{ on: 'write', what: { errno: ENOSPC }, afterBytes: MB }] },
  { name: 'quota exceeded (EDQUOT)', faults: [{ on: 'write', what: { errno: EDQUOT }, afterBytes: MB }] },
  { name: 'sync error (EIO)', faults: [{ on: 'fsync', what: { errno: EIO } }] },
  {
    name: 'no new names (link, rename: EIO)',
    faults: (['link', 'rename'] as const).map((on) => ({ on, what: { errno: EIO } })),
  },
  { name: 'source read error (EIO)', side: 'local', faults: [{ on: 'read', what: { errno: EIO }, afterBytes: MB }] },
  {
    name: 'source cannot be removed (EIO)',
    side: 'local',
    verbs: ['move'],
    faults: [{ on: 'unlink', what: { errno: EIO } }],
  },
  { name: 'short writes', faults: [{ on: 'write', what: 'short', afterBytes: MB }] },
  { name: 'lost writes', readBack: true, faults: [{ on: 'write', what: 'lost', afterBytes: MB }] },
  { name: 'flipped bit when written', readBack: true, faults: [{ on: 'write', what: 'flip', afterBytes: MB }] },
  { name: 'flipped bit when read back', readBack: true, faults: [{ on: 'read', what: 'flip', afterBytes: MB }] },
  { name: 'slow drive (50 ms a write)', faults: [{ on: 'write', what: { delayMs: 50 } }] },
  {
    name: 'freezes for 14 s, comes back',
    faults: [{ on: 'write', what: 'freeze', afterBytes: MB }],
    async meanwhile(drive) {
      await someBytes(drive);
      await wait(14_000);
      drive.faults();
    },
  },
  {
    name: 'dies while copying (ENOTCONN), comes back',
    faults: [{ on: 'write', what: { delayMs: 40 } }],
    async meanwhile(drive) {
      await someBytes(drive);
      await drive.kill();
    },
  },
];

/** Waits until some of the large file has reached the drive. */
async function someBytes({ backing }: FaultMount): Promise<void> {
  for (const deadline = performance.now() + 30_000; performance.now() < deadline; await wait(5)) {
    const sizes = fs.readdirSync(path.join(backing, 'w')).map((name) => sizeOf(path.join(backing, 'w', name)));
    if (sizes.some((size) => size >= 120_000 && size < 3 * MB)) return;
  }
}

function sizeOf(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function troubleOf({ name, side = 'lake', verbs, readBack, faults, meanwhile }: FailingDrive): Trouble {
  async function make(undoing: Undoing): Promise<TroubledDisks> {
    const plain = await plainDisks(undoing);
    const drive = await mountFaulty(undoing, await makeFolder(undoing), side);
    let running: Promise<void> = Promise.resolve();
    let isHealed = false;
    return {
      disks: { ...plain, [side]: drive.mountPoint },
      truth: { ...plain, [side]: drive.backing },
      options: { ...(readBack ? { readBack } : {}) },
      async begin() {
        drive.faults(...faults);
        running = meanwhile?.(drive) ?? running;
      },
      async heal() {
        if (isHealed) return;
        isHealed = true;
        await running;
        drive.faults();
        await drive.kill();
        drive.unmount();
        await drive.mount();
      },
    };
  }
  return { name, verbs: verbs ?? ['copy', 'move'], skip: async () => skipWithoutFuse, make };
}

export const failingDrives: readonly Trouble[] = drives.map(troubleOf);
