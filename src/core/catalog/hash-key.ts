import type { HashKey } from '../ports/catalog-store.ts';
import { type IndexedFolder, joinPath } from './location-index.ts';
import type { LocationSlot } from './location-slot.ts';

/** Under which the hash cache knows a file of the index. */
export function hashKeyOf(slot: LocationSlot, folder: IndexedFolder, i: number): HashKey {
  const { files } = folder;
  return {
    device: deviceKey(slot.facts?.device ?? 0n, files.device(i)),
    fileId: files.fileId(i),
    size: files.size(i),
    mtimeNs: files.mtimeNs(i),
    place: `${slot.definition.id}/${joinPath(folder.relPath, files.name(i))}`,
  };
}

/** The root's device, and what tells a device mounted below it apart. */
function deviceKey(root: bigint, below: number): bigint {
  return below === 0 ? root : (root << 32n) | BigInt(below);
}
