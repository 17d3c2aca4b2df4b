import { blake3Of } from '../../core/catalog/content-index.ts';
import { findFile, joinPath } from '../../core/catalog/location-index.ts';
import { sortedPositions } from '../../core/catalog/ordered-sort.ts';
import type { Candidates } from '../../core/dedupe/candidates.ts';
import type { KnownContents } from '../../core/dedupe/known-contents.ts';
import { hashPartition, inSets, sizeOf } from '../../core/dedupe/sort-out.ts';
import type { Pacer } from '../../core/ports/clock.ts';
import type { DedupePorts, FileToHash } from './dedupe-ports.ts';

export interface HashStagePorts {
  readonly candidates: Candidates;
  readonly contents: KnownContents;
  readonly pacer: Pacer;
  readonly signal: AbortSignal;
  readonly hashFiles: DedupePorts['hashFiles'];
  readonly onRead: (files: number, bytes: number) => void;
  readonly onLost: (files: number) => void;
  readonly onEqual: (files: readonly number[]) => void;
}

/**
 * Each folder is rewritten when one of its files is hashed, so small files are better hashed folder by folder than by
 * what they may free: in chunks of 2,048 a library of 200,000 small files was stored twelve times over.
 */
const filesAtOnce = 16_384;
const bytesAtOnce = 4 * 1024 ** 3;
/** Under way at once, so that the drive is never idle while answers are looked at. */
const chunksAtOnce = 2;

/** What hashing the open sets would read. */
export function measureOpen(sets: readonly (readonly number[])[], { candidates, contents }: HashStagePorts) {
  let files = 0;
  let bytes = 0;
  for (const set of sets) {
    for (const c of set) {
      if (contents.hasHash(c)) continue;
      files += 1;
      bytes += sizeOf(candidates, c);
    }
  }
  return { files, bytes };
}

/** Hashes files of one size and one sample, those that may free most first, and reports sets of equal ones. */
export async function hashOpen(sets: readonly (readonly number[])[], ports: HashStagePorts): Promise<void> {
  const gains = Float64Array.from(sets, (set) => sizeOf(ports.candidates, set[0] ?? 0) * (set.length - 1));
  const order = await sortedPositions(gains, true, ports.pacer);
  const inOrder = Array.from(order, (k) => sets[k] ?? []);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < inOrder.length && !ports.signal.aborted) {
      const chunk: (readonly number[])[] = [];
      for (let files = 0, bytes = 0; next < inOrder.length; next += 1) {
        const set = inOrder[next] ?? [];
        files += set.length;
        bytes += set.length * sizeOf(ports.candidates, set[0] ?? 0);
        if (chunk.length > 0 && (files > filesAtOnce || bytes > bytesAtOnce)) break;
        chunk.push(set);
      }
      await hashChunk(chunk, ports);
    }
  };
  await Promise.all(Array.from({ length: chunksAtOnce }, work));
}

async function hashChunk(sets: readonly (readonly number[])[], ports: HashStagePorts): Promise<void> {
  const { contents, candidates, signal, pacer } = ports;
  const open = sets.flat().filter((c) => !contents.hasHash(c));
  // In the order of their folders, which is more or less that of the drive.
  open.sort((x, y) => x - y);
  let reported = 0;
  const report = (files: number, bytes: number): void => {
    ports.onRead(files, bytes - reported);
    reported = bytes;
  };
  await ports.hashFiles(
    open.map((c) => toFile(c, candidates)),
    { signal, onRead: (bytes) => report(0, bytes) },
  );
  ports.onRead(open.length, 0);
  if (signal.aborted) return;
  ports.onLost(open.filter((c) => !takeHash(c, ports)).length);
  const byHash = hashPartition(contents);
  for (const set of sets) {
    const readable = set.filter((c) => !contents.isLost(c));
    for (const equal of await inSets(readable, byHash, pacer)) if (equal.length > 1) ports.onEqual(equal);
    const pause = pacer.breathe();
    if (pause) await pause;
  }
}

function toFile(c: number, { folders, folderOf, positionOf }: Candidates): FileToHash {
  const place = folders[folderOf[c] ?? 0];
  if (!place) throw new RangeError(`no candidate ${c}`);
  const i = positionOf[c] ?? 0;
  const { files } = place.folder;
  return { slot: place.slot, relPath: joinPath(place.folder.relPath, files.name(i)), size: files.size(i) };
}

/** The hash that the index has by now, of a file that is still what it was when the scan began. */
function takeHash(c: number, { candidates, contents }: HashStagePorts): boolean {
  const { slot, relPath } = toFile(c, candidates);
  const before = candidates.folders[candidates.folderOf[c] ?? 0]?.folder.files;
  const i = candidates.positionOf[c] ?? 0;
  const now = findFile(slot.index, relPath);
  const isSame =
    now !== null &&
    before !== undefined &&
    (now.folder.files === before ||
      (now.folder.files.size(now.i) === before.size(i) &&
        now.folder.files.mtimeNs(now.i) === before.mtimeNs(i) &&
        now.folder.files.fileId(now.i) === before.fileId(i)));
  const blake3 = isSame ? blake3Of(now) : null;
  if (blake3 !== null) contents.setHash(c, blake3);
  else contents.lose(c);
  return blake3 !== null;
}
