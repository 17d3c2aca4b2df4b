import { isBelow } from '../../core/catalog/location-index.ts';
import type { LocationSlot } from '../../core/catalog/location-slot.ts';
import { type CandidateFolder, type Candidates, findCandidates } from '../../core/dedupe/candidates.ts';
import type { DuplicateGroup } from '../../core/dedupe/duplicate-group.ts';
import { KnownContents } from '../../core/dedupe/known-contents.ts';
import { findSameFiles } from '../../core/dedupe/same-files.ts';
import { findUnsampled, sortOut } from '../../core/dedupe/sort-out.ts';
import { AppError, cancelled } from '../../core/errors/app-error.ts';
import type { DedupePorts } from './dedupe-ports.ts';
import { type HashStagePorts, hashOpen, measureOpen } from './hash-stage.ts';
import { makeGroup } from './make-group.ts';
import { byLocation, type SampleStagePorts, sampleFiles, type Wanted } from './sample-stage.ts';
import type { ScanProgress } from './scan-progress.ts';

/** What is looked through. */
export interface ScanWish {
  readonly sides: readonly LocationSlot[];
  readonly folder: string;
  readonly minBytes: number;
  readonly variants: boolean;
}

export interface ScanOptions {
  readonly progress: ScanProgress;
  readonly signal: AbortSignal;
  readonly onGroup: (group: DuplicateGroup) => void;
  /** Something moved on. */
  readonly onProgress: () => void;
}

/**
 * Reads the folders again, then tells files of one size apart: by what the index knows, by their ends, and where these
 * agree by the BLAKE3 hashes of all of them. Only the last one makes a group.
 *
 * @returns The folders that were looked through, as they are now.
 * @throws AppError LOCATION_OFFLINE, LOCATION_SHRUNKEN, ENTRY_NOT_FOUND, CANCELLED
 */
export async function runScan(wish: ScanWish, options: ScanOptions, ports: DedupePorts): Promise<void> {
  const { progress, signal, onGroup, onProgress } = options;
  const { pacer } = ports;
  progress.begin('listing');
  onProgress();
  await readAgain(wish, ports);
  const candidates = await findCandidates(foldersOf(wish), { minBytes: wish.minBytes, pacer });
  const same = await findSameFiles(candidates, pacer);
  progress.shared = same.shared;
  const contents = new KnownContents(candidates.count);
  await contents.load(candidates, pacer);
  const sorting = { candidates, same, contents, pacer };
  stopAt(signal);

  const wanted = byLocation(candidates, await findUnsampled(sorting));
  await sampleAll(wanted, { candidates, contents }, options, ports);
  stopAt(signal);

  const open: (readonly number[])[] = [];
  const onEqual = (files: readonly number[]): void => onGroup(makeGroup(files, sorting));
  await sortOut(sorting, { onEqual, onOpen: (files) => open.push(files) });
  const hashing: HashStagePorts = {
    ...sorting,
    signal,
    hashFiles: ports.hashFiles,
    onEqual,
    onRead(files, bytes) {
      progress.add(files, bytes);
      onProgress();
    },
    onLost(files) {
      progress.unreadable += files;
    },
  };
  progress.begin('hashing', measureOpen(open, hashing));
  onProgress();
  await hashOpen(open, hashing);
  stopAt(signal);
}

function stopAt(signal: AbortSignal): void {
  if (signal.aborted) throw cancelled('The scan');
}

async function readAgain({ sides, folder }: ScanWish, { refresh }: DedupePorts): Promise<void> {
  for (const result of await Promise.all(sides.map((slot) => refresh(slot, folder)))) {
    if (result.outcome === 'done') continue;
    if (result.outcome === 'cancelled') throw cancelled('The refresh');
    const code = result.outcome === 'attention' ? 'LOCATION_SHRUNKEN' : 'LOCATION_OFFLINE';
    throw new AppError(code, result.message ?? `“${result.id}” cannot be read.`, {
      hint:
        code === 'LOCATION_OFFLINE'
          ? 'Mount or plug it in, then scan again.'
          : `If files are really gone, confirm it: weightroom location accept ${result.id}`,
    });
  }
  if (sides.some(({ index }) => folder === '' || index.folder(folder) !== undefined)) return;
  const where = sides.map(({ definition }) => `“${definition.name}”`).join(' or ');
  throw new AppError('ENTRY_NOT_FOUND', `There is no folder “${folder}” in ${where}.`, { hint: 'Check the spelling.' });
}

export function foldersOf({ sides, folder: below }: Pick<ScanWish, 'sides' | 'folder'>): readonly CandidateFolder[] {
  return sides.flatMap((slot) => {
    const inside = slot.index.inOrder().filter(({ relPath }) => isBelow(below, relPath));
    return inside.map((folder) => ({ slot, folder }));
  });
}

async function sampleAll(
  wanted: readonly Wanted[],
  found: { readonly candidates: Candidates; readonly contents: KnownContents },
  { progress, signal, onProgress }: ScanOptions,
  ports: DedupePorts,
): Promise<void> {
  const sum = (amount: (one: Wanted) => number): number => wanted.reduce((total, one) => total + amount(one), 0);
  progress.begin('sampling', { files: sum(({ files }) => files.length), bytes: sum(({ bytes }) => bytes) });
  onProgress();
  const sampling: SampleStagePorts = {
    ...found,
    catalog: ports.catalog,
    pacer: ports.pacer,
    signal,
    threadsFor: (slot) => threadsFor(slot, Math.max(1, Math.floor(ports.workers / wanted.length))),
    onSampled({ files, bytes, lost }) {
      progress.add(files, bytes);
      progress.unreadable += lost;
      onProgress();
    },
  };
  await Promise.all(wanted.map((one) => sampleFiles(one, sampling)));
  if (wanted.length === 0) return;
  ports.events.publish('compare.changed', { locations: wanted.map(({ slot }) => slot.definition.id) });
}

/** Seeks are what a spinning drive is slow at; a share has latency to hide, and so have the many small reads of samples. */
function threadsFor(slot: LocationSlot, share: number): number {
  const drive = slot.definition.drive === 'auto' ? slot.driveKind : slot.definition.drive;
  if (drive === 'hdd' || drive === 'removable') return 1;
  return drive === 'network' ? 4 : share;
}
