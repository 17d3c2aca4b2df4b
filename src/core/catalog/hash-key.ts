import type { HashKey } from '../ports/catalog-store.ts';
import { type IndexedFolder, joinPath } from './location-index.ts';
import type { LocationSlot } from './location-slot.ts';

/**
 * Under which the hash cache knows a file of the index. Where identities mean nothing, the file's place is its identity:
 * there a hash must never follow a number to another file of the same size and time.
 */
export function hashKeyOf(slot: LocationSlot, folder: IndexedFolder, i: number): HashKey {
  const { files } = folder;
  const place = `${slot.definition.id}/${joinPath(folder.relPath, files.name(i))}`;
  const fileId = files.fileId(i);
  const identity = slot.facts?.identity ?? '';
  return {
    device: deviceKey(identity === '' ? (slot.facts?.device ?? 0n) : volumeNumber(identity), files.device(i)),
    fileId: fileId === 0n || givesNewIds(slot.facts?.fileSystem ?? '') ? idOfPlace(place) : fileId,
    size: files.size(i),
    mtimeNs: files.mtimeNs(i),
    // Where the volume says who it is, a hash never follows a place to another drive.
    place: identity === '' ? place : '',
  };
}

const volumeNumbers = new Map<string, bigint>();

function volumeNumber(identity: string): bigint {
  let number = volumeNumbers.get(identity);
  if (number === undefined) {
    number = idOfPlace(identity);
    volumeNumbers.set(identity, number);
  }
  return number;
}

/** FAT has no inodes, so Linux numbers its files anew with every mount; FUSE drives mostly do the same. */
function givesNewIds(fileSystem: string): boolean {
  return (
    fileSystem === 'vfat' ||
    fileSystem === 'msdos' ||
    fileSystem === 'exfat' ||
    fileSystem === 'fuse' ||
    fileSystem.startsWith('fuse.')
  );
}

/** FNV-1a in two lanes of 32 bits with different starts. */
function idOfPlace(place: string): bigint {
  let high = 0x811c9dc5;
  let low = 0x050c5d1f;
  for (let k = 0; k < place.length; k += 1) {
    const code = place.charCodeAt(k);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ (code + k), 0x01000193);
  }
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

/** The root's device, and what tells a device mounted below it apart. */
function deviceKey(root: bigint, below: number): bigint {
  return below === 0 ? root : (root << 32n) | BigInt(below);
}
