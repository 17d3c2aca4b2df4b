import { AppError } from '../errors/app-error.ts';
import type { DedupeOrder } from '../ports/transfer-files.ts';
import { requireHash } from './dedupe-content.ts';
import { changedMeanwhile, isSameContent, type Member } from './dedupe-member.ts';
import type { DedupeRun } from './dedupe-run.ts';
import type { OpenPlace } from './open-place.ts';
import { isCode } from './side.ts';

/** A keeper that another program has just written may still be in memory only, and would be lost with the power. */
export function makeDurable(
  member: Member,
  { blake3, isResumed }: Pick<DedupeOrder, 'blake3' | 'isResumed'>,
  run: DedupeRun,
): void {
  const { place, before } = member;
  if (run.isProven(before, blake3)) return;
  const { folder, side, relPath, location } = place;
  const isDurable = syncOrDoubt(member, run);
  const isNamed = side(() => folder.sync()) === 'durable' || run.tools.context.fs.platform === 'win32';
  if (!isDurable || !isNamed) {
    throw new AppError(
      'NOT_DURABLE',
      `The drive cannot promise that “${relPath}” is on it, so its duplicate was kept.`,
      {
        location,
      },
    );
  }
  if (isResumed || run.isDoubted(before)) requireStored(member, blake3, run);
  run.remember(before, blake3);
}

function syncOrDoubt({ place, file, before }: Member, run: DedupeRun): boolean {
  try {
    return place.side(() => file.sync()) === 'durable' || syncForWriting(place);
  } catch (thrown) {
    run.doubt(before);
    throw thrown;
  }
}

/**
 * A sync may have failed before. Linux forgets what it could not write: the next sync finds nothing left to do, and until
 * memory is short reading shows bytes that are on no drive. So it is read past the cache.
 */
function requireStored(member: Member, blake3: Uint8Array, run: DedupeRun): void {
  const { place, before } = member;
  const { folder, side, name } = place;
  const file = side(() => folder.openReadBack(name));
  try {
    const stat = side(() => file.stat());
    if (!isSameContent(stat, before)) throw changedMeanwhile(place);
    requireHash({ ...member, file }, blake3, run.tools.context);
  } finally {
    file.close();
  }
}

/** Windows syncs only files that are open for writing. */
function syncForWriting({ folder, side, name }: OpenPlace): boolean {
  try {
    const file = side(() => folder.openWrite(name));
    try {
      return side(() => file.sync()) === 'durable';
    } finally {
      file.close();
    }
  } catch (thrown) {
    if (isCode(thrown, 'ACCESS_DENIED', 'READ_ONLY', 'FILE_BUSY')) return false;
    throw thrown;
  }
}
