import { wholeSampleSize } from '../hashing/sample-file.ts';
import type { Pacer } from '../ports/clock.ts';
import type { Candidates } from './candidates.ts';
import type { KnownContents } from './known-contents.ts';
import { Partition } from './partition.ts';
import type { SameFiles } from './same-files.ts';

export interface SortOutPorts {
  readonly candidates: Candidates;
  readonly same: SameFiles;
  readonly contents: KnownContents;
  readonly pacer: Pacer;
}

export interface SortOutResults {
  /** Files of one content, by their first names: equal BLAKE3 hashes of all of each. */
  readonly onEqual: (files: readonly number[]) => void;
  /** Files of one size and one sample, of which some were not hashed yet. */
  readonly onOpen: (files: readonly number[]) => void;
}

/**
 * Files whose ends have to be looked at: those of a size that several files have, unless all of these are hashed. A
 * hashed one among them is looked at too, since nothing else tells it from the others without reading all of them.
 */
export async function findUnsampled({ candidates, same, contents, pacer }: SortOutPorts): Promise<Uint8Array> {
  const wanted = new Uint8Array(candidates.count);
  for (let s = 0; s + 1 < candidates.setStarts.length; s += 1) {
    const files = filesOfSet(s, candidates, same, contents);
    if (files.length > 1 && !files.every((c) => contents.hasHash(c))) {
      const isWhole = sizeOf(candidates, files[0] ?? 0) <= wholeSampleSize;
      for (const c of files) if (isWhole ? !contents.hasHash(c) : !contents.hasSample(c)) wanted[c] = 1;
    }
    const pause = pacer.breathe();
    if (pause) await pause;
  }
  return wanted;
}

/** Goes through all sizes, once everything is sampled that has to be. */
export async function sortOut(ports: SortOutPorts, { onEqual, onOpen }: SortOutResults): Promise<void> {
  const { candidates, same, contents, pacer } = ports;
  const bySample = samplePartition(contents);
  const byHash = hashPartition(contents);
  for (let s = 0; s + 1 < candidates.setStarts.length; s += 1) {
    const files = filesOfSet(s, candidates, same, contents);
    if (files.length > 1) {
      const isSettled = files.every((c) => contents.hasHash(c));
      for (const set of isSettled ? [files] : await inSets(files, bySample, pacer)) {
        if (set.length < 2) continue;
        if (!set.every((c) => contents.hasHash(c))) onOpen(set);
        else for (const equal of await inSets(set, byHash, pacer)) if (equal.length > 1) onEqual(equal);
      }
    }
    const pause = pacer.breathe();
    if (pause) await pause;
  }
}

export function hashPartition(contents: KnownContents): Partition {
  return new Partition(
    (c) => contents.hashBucket(c),
    (x, y) => contents.hasEqualHash(x, y),
  );
}

function samplePartition(contents: KnownContents): Partition {
  return new Partition(
    (c) => contents.sampleBucket(c),
    (x, y) => contents.hasEqualSample(x, y),
  );
}

export async function inSets(files: readonly number[], partition: Partition, pacer: Pacer): Promise<number[][]> {
  for (const [k, c] of files.entries()) {
    partition.add(c);
    const pause = (k & 255) === 255 ? pacer.breathe() : undefined;
    if (pause) await pause;
  }
  return partition.take();
}

/** First names of the files of one size that can be read. */
function filesOfSet(
  s: number,
  { bySize, setStarts }: Candidates,
  { firstName }: SameFiles,
  contents: KnownContents,
): number[] {
  const files: number[] = [];
  const end = setStarts[s + 1] ?? 0;
  for (let k = setStarts[s] ?? 0; k < end; k += 1) {
    const c = bySize[k] ?? 0;
    if (firstName[c] === c && !contents.isLost(c)) files.push(c);
  }
  return files;
}

export function sizeOf({ folders, folderOf, positionOf }: Candidates, c: number): number {
  return folders[folderOf[c] ?? 0]?.folder.files.size(positionOf[c] ?? 0) ?? 0;
}
