import { AppError } from '../errors/app-error.ts';
import type { Member } from './dedupe-member.ts';
import type { DedupeRun } from './dedupe-run.ts';
import type { OpenPlace } from './open-place.ts';
import { isCode } from './side.ts';

/** A keeper that another program has just written may still be in memory only, and would be lost with the power. */
export function makeDurable({ place, file, before }: Member, blake3: Uint8Array, run: DedupeRun): void {
  if (run.isProven(before, blake3)) return;
  const { folder, side, relPath, location } = place;
  const isDurable = side(() => file.sync()) === 'durable' || syncForWriting(place);
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
  run.remember(before, blake3);
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
