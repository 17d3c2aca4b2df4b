import type { ChangingFileSystem } from '../ports/changing-file-system.ts';

/** Pairs of drives between which sharing blocks was tried and refused. */
const refused = new WeakMap<ChangingFileSystem, Set<string>>();

export interface DrivePair {
  readonly from: bigint;
  readonly to: bigint;
}

/** Subvolumes of one btrfs have numbers of their own and still share blocks, so it is tried once for every pair. */
export function mayClone(fs: ChangingFileSystem, { from, to }: DrivePair): boolean {
  return refused.get(fs)?.has(`${from} ${to}`) !== true;
}

export function rememberRefusal(fs: ChangingFileSystem, { from, to }: DrivePair): void {
  const pairs = refused.get(fs) ?? new Set();
  refused.set(fs, pairs.add(`${from} ${to}`));
}
