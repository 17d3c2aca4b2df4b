import type { IndexedFolder } from './location-index.ts';
import type { LocationSlot } from './location-slot.ts';
import { deviceTag } from './scan-folder.ts';

/** Digest of the device that a file of a folder lies on; equal for two locations on one drive. */
export function deviceOf(
  { slot, folder }: { readonly slot: LocationSlot; readonly folder: IndexedFolder },
  i: number,
): number {
  const below = folder.files.device(i);
  return below === 0 ? rootDevice(slot) : below;
}

function rootDevice({ facts }: LocationSlot): number {
  return facts === null ? 0 : deviceTag(facts.device);
}
