import type { BegunSync, RawFolder, RawNewFile } from '../ports/changing-file-system.ts';
import type { Side } from './side.ts';

/** Where the file system cannot sync beside other work, the work is done when the answer is asked for. */
export function beginSync(open: Pick<RawFolder | RawNewFile, 'sync' | 'beginSync'>, side: Side): BegunSync {
  const begun = side(() => open.beginSync?.());
  return () => side(begun ?? (() => open.sync()));
}

export function beginSyncData(file: RawNewFile, side: Side): BegunSync {
  const begun = side(() => file.beginSyncData?.());
  return () => side(begun ?? (() => file.syncData()));
}
