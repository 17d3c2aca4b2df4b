import type { StoredFolder } from '../../core/ports/catalog-store.ts';

/** One block of memory for many folders: tens of thousands of small blocks would cost more than they hold. */
export function inOneBlock(folders: readonly StoredFolder[]): { folders: StoredFolder[]; block: ArrayBuffer } {
  const size = folders.reduce((sum, { files, hashes }) => sum + files.length + (hashes?.length ?? 0), 0);
  const block = new Uint8Array(size);
  let at = 0;
  const place = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
    block.set(bytes, at);
    at += bytes.length;
    return block.subarray(at - bytes.length, at);
  };
  const placed = folders.map(({ relPath, files, hashes }) => ({
    relPath,
    files: place(files),
    hashes: hashes && place(hashes),
  }));
  return { folders: placed, block: block.buffer };
}
