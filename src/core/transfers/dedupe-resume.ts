import { AppError } from '../errors/app-error.ts';
import type { RawStat } from '../ports/raw-file-system.ts';
import type { DedupeOrder, FileAfter } from '../ports/transfer-files.ts';
import {
  asideOf,
  discard,
  leftAside,
  putBack,
  removeAside,
  replacementOf,
  restore,
  statOrNull,
} from './dedupe-aside.ts';
import { requireHash, requireOneContent } from './dedupe-content.ts';
import { makeDurable } from './dedupe-durable.ts';
import { type Member, openInPlace, openMember } from './dedupe-member.ts';
import { isReplacement } from './dedupe-replacement.ts';
import type { Deduped, DedupeRun } from './dedupe-run.ts';
import { isExpected, toAfter } from './file-facts.ts';
import type { OpenPlace } from './open-place.ts';
import { isCode } from './side.ts';

/**
 * What an earlier attempt left: a replacement that was not published goes, a file that was moved aside gets its name
 * back, and where its replacement has that name already, the rest is done. null: the victim is to be dealt with.
 *
 * @param place null: the victim's folder is gone.
 */
export function settleEarlier(order: DedupeOrder, place: OpenPlace | null, run: DedupeRun): Deduped | null {
  if (place === null) return wasGone(order);
  discard(replacementOf(place, order.tag));
  const aside = asideOf(place, order.tag);
  if (statOrNull(aside) !== null) {
    run.markChanged(place);
    return putBack(place, aside) === 'taken' ? finish(order, place, aside, run) : null;
  }
  if (!order.isResumed) return null;
  const there = statOrNull(place);
  if (there === null) return wasGone(order);
  return isExpected(there, order.expected) ? null : wasReplaced(order, place, there, run);
}

function wasGone({ action, at, frees }: DedupeOrder): Deduped {
  if (action !== 'delete') throw new AppError('FILE_NOT_FOUND', `“${at.relPath}” does not exist any more.`);
  return { place: null, after: null, keeperAfter: null, freedBytes: frees, isEstimate: true };
}

/** null: something else has the name; that is found out like any other change. */
function wasReplaced(order: DedupeOrder, place: OpenPlace, there: RawStat, run: DedupeRun): Deduped | null {
  const { action, frees } = order;
  if (action === 'delete') return null;
  const keeper = openMember(run.tools.places, order.keeper, order.keeperExpected);
  try {
    const made = { made: place, stat: there };
    if (!isReplacement(action, made, { keeper, context: run.tools.context })) return null;
    if (action === 'reflink' && (there.mtimeNs !== order.expected.mtimeNs || !hasContent(order, place, there, run)))
      return null;
    const after = toAfter(action === 'symlink' ? keeper.before : there);
    const keeperAfter = action === 'hardlink' ? toAfter(keeper.before) : null;
    return { place, after, keeperAfter, freedBytes: frees, isEstimate: true };
  } finally {
    keeper.close();
  }
}

/** The name is taken, by the replacement or by a stranger: what was moved aside goes once its content is safe. */
function finish(order: DedupeOrder, place: OpenPlace, aside: OpenPlace, run: DedupeRun): Deduped {
  // Known by its name, which nobody else gives: drives that number files anew give it another id.
  const victim = openInPlace(aside, { ...order.expected, fileId: 0n });
  try {
    const after = requireSafe(order, place, victim, run);
    const stat = aside.side(() => victim.file.stat());
    removeAside(aside);
    return { place, after, keeperAfter: null, freedBytes: stat.links <= 1 ? stat.allocatedBytes : 0 };
  } catch (thrown) {
    if (!(thrown instanceof AppError) || isCode(thrown, 'LOCATION_OFFLINE', 'CANCELLED')) throw thrown;
    if (order.action === 'symlink' && statOrNull(place)?.kind === 'link') {
      place.side(() => place.folder.remove(place.name));
      restore(place, aside);
      throw thrown;
    }
    throw leftAside(place, aside, thrown);
  } finally {
    victim.close();
  }
}

/** Either what has the name holds the content itself, or the keeper does. Returns what is under the name. */
function requireSafe(order: DedupeOrder, place: OpenPlace, victim: Member, run: DedupeRun): FileAfter | null {
  const there = place.side(() => place.folder.lstat(place.name));
  const isFile = there.kind === 'file' && there.size === order.expected.size;
  if (order.action !== 'delete' && isFile && hasContent(order, place, there, run)) return toAfter(there);
  const keeper = openMember(run.tools.places, order.keeper, order.keeperExpected);
  try {
    run.protect(keeper.before);
    requireOneContent(order, keeper, victim, run);
    makeDurable(keeper, order, run);
    if (there.kind === 'link') return toAfter(keeper.before);
    return there.kind === 'file' ? toAfter(there) : null;
  } finally {
    keeper.close();
  }
}

/** What has the victim's name holds the bytes of the group, and is on its drive. */
function hasContent(order: DedupeOrder, place: OpenPlace, there: RawStat, run: DedupeRun): boolean {
  const member = openInPlace(place, there);
  try {
    requireHash(member, order.blake3, run.tools.context);
    makeDurable(member, order, run);
    return true;
  } catch (thrown) {
    if (isCode(thrown, 'CONTENT_CHANGED')) return false;
    throw thrown;
  } finally {
    member.close();
  }
}
