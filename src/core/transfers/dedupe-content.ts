import { AppError } from '../errors/app-error.ts';
import type { DedupeOrder } from '../ports/transfer-files.ts';
import { type Member, requireUntouched } from './dedupe-member.ts';
import type { DedupeRun } from './dedupe-run.ts';
import { readHash } from './read-hash.ts';
import { isSameBytes } from './stream-content.ts';
import type { TransferContext } from './transfer-context.ts';

const compareBytes = 1024 * 1024;

/** Both files have one content, now. @throws CONTENT_CHANGED, FILE_CHANGED, or why one of them cannot be read. */
export function requireOneContent(order: DedupeOrder, keeper: Member, victim: Member, run: DedupeRun): void {
  const { context } = run.tools;
  if (order.check === 'bytes') requireSameBytes(keeper, victim, context);
  else {
    if (!isKnown(order, keeper, run)) requireHash(keeper, order.blake3, context);
    if (!isKnown(order, victim, run)) requireHash(victim, order.blake3, context);
  }
  requireUntouched(keeper);
  requireUntouched(victim);
}

/** Read before, and not changed since. */
function isKnown({ check, hashedAfterMs, blake3 }: DedupeOrder, { before }: Member, run: DedupeRun): boolean {
  if (run.isProven(before, blake3)) return true;
  return check === 'facts' && before.ctimeNs > 0n && before.ctimeNs < BigInt(hashedAfterMs) * 1_000_000n;
}

/** @throws CONTENT_CHANGED */
export function requireHash({ file, place }: Member, blake3: Uint8Array, context: TransferContext): void {
  const { side, relPath, location } = place;
  const read = readHash({ file, side, context, relPath });
  if (isSameBytes(read, blake3)) return;
  throw new AppError(
    'CONTENT_CHANGED',
    `The bytes of “${relPath}” are not those that were hashed, though its size and time are the same, so nothing was done.`,
    { hint: 'The file may be damaged: hash it again before you trust it.', location },
  );
}

function requireSameBytes(keeper: Member, victim: Member, context: TransferContext): void {
  const [kept, going] = [new Uint8Array(compareBytes), new Uint8Array(compareBytes)];
  for (let position = 0; ; ) {
    context.breathe();
    const wanted = fill(keeper, kept, position);
    const found = fill(victim, going, position);
    if (!isSameBytes(kept.subarray(0, wanted), going.subarray(0, found))) throw differ(keeper, victim);
    position += wanted;
    if (wanted === 0) break;
  }
}

/** Reads until the buffer is full or the file ends. */
function fill({ file, place }: Member, buffer: Uint8Array, position: number): number {
  let done = 0;
  while (done < buffer.length) {
    const at = done;
    const count = place.side(() => file.read(buffer.subarray(at), position + at));
    if (count === 0) break;
    done += count;
  }
  return done;
}

function differ(keeper: Member, victim: Member): AppError {
  return new AppError(
    'CONTENT_CHANGED',
    `“${victim.place.relPath}” and “${keeper.place.relPath}” differ, though they have one hash on record, so nothing was done.`,
    { hint: 'One of them may be damaged: hash both again.', location: victim.place.location },
  );
}
