import { createFolderHashes, setHash } from '../../src/core/catalog/folder-hashes.ts';
import { findFile, LocationIndex } from '../../src/core/catalog/location-index.ts';
import { RefreshMerge } from '../../src/core/catalog/refresh-merge.ts';
import { openScan, scanTree } from '../../src/core/catalog/scan-tree.ts';
import { hashFile } from '../../src/core/hashing/hash-file.ts';
import type { RawFileSystem } from '../../src/core/ports/raw-file-system.ts';
import { loadHashers } from '../../src/platform/hash-workers/hashers.ts';

const hashers = await loadHashers();
const buffer = new Uint8Array(64 * 1024);

/** Brings an index up to date with a folder the way a refresh does, whatever may have disappeared. */
export function scanInto(index: LocationIndex, fs: RawFileSystem, root: string, folder = ''): void {
  const merge = new RefreshMerge(index, folder);
  const context = openScan(fs, root, folder, () => false);
  for (const batch of scanTree(context, { folder, recursive: true }, 3)) merge.add(batch.folders);
  merge.dropLost();
}

export function indexOf(location: string, fs: RawFileSystem, root: string): LocationIndex {
  const index = new LocationIndex(location);
  scanInto(index, fs, root);
  return index;
}

/** Reads a file and puts its hash into the index, as the hash engine does. */
export function hashInto(index: LocationIndex, fs: RawFileSystem, root: string, relPath: string): void {
  const file = findFile(index, relPath);
  if (!file) throw new RangeError(`${relPath} is not in the index`);
  const { folder, i } = file;
  const path = root + (fs.platform === 'win32' ? `\\${relPath.replaceAll('/', '\\')}` : `/${relPath}`);
  const { blake3 } = hashFile(path, folder.files.facts(i), {
    fs,
    hashers,
    realRoot: fs.realPath(root),
    buffer,
    sha256: false,
    quick: false,
  });
  const hashes = createFolderHashes(folder.files.count);
  if (folder.hashes) hashes.set(folder.hashes);
  setHash(hashes, i, blake3);
  index.set({ ...folder, hashes });
}
