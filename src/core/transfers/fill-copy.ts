import type { RawFileStat } from '../ports/changing-file-system.ts';
import type { RawStat } from '../ports/raw-file-system.ts';
import type { CopyOrder } from '../ports/transfer-files.ts';
import { mayClone, rememberRefusal } from './clone-support.ts';
import { type OpenSource, openSource, requireUnchanged } from './copy-source.ts';
import { exists } from './file-facts.ts';
import type { OpenPlaces } from './open-place.ts';
import { PartFile } from './part-file.ts';
import { partName } from './part-name.ts';
import { lookForEarlier } from './resume-copy.ts';
import { isCode, orNull } from './side.ts';
import { type Streamed, streamContent } from './stream-content.ts';
import type { TransferContext } from './transfer-context.ts';

/** A copy on its way: filled, then stored, then published, then told. */
export interface RunningCopy {
  readonly order: CopyOrder;
  readonly part: PartFile;
  readonly way: 'clone' | 'stream' | 'found';
  readonly source: RawFileStat;
  /** What goes on beside the filling of others. Null where no bytes were streamed. */
  readonly streamed: Pick<Streamed, 'hash' | 'endSyncs'> | null;
  /** Of streamed bytes: known when they are being stored. */
  blake3: Uint8Array | null;
  isDurable: boolean;
  /** Bytes that are not reported yet. */
  unreported: number;
  /** Facts under the final name. */
  published: RawStat | null;
}

export interface CopyTools {
  readonly context: TransferContext;
  readonly places: OpenPlaces;
}

/**
 * Brings all bytes into the unfinished file, and makes sure that they are those of the file that was planned. Whatever
 * stops it is thrown, with the unfinished file handed to `onPart` before.
 */
export function fillCopy(order: CopyOrder, tools: CopyTools, onPart: (part: PartFile) => void): RunningCopy {
  const source = openSource(tools.places, order);
  try {
    const target = tools.places.makeParent(order.to, { isSyncedLater: true });
    const part = new PartFile(target, partName(target.name, order.tag));
    onPart(part);
    const { context } = tools;
    const earlier = order.isResumed
      ? lookForEarlier({ order, source, target, partName: part.name, context })
      : requireAbsent(part);
    if (earlier.found === 'whole') {
      const { stat, blake3, isDurable } = earlier;
      const known = { streamed: null, blake3, isDurable };
      return { order, part, way: 'found', source: source.before, ...known, unreported: stat.size, published: stat };
    }
    const copy = cloned(order, { part, source, context, isFresh: earlier.found === 'nothing' });
    return copy ?? streamed(order, { part, source, context, isFresh: earlier.found === 'nothing' });
  } finally {
    source.file.close();
  }
}

function requireAbsent({ target }: PartFile): { readonly found: 'nothing' } {
  const { folder, side, name, relPath } = target;
  if (orNull(() => side(() => folder.lstat(name))) !== null) throw exists(relPath);
  return { found: 'nothing' };
}

interface Filling {
  readonly part: PartFile;
  readonly source: OpenSource;
  readonly context: TransferContext;
  readonly isFresh: boolean;
}

/** Shares the blocks where the drive can; null where not. The bytes are the source's own, so its known hash is theirs. */
function cloned(order: CopyOrder, { part, source, context, isFresh }: Filling): RunningCopy | null {
  // Reading back needs a hash to compare with.
  if (!isFresh || (order.verify === 'readback' && order.blake3 === null)) return null;
  const { folder, side } = part.target;
  const drives = { from: source.before.device, to: side(() => folder.stat()).device };
  if (!mayClone(context.fs, drives)) return null;
  try {
    part.cloneFrom(source.place);
  } catch (thrown) {
    if (!isCode(thrown, 'UNSUPPORTED')) throw thrown;
    rememberRefusal(context.fs, drives);
    part.removeEmpty();
    return null;
  }
  requireUnchanged(source);
  const { blake3 } = order;
  const known = { streamed: null, blake3, isDurable: true };
  return {
    order,
    part,
    way: 'clone',
    source: source.before,
    ...known,
    unreported: source.before.size,
    published: null,
  };
}

function streamed(order: CopyOrder, { part, source, context, isFresh }: Filling): RunningCopy {
  const file = isFresh ? part.create() : part.adopt();
  const earlier = isFresh ? null : part.openEarlier();
  const { side } = part.target;
  try {
    const streamed = streamContent({
      source,
      file,
      side,
      context,
      earlier,
      onDurable: (bytes) => context.report({ n: order.n, type: 'moved-on', bytes }),
    });
    requireUnchanged(source);
    const known = { streamed, blake3: null, isDurable: true };
    return {
      order,
      part,
      way: 'stream',
      source: source.before,
      ...known,
      unreported: streamed.unsynced,
      published: null,
    };
  } finally {
    earlier?.close();
  }
}
