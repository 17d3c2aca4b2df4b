import type { DedupeScan } from '../../../contract/dedupe.ts';
import type { dedupeStages } from '../../../contract/dedupe-words.ts';
import { countOf, formatBytes, formatCount } from '../../ui/format.ts';
import { formatDuration } from '../../ui/format-time.ts';

export type Stage = (typeof dedupeStages)[number];
export type NameOf = (id: string) => string;

export const stageWords: Readonly<Record<Stage, readonly [title: string, meaning: string]>> = {
  listing: ['Listing', 'Files are listed and lined up by size. Nothing is read.'],
  sampling: ['Sampling', 'Beginning and end of files of one size are compared.'],
  hashing: ['Hashing', 'Files whose samples agree are read as a whole.'],
  comparing: ['Comparing', 'Re-saved models are looked for among equal tensors.'],
};

const stateWords: Readonly<Record<DedupeScan['state'], string>> = {
  running: 'under way',
  done: 'done',
  cancelled: 'cancelled',
  failed: 'failed',
  stale: 'interrupted',
};

export function stateWord({ state }: Pick<DedupeScan, 'state'>): string {
  return stateWords[state];
}

/** `Local`, `Local and Lake`, `Local, Lake and Archive`. */
export function listNames(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? '';
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

export function placesText({ sides, folder }: Pick<DedupeScan, 'sides' | 'folder'>, nameOf: NameOf): string {
  const where = listNames(sides.map(nameOf));
  return folder === '' ? where : `${folder} on ${where}`;
}

/** How far the stage is: files, bytes read, speed, time left. */
export function stageText(scan: DedupeScan): string {
  const { filesDone, filesTotal, bytesDone, bytesTotal, bytesPerSecond, etaSeconds } = scan;
  const files =
    filesTotal > filesDone
      ? `${formatCount(filesDone)} of ${countOf(filesTotal, 'file')}`
      : countOf(Math.max(filesDone, filesTotal), 'file');
  const bytes = bytesTotal > 0 ? `${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)} read` : '';
  const speed = bytesPerSecond > 0 ? `${formatBytes(bytesPerSecond)}/s` : '';
  const eta = etaSeconds === null ? '' : `${formatDuration(etaSeconds)} left`;
  return [files, bytes, speed, eta].filter(Boolean).join(', ');
}

/** Of the stage, 0 to 1; undefined while its end is not known. */
export function stageShare({ filesDone, filesTotal, bytesDone, bytesTotal }: DedupeScan): number | undefined {
  if (bytesTotal > 0) return Math.min(1, bytesDone / bytesTotal);
  return filesTotal > 0 ? Math.min(1, filesDone / filesTotal) : undefined;
}

export function foundText({ summary, state }: Pick<DedupeScan, 'summary' | 'state'>): string {
  const { groups, redundantFiles, reclaimableBytes } = summary;
  if (groups === 0) return state === 'running' ? 'Looking …' : state === 'done' ? 'No duplicates' : 'None found';
  return `${countOf(groups, 'group')}, ${countOf(redundantFiles, 'file')} too many, ${formatBytes(reclaimableBytes)} can be freed`;
}

/** What the scan did not take for duplicates, and what it cost, in short. */
export function notesOf({ sharedFiles, unreadable, summary, state }: DedupeScan): readonly string[] {
  const hasEnded = state !== 'running';
  return [
    sharedFiles > 0 ? `${countOf(sharedFiles, 'name shares its file', 'names share their file')} already` : '',
    unreadable > 0 ? `${countOf(unreadable, 'file')} could not be read` : '',
    !hasEnded ? '' : summary.bytesRead === 0 ? 'no content had to be read' : `${formatBytes(summary.bytesRead)} read`,
    hasEnded ? `took ${formatDuration(summary.elapsedMs / 1000)}` : '',
  ].filter(Boolean);
}
