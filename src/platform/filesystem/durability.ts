import type { BegunSync, Durability } from '../../core/ports/changing-file-system.ts';
import { codeOf, fromOsError } from './os-error.ts';
import type { SyncKind, SyncsBeside } from './syncs-beside.ts';

/**
 * The drive, or the file system in front of it, has no such call. Everything else that fsync answers (EIO, ENOSPC,
 * EDQUOT: what was written is not there) is a failure of the write.
 */
const cannotSay = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EPERM', 'EBADF']);

/** As `durabilityOf`, of a sync that other threads make meanwhile. */
export function begunSync(
  syncs: SyncsBeside,
  { what, descriptor, shown }: { readonly what: SyncKind; readonly descriptor: number; readonly shown: string },
): BegunSync {
  const ended = syncs.begin(what, descriptor);
  return () => durabilityOf(ended, shown);
}

export function durabilityOf(sync: () => void, shown: string): Durability {
  try {
    sync();
    return 'durable';
  } catch (thrown) {
    if (cannotSay.has(codeOf(thrown))) return 'unknown';
    throw fromOsError(thrown, shown, 'write');
  }
}
