import { AppError } from '../errors/app-error.ts';
import type { KeepSelection } from './choose-keepers.ts';
import type { DuplicateGroup } from './duplicate-group.ts';

/**
 * Refuses what no page of this program would send: a group that the scan does not have, or has twice; a file that is
 * not in the group; a group of which nothing stays.
 *
 * @throws AppError INVALID_INPUT
 */
export function checkSelections(groups: readonly DuplicateGroup[], selections: readonly KeepSelection[]): void {
  const seen = new Set<number>();
  for (const { group: number, keep, skip } of selections) {
    const group = groups[number];
    if (group === undefined) throw refused(`This scan has ${groups.length} groups, and none with number ${number}.`);
    if (seen.has(number)) throw refused(`Group ${number} is named twice.`);
    seen.add(number);
    if (skip) continue;
    if (keep.length === 0) throw refused(`Nothing of group ${number} would stay.`, 'Keep one file of it, or skip it.');
    const outside = keep.find((index) => group.files[index] === undefined);
    if (outside !== undefined)
      throw refused(`Group ${number} has ${group.files.length} files, and none at ${outside}.`);
  }
}

function refused(message: string, hint = 'Ask for the groups of the scan again.'): AppError {
  return new AppError('INVALID_INPUT', message, { hint });
}
