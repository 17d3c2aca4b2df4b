import { AppError } from '../errors/app-error.ts';
import type { RelPath } from '../paths/rel-path.ts';

/** In the root of a location that keeps deleted files for a while (docs/formats/undo-folder.md). */
export const stagingFolder = '.weightroom-undo';

/** @throws INVALID_PATH unless the path lies below the staging folder. */
export function requireStaged(relPath: RelPath | string): void {
  if (relPath.startsWith(`${stagingFolder}/`)) return;
  throw new AppError('INVALID_PATH', `“${relPath}” does not lie in “${stagingFolder}”, where deleted files are kept.`);
}
