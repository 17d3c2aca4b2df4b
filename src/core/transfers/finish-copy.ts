import { AppError } from '../errors/app-error.ts';
import { toAfter } from './file-facts.ts';
import type { RunningCopy } from './fill-copy.ts';
import { readHash } from './read-hash.ts';
import { isSameBytes } from './stream-content.ts';
import type { TransferContext } from './transfer-context.ts';

/** All bytes are written: they are compared with the known hash, and begin their way to the drive. @throws CONTENT_CHANGED */
export function beginStoring(copy: RunningCopy): void {
  const { order, part, way, streamed } = copy;
  if (streamed) copy.blake3 = streamed.hash();
  const { blake3 } = copy;
  if (order.verify !== 'none' && order.blake3 !== null && blake3 !== null && !isSameBytes(blake3, order.blake3)) {
    throw new AppError(
      'CONTENT_CHANGED',
      `The bytes of “${order.from.relPath}” are not those that were hashed, though its size and time are the same.`,
      {
        hint: 'The file may be damaged: hash it again, and compare it with another copy.',
        location: order.from.location,
      },
    );
  }
  if (way !== 'found') part.beginStoring(order.expected.mtimeNs);
}

/** All bytes are on the drive, and read back where that was asked for. */
export function endStoring(copy: RunningCopy, context: TransferContext): void {
  const { order, part, streamed } = copy;
  if (streamed && !streamed.endSyncs()) copy.isDurable = false;
  if (copy.way !== 'found') {
    if (part.endStoring() !== 'durable') copy.isDurable = false;
    if (order.verify === 'readback') compareReadBack(copy, context);
  }
  if (copy.unreported > 0) context.report({ n: order.n, type: 'moved-on', bytes: copy.unreported });
}

/** Reads what the drive has. @throws COPY_DIFFERS */
function compareReadBack(copy: RunningCopy, context: TransferContext): void {
  const { target, name } = copy.part;
  const file = target.side(() => target.folder.openReadBack(name));
  try {
    const isOurs = copy.part.isThis(target.side(() => file.stat()));
    const blake3 = readHash({ file, side: target.side, context, relPath: target.relPath });
    if (isOurs && copy.blake3 !== null && isSameBytes(blake3, copy.blake3)) return;
  } finally {
    file.close();
  }
  throw new AppError('COPY_DIFFERS', `The copy of “${target.relPath}” read back differently, so it was removed.`, {
    hint: 'Check the drive and its cable before you trust it with more.',
    location: target.location,
  });
}

export function publish(copy: RunningCopy): void {
  copy.published ??= copy.part.publish();
}

/** Everything about it is on the drive, as far as that can say. */
export function tell(copy: RunningCopy, isSynced: boolean, context: TransferContext): void {
  const { order, way, blake3, published, source } = copy;
  if (published === null) throw new RangeError('a copy without a name');
  const isDurable = copy.isDurable && (isSynced || isDurableByFile(copy, context));
  context.report({
    n: order.n,
    type: 'done',
    after: toAfter(published),
    blake3,
    way,
    isDurable,
    // The time of a file with several names changes with each of them, and all of them may be moved.
    ...(source.links > 1 ? {} : { sourceCtimeNs: source.ctimeNs }),
  });
}

/**
 * Windows has no sync for folders; but flushing a file there flushes the drive's log up to that moment, and with it the
 * name the file was given before (NTFS, "FlushFileBuffers").
 */
function isDurableByFile({ part }: RunningCopy, { fs }: TransferContext): boolean {
  if (fs.platform !== 'win32') return false;
  const { folder, side, name } = part.target;
  const file = side(() => folder.openWrite(name));
  try {
    return side(() => file.sync()) === 'durable';
  } finally {
    file.close();
  }
}
