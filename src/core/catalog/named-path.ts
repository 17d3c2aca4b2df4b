import { AppError } from '../errors/app-error.ts';
import { quoted } from '../paths/quoted.ts';
import type { CompareView } from './compare-view.ts';
import { findFile, type LocationIndex } from './location-index.ts';
import type { LocationSlot } from './location-slot.ts';

/**
 * What a person means by a path. On Linux `\\` is a letter like any other, so a path that holds one is taken as it is
 * where there is such a file, and with `/` in its place, as Windows writes it, where only that is there.
 */
export function findNamed(index: LocationIndex, relPath: string): string {
  if (!relPath.includes('\\') || isThere(index, relPath)) return relPath;
  const slashed = relPath.replaceAll('\\', '/').replace(/\/$/, '');
  return isThere(index, slashed) ? slashed : relPath;
}

/** The same for a folder of a comparison; one that neither side has stays as it was typed. */
export function findNamedFolder(view: CompareView, typed: string): string {
  const folder = typed.replace(/([^/])\/$/, '$1');
  if (!folder.includes('\\') || view.node(folder)) return folder;
  const slashed = folder.replaceAll('\\', '/').replace(/\/$/, '');
  return view.node(slashed) ? slashed : folder;
}

function isThere(index: LocationIndex, relPath: string): boolean {
  return index.folder(relPath) !== undefined || findFile(index, relPath) !== null;
}

export function notInIndex({ definition: { name } }: LocationSlot, relPath: string): AppError {
  const hint = /[*?]/.test(relPath)
    ? 'Names are taken as they are, without patterns: name the files, or the folder they lie in.'
    : 'Check the spelling, or refresh the location if it is new.';
  return new AppError('ENTRY_NOT_FOUND', `${quoted(relPath)} is not in the index of “${name}”.`, { hint });
}
