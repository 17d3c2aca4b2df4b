import { foldName } from '../paths/name-folding.ts';
import type { RawStat } from '../ports/raw-file-system.ts';
import type { CopyOrder } from '../ports/transfer-files.ts';
import { type OpenSource, requireUnchanged } from './copy-source.ts';
import { exists, isSameFile } from './file-facts.ts';
import { hasHardLinks, looksLeftBehind } from './left-behind.ts';
import type { OpenPlace } from './open-place.ts';
import { linkProbeName } from './part-name.ts';
import { readHash } from './read-hash.ts';
import { isCode, orNull } from './side.ts';
import { isSameBytes } from './stream-content.ts';
import type { TransferContext } from './transfer-context.ts';

/** What an earlier attempt at a copy left. */
export type Earlier =
  | { readonly found: 'nothing' }
  /** An unfinished file. */
  | { readonly found: 'part' }
  /** The whole file, under its final name. */
  | {
      readonly found: 'whole';
      readonly stat: RawStat;
      readonly blake3: Uint8Array | null;
      readonly isDurable: boolean;
    };

export interface ResumeOptions {
  readonly order: CopyOrder;
  readonly source: OpenSource;
  readonly target: OpenPlace;
  readonly partName: string;
  readonly context: TransferContext;
}

/** @throws TARGET_EXISTS where something else has the final name; the unfinished file is removed then. */
export function lookForEarlier(options: ResumeOptions): Earlier {
  const { target, partName } = options;
  const { folder, side, name } = target;
  const part = orNull(() => side(() => folder.lstat(partName)));
  const there = orNull(() => side(() => folder.lstat(name)));
  if (there !== null && !isLeftBehind(there, part, options)) return settleWith(there, part, options);
  if (there !== null) side(() => folder.remove(name));
  if (part === null) return { found: 'nothing' };
  if (part.kind !== 'file') throw exists(partName);
  if (part.links === 1) return { found: 'part' };
  // It was published and then renamed by somebody: writing to it would change that file.
  side(() => folder.remove(partName));
  return { found: 'nothing' };
}

/**
 * On a drive without hard links a kill between two steps leaves an empty file under the final name, beside the complete
 * unfinished one.
 */
function isLeftBehind(there: RawStat, part: RawStat | null, { order, target, partName: name }: ResumeOptions): boolean {
  if (part === null || part.size !== order.expected.size || !looksLeftBehind(there, part)) return false;
  return !hasHardLinks({ ...target, name }, linkProbeName(target.name, order.tag));
}

/** The final name is taken: by what this order made, by the very same bytes, or by something else. */
function settleWith(there: RawStat, part: RawStat | null, options: ResumeOptions): Earlier {
  const { order, target, partName } = options;
  const { folder, side } = target;
  // The source by another path (a bind mount, a share of a local folder, a hard link) is no second copy.
  if (isSameFile(there, options.source.before)) throw exists(target.relPath);
  const isPublishedPart = part !== null && isSameFile(part, there);
  const isWhole = there.kind === 'file' && there.size === order.expected.size;
  const blake3 = isWhole ? commonHash(options) : null;
  if (blake3 !== null && !isPublishedPart && isSourceItself(options)) throw exists(target.relPath);
  if (part?.kind === 'file') orNull(() => side(() => folder.remove(partName)));
  if (blake3 === null) throw exists(target.relPath);
  const isDurable = makeDurable(target);
  return { found: 'whole', stat: side(() => folder.lstat(target.name)), blake3, isDurable };
}

/**
 * Something may show the folder of the source under a second path and give its files other ids there (FUSE, a share of
 * this very machine). Only a name tells, one that nobody can have asked for before: made at the target, it is at the
 * source as well.
 */
function isSourceItself({ order, source: { place }, target }: ResumeOptions): boolean {
  const { folder, side, name } = target;
  const rules = { caseSensitive: false, unicodeSensitive: false };
  if (foldName(place.name, rules) !== foldName(name, rules)) return false;
  const probe = linkProbeName(name, order.tag);
  try {
    side(() => folder.createFile(probe)).close();
  } catch (thrown) {
    // Left by an attempt that was cut short.
    if (!isCode(thrown, 'TARGET_EXISTS')) throw thrown;
  }
  try {
    return orNull(() => place.side(() => place.folder.lstat(probe))) !== null;
  } finally {
    orNull(() => side(() => folder.remove(probe)));
  }
}

/**
 * The hash that source and target have in common; null where they differ. Both are read: what is known of the source is
 * not what is in it where somebody changed it and put its time back, and a move removes it on the strength of this.
 */
function commonHash({ order, source, target, context }: ResumeOptions): Uint8Array | null {
  const { folder, side, name, relPath } = target;
  const file = side(() => (order.verify === 'readback' ? folder.openReadBack(name) : folder.openRead(name)));
  try {
    const there = readHash({ file, side, context, relPath });
    if (order.blake3 !== null && !isSameBytes(there, order.blake3)) return null;
    const { place } = source;
    const here = readHash({ file: source.file, side: place.side, context, relPath: place.relPath });
    requireUnchanged(source);
    return isSameBytes(there, here) ? there : null;
  } finally {
    file.close();
  }
}

/** Whoever wrote it may not have waited for the drive. */
function makeDurable({ folder, side, name }: OpenPlace): boolean {
  try {
    const file = side(() => folder.openWrite(name));
    try {
      return side(() => file.sync()) === 'durable';
    } finally {
      file.close();
    }
  } catch (thrown) {
    if (isCode(thrown, 'ACCESS_DENIED', 'READ_ONLY')) return false;
    throw thrown;
  }
}
