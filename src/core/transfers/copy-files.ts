import type { CopyOrder } from '../ports/transfer-files.ts';
import { CopyLine } from './copy-line.ts';
import { isCode } from './side.ts';
import type { TransferContext } from './transfer-context.ts';

/**
 * Copies groups of files that share their waits for the drive: all of a group are written, then all synced with their
 * folders, then all get their names, then the folders are synced; only then is the first of them reported. One that
 * fails drops out and leaves nothing. While the drive stores what was written, the next group is written.
 *
 * Cancelled: those that have their names are reported, the unfinished files go. A drive that is gone: they stay, to be
 * gone on with.
 *
 * @param next The next group, or null where none is there (yet): it is asked again until nothing is unfinished.
 */
export function copyFiles(next: () => readonly CopyOrder[] | null, context: TransferContext): void {
  const line = new CopyLine(context);
  try {
    for (;;) {
      const orders = next();
      if (orders === null && !line.isBusy) return;
      line.next(orders ?? []);
    }
  } catch (thrown) {
    if (isCode(thrown, 'CANCELLED')) line.cancel();
    throw thrown;
  } finally {
    line.close();
  }
}
