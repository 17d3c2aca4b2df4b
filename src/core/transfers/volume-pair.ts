import type { LocationSlot } from '../catalog/location-slot.ts';

/** File systems whose files can share blocks, where the volume was made for it. */
const withSharedBlocks = new Set(['btrfs', 'xfs', 'bcachefs', 'refs', 'apfs']);

/** A copy from one to the other may take no space and no time. */
export function sharesBlocks(source: LocationSlot, target: LocationSlot): boolean {
  const [from, to] = [source.facts, target.facts];
  return from !== null && to !== null && from.device === to.device && withSharedBlocks.has(to.fileSystem);
}
