import type { IndexedFolder } from '../catalog/location-index.ts';
import type { LocationSlot } from '../catalog/location-slot.ts';
import type { Pacer } from '../ports/clock.ts';
import { SizeTable } from './size-table.ts';

export interface CandidateFolder {
  readonly slot: LocationSlot;
  readonly folder: IndexedFolder;
}

/**
 * Files that share their size with another, numbered in the order of their folders: what may be a duplicate at all. In
 * columns, because in a library of small files that is nearly all of them.
 */
export interface Candidates {
  readonly count: number;
  readonly folders: readonly CandidateFolder[];
  /** Of each candidate: position of its folder, and its own position in it. */
  readonly folderOf: Uint32Array;
  readonly positionOf: Uint32Array;
  /** Candidates ordered by size. Those of set s stand from `setStarts[s]` up to `setStarts[s + 1]`. */
  readonly bySize: Uint32Array;
  readonly setStarts: Uint32Array;
}

export interface CandidateOptions {
  readonly minBytes: number;
  readonly pacer: Pacer;
}

export async function findCandidates(
  folders: readonly CandidateFolder[],
  { minBytes, pacer }: CandidateOptions,
): Promise<Candidates> {
  const sizes = new SizeTable(folders.reduce((sum, { folder }) => sum + folder.files.count, 0));
  for (const { folder } of folders) {
    for (let i = 0; i < folder.files.count; i += 1) if (isWanted(folder, i, minBytes)) sizes.add(folder.files.size(i));
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  const { count, starts } = sizes.closeSets();
  const folderOf = new Uint32Array(count);
  const positionOf = new Uint32Array(count);
  const bySize = new Uint32Array(count);
  let next = 0;
  for (const [f, { folder }] of folders.entries()) {
    for (let i = 0; i < folder.files.count; i += 1) {
      const place = isWanted(folder, i, minBytes) ? sizes.takePlace(folder.files.size(i)) : -1;
      if (place < 0) continue;
      folderOf[next] = f;
      positionOf[next] = i;
      bySize[place] = next;
      next += 1;
    }
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  return { count, folders, folderOf, positionOf, bySize, setStarts: starts };
}

/** A link is no file of its own, and what it leads to is in the index under its own name. */
function isWanted({ files }: IndexedFolder, i: number, minBytes: number): boolean {
  return files.kind(i) === 'file' && files.size(i) >= minBytes;
}
