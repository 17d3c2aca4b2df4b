import { LearntHashes } from '../../core/catalog/learnt-hashes.ts';
import { type IndexedFolder, joinPath } from '../../core/catalog/location-index.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import type { Candidates } from '../../core/dedupe/candidates.ts';
import type { KnownContents } from '../../core/dedupe/known-contents.ts';
import { sizeOf } from '../../core/dedupe/sort-out.ts';
import { sampleLength, wholeSampleSize } from '../../core/hashing/sample-file.ts';
import type { CatalogStore } from '../../core/ports/catalog-store.ts';
import type { Pacer } from '../../core/ports/clock.ts';
import { type SampleResults, type SampleTargets, sampleStates } from '../../core/ports/location-files.ts';

export interface SampleStagePorts {
  readonly candidates: Candidates;
  readonly contents: KnownContents;
  readonly catalog: CatalogStore;
  readonly pacer: Pacer;
  readonly signal: AbortSignal;
  readonly threadsFor: (slot: LocationSlot) => number;
  readonly onSampled: (sampled: { readonly files: number; readonly bytes: number; readonly lost: number }) => void;
}

const filesPerRequest = 4_096;
/** Under way at once, so that the drive is never idle while answers are looked at. */
const requestsAtOnce = 2;
const mostSaves = 3;

export interface Wanted {
  readonly slot: LocationSlot;
  readonly files: readonly number[];
  readonly bytes: number;
}

/** Chosen files of each location, in the order of their folders. */
export function byLocation(candidates: Candidates, wanted: Uint8Array): readonly Wanted[] {
  const found = new Map<LocationSlot, { files: number[]; bytes: number }>();
  for (let c = 0; c < candidates.count; c += 1) {
    const slot = wanted[c] === 1 ? candidates.folders[candidates.folderOf[c] ?? 0]?.slot : undefined;
    if (!slot) continue;
    const there = found.get(slot) ?? { files: [], bytes: 0 };
    found.set(slot, there);
    there.files.push(c);
    there.bytes += Math.min(sizeOf(candidates, c), wholeSampleSize);
  }
  return [...found].map(([slot, { files, bytes }]) => ({ slot, files, bytes }));
}

/** Looks at the ends of files of one location; what is learnt goes into contents, index and catalog. */
export async function sampleFiles({ slot, files }: Wanted, ports: SampleStagePorts): Promise<void> {
  const learnt = new LearntHashes(slot);
  const saves = new Set<Promise<void>>();
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < files.length && !ports.signal.aborted) {
      const some = files.slice(next, next + filesPerRequest);
      next += some.length;
      const targets = await toTargets(some, ports);
      const results: SampleResults[] = [];
      await slot.files.sample({ targets, threads: ports.threadsFor(slot) }, (one) => results.push(one), ports.signal);
      for (const result of results) {
        take(result, some, learnt, ports);
        const pause = ports.pacer.breathe();
        if (pause) await pause;
      }
      const save = store(slot, learnt.takeChanged(), ports.catalog).finally(() => saves.delete(save));
      saves.add(save);
      // What waits to be stored lies in memory.
      while (saves.size > mostSaves) await Promise.race(saves);
    }
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, work));
  await Promise.all(saves);
}

async function toTargets(files: readonly number[], { candidates, pacer }: SampleStagePorts): Promise<SampleTargets> {
  const relPaths: string[] = [];
  const sizes = new Float64Array(files.length);
  const mtimesNs = new BigInt64Array(files.length);
  const fileIds = new BigUint64Array(files.length);
  let names: readonly string[] = [];
  let namesOf: IndexedFolder | null = null;
  for (const [k, c] of files.entries()) {
    const { folder, i } = placeOf(candidates, c);
    if (folder !== namesOf) names = folder.files.namesForNow();
    namesOf = folder;
    relPaths.push(joinPath(folder.relPath, names[i] ?? ''));
    sizes[k] = folder.files.size(i);
    mtimesNs[k] = folder.files.mtimeNs(i);
    fileIds[k] = folder.files.fileId(i);
    const pause = (k & 255) === 255 ? pacer.breathe() : undefined;
    if (pause) await pause;
  }
  return { relPaths, sizes, mtimesNs, fileIds };
}

function take(
  { from, states, digests, bytes }: SampleResults,
  files: readonly number[],
  learnt: LearntHashes,
  { candidates, contents, onSampled }: SampleStagePorts,
): void {
  let lost = 0;
  for (const [k, state] of states.entries()) {
    const c = files[from + k];
    if (c === undefined || state === 0) continue;
    const file = placeOf(candidates, c);
    if (state === sampleStates.whole) {
      const blake3 = digests.subarray(32 * k, 32 * k + 32);
      contents.setHash(c, blake3);
      learnt.learn(file, blake3);
    } else if (state === sampleStates.sampled) {
      const sample = digests.subarray(32 * k, 32 * k + sampleLength);
      contents.setSample(c, sample);
      learnt.learnSample(file, sample);
    } else {
      contents.lose(c);
      learnt.learnFailure(file, state === sampleStates.changed);
      lost += 1;
    }
  }
  onSampled({ files: states.length, bytes, lost });
}

function placeOf(
  { folders, folderOf, positionOf }: Candidates,
  c: number,
): { readonly folder: IndexedFolder; readonly i: number } {
  const folder = folders[folderOf[c] ?? 0]?.folder;
  if (!folder) throw new RangeError(`no candidate ${c}`);
  return { folder, i: positionOf[c] ?? 0 };
}

async function store(slot: LocationSlot, folders: readonly IndexedFolder[], catalog: CatalogStore): Promise<void> {
  if (folders.length === 0) return;
  const stored = folders.map(({ relPath, files, hashes }) => ({ relPath, files: files.bytes, hashes }));
  await catalog.saveFolders(slot.definition.id, stored, []);
}
