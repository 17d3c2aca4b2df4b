import type { StoredFolder } from '../../core/ports/catalog-store.ts';
import { joinPaths, type PackedParts, packParts, splitPaths, unpackParts } from '../packed-parts.ts';

/** Folders on their way between the program and its catalog thread: files, then hashes of each. */
export interface PackedFolders extends PackedParts {
  readonly relPaths: string;
}

export function packFolders(folders: readonly StoredFolder[]): PackedFolders {
  return {
    relPaths: joinPaths(folders.map(({ relPath }) => relPath)),
    ...packParts(folders.flatMap(({ files, hashes }) => [files, hashes])),
  };
}

export function unpackFolders({ relPaths, ...packed }: PackedFolders): StoredFolder[] {
  const parts = unpackParts(packed);
  return splitPaths(relPaths, parts.length / 2).map((relPath, k) => ({
    relPath,
    files: parts[2 * k] ?? new Uint8Array(0),
    hashes: parts[2 * k + 1] ?? null,
  }));
}
