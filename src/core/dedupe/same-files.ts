import { deviceOf } from '../catalog/device-of.ts';
import type { Pacer } from '../ports/clock.ts';
import type { Candidates } from './candidates.ts';
import { Partition } from './partition.ts';

/** Names of one file among candidates: hard links, and paths that lead to one folder twice. */
export interface SameFiles {
  /** The first name of the file, itself for most. */
  readonly firstName: Uint32Array;
  /** The next name of the same file; 0 after the last, which no name can be next to. */
  readonly nextName: Uint32Array;
  /** Names beyond the first. */
  readonly shared: number;
}

export async function findSameFiles(candidates: Candidates, pacer: Pacer): Promise<SameFiles> {
  const { count, bySize, setStarts } = candidates;
  const firstName = new Uint32Array(count);
  for (let c = 0; c < count; c += 1) firstName[c] = c;
  const nextName = new Uint32Array(count);
  const lastName = new Map<number, number>();
  const { bucketOf, isSame } = createIdentity(candidates);
  const files = new Partition(bucketOf, isSame);
  let shared = 0;
  const note = (first: number, name: number): void => {
    firstName[name] = first;
    nextName[lastName.get(first) ?? first] = name;
    lastName.set(first, name);
    shared += 1;
  };
  for (let s = 0; s + 1 < setStarts.length; s += 1) {
    const start = setStarts[s] ?? 0;
    const end = setStarts[s + 1] ?? 0;
    // Two files of a size: by far the most frequent case.
    if (end - start === 2) {
      const [first = 0, name = 0] = [bySize[start], bySize[start + 1]];
      if (isSame(first, name)) note(first, name);
    } else {
      for (let k = start; k < end; k += 1) {
        const name = bySize[k] ?? 0;
        const first = files.add(name);
        if (first !== name) note(first, name);
        const pause = (k & 255) === 255 ? pacer.breathe() : undefined;
        if (pause) await pause;
      }
      files.take();
    }
    const pause = (s & 255) === 255 ? pacer.breathe() : undefined;
    if (pause) await pause;
  }
  return { firstName, nextName, shared };
}

function createIdentity({ folders, folderOf, positionOf }: Candidates) {
  return {
    bucketOf(c: number): number {
      return folders[folderOf[c] ?? 0]?.folder.files.fileIdLow(positionOf[c] ?? 0) ?? 0;
    },
    isSame(x: number, y: number): boolean {
      const [a, b] = [folders[folderOf[x] ?? 0], folders[folderOf[y] ?? 0]];
      if (!a || !b) return false;
      const [i, j] = [positionOf[x] ?? 0, positionOf[y] ?? 0];
      const { files } = a.folder;
      return (
        files.hasFileIdOf(i, b.folder.files, j) &&
        files.mtimeDifferenceNs(i, b.folder.files, j) === 0 &&
        deviceOf(a, i) === deviceOf(b, j)
      );
    },
  };
}
