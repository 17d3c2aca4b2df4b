import { AppError } from '../errors/app-error.ts';
import type { RawStat } from '../ports/raw-file-system.ts';
import type { DeleteOrder, FilePlace } from '../ports/transfer-files.ts';
import type { OpenPlaces } from './open-place.ts';
import { orNull } from './side.ts';

/** Some drives keep times in steps of two seconds, and show finer ones only until they forget them. */
const sameTimeNs = 2_000_000_000n;

/**
 * What has to be so in another location before a file goes, looked at on its drive right before: a pause may lie between
 * a copy and the end of its source, and days between a mirror's plan and its deletes.
 *
 * @throws FILE_CHANGED where the copy of a moved file is not there; PLAN_STALE where the source of a mirror has the file,
 * and where it is the last copy of its content by now.
 */
export function requireConditions({ at, copy, others, original }: DeleteOrder, places: OpenPlaces): void {
  if (copy && !isCopy(statOf(copy.at, places), copy)) {
    throw new AppError('FILE_CHANGED', `The copy of “${at.relPath}” is not there any more, so its source was kept.`, {
      hint: 'Refresh both locations and move it again.',
      location: copy.at.location,
    });
  }
  if (others && !others.some((other) => isCopy(statOf(other.at, places), other))) throw isLastCopy(at);
  if (original && statOf(original, places) !== null) {
    throw new AppError('PLAN_STALE', `“${at.relPath}” was kept: the source of the mirror has it now.`, {
      location: original.location,
    });
  }
}

export function isLastCopy({ relPath }: Pick<FilePlace, 'relPath'>): AppError {
  return new AppError('PLAN_STALE', `“${relPath}” was kept: by now it is the last known copy of its content.`);
}

function isCopy(stat: RawStat | null, { size, mtimeNs }: NonNullable<DeleteOrder['copy']>): boolean {
  if (stat?.kind !== 'file' || stat.size !== size) return false;
  const difference = stat.mtimeNs - mtimeNs;
  return difference <= sameTimeNs && difference >= -sameTimeNs;
}

function statOf(at: FilePlace, places: OpenPlaces): RawStat | null {
  const place = orNull(() => places.openParent(at));
  return place && orNull(() => place.side(() => place.folder.lstat(place.name)));
}
