import type { RawStat } from '../ports/raw-file-system.ts';
import type { OpenPlace } from './open-place.ts';
import { isCode, orNull } from './side.ts';

/** Is it like the empty file that a move leaves under the new name where it is cut short on a drive without hard links? */
export function looksLeftBehind(there: RawStat, moved: RawStat): boolean {
  return there.kind === 'file' && there.size === 0 && there.links === 1 && moved.kind === 'file' && moved.size > 0;
}

/**
 * On a drive with hard links no move leaves an empty file, so one that is there is somebody's. Tried with a file of ours;
 * `probe` is a name of ours as well.
 */
export function hasHardLinks(
  { folder, side, name }: Pick<OpenPlace, 'folder' | 'side' | 'name'>,
  probe: string,
): boolean {
  try {
    side(() => folder.link(folder, name, probe));
  } catch (thrown) {
    if (isCode(thrown, 'UNSUPPORTED')) return false;
    if (!isCode(thrown, 'TARGET_EXISTS')) throw thrown;
  }
  orNull(() => side(() => folder.remove(probe)));
  return true;
}
