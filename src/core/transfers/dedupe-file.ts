import { AppError } from '../errors/app-error.ts';
import { foldName } from '../paths/name-folding.ts';
import { nameOf } from '../paths/rel-path-parts.ts';
import type { DedupeOrder, FileAfter } from '../ports/transfer-files.ts';
import { asideOf, discard, removeAside, restore, statOrNull } from './dedupe-aside.ts';
import { requireOneContent } from './dedupe-content.ts';
import { makeDurable } from './dedupe-durable.ts';
import {
  changedMeanwhile,
  isSameContent,
  type Member,
  openDirectly,
  openMember,
  requireNamed,
} from './dedupe-member.ts';
import {
  makeReplacement,
  publishReplacement,
  type Replacement,
  requireReplacement,
  withdrawReplacement,
} from './dedupe-replacement.ts';
import { settleEarlier } from './dedupe-resume.ts';
import type { Deduped, DedupeRun } from './dedupe-run.ts';
import { isSameFile, toAfter } from './file-facts.ts';
import type { OpenPlace } from './open-place.ts';
import { isCode, orNull, quietly } from './side.ts';

/**
 * Removes one duplicate, or makes it a link to its keeper. Both files are held open from the first look to the end:
 *
 * 1. Both are what was planned, neither behind a link, not one file.
 * 2. Both have one content, read now; the keeper is on its drive.
 * 3. What takes the victim's name is made and checked under a name of ours.
 * 4. The victim is moved aside. If the keeper's name does not lead to the keeper any more, both were one file, whatever
 *    the drive says of its files: the victim gets its name back.
 * 5. The replacement gets the name and is on its drive.
 * 6. What was moved aside is removed.
 *
 * Whatever goes wrong before the last step, the victim gets its name back.
 */
export function dedupeFile(order: DedupeOrder, run: DedupeRun): Deduped {
  if (order.at.location === order.keeper.location && order.at.relPath === order.keeper.relPath) throw sameFile(order);
  const { places } = run.tools;
  const place = order.isResumed ? orNull(() => openDirectly(places, order.at)) : openDirectly(places, order.at);
  const settled = settleEarlier(order, place, run);
  if (settled !== null) return settled;
  const keeper = openMember(places, order.keeper, order.keeperExpected);
  try {
    run.protect(keeper.before);
    const victim = openMember(places, order.at, order.expected);
    try {
      return replace(order, keeper, victim, run);
    } finally {
      victim.close();
    }
  } finally {
    keeper.close();
  }
}

function replace(order: DedupeOrder, keeper: Member, victim: Member, run: DedupeRun): Deduped {
  const { fs } = run.tools.context;
  if (isSameFile(keeper.before, victim.before) || areOneName(keeper.place, victim.place)) throw sameFile(order);
  if (run.isProtected(victim.before)) throw keptForAnother(victim.place);
  requireOneContent(order, keeper, victim, run);
  makeDurable(keeper, order, run);
  const pair = { keeper, victim, context: run.tools.context };
  const replacement = makeReplacement(order, pair);
  const { place } = victim;
  const aside = asideOf(place, order.tag);
  run.markChanged(place);
  try {
    const freedBytes = moveAside(keeper, victim, aside, fs.platform === 'win32');
    let after: FileAfter | null = null;
    if (replacement !== null && order.action !== 'delete') {
      const stat = publishReplacement(replacement, place);
      requireReplacement(order.action, { made: place, stat }, pair);
      place.side(() => place.folder.sync());
      after = toAfter(order.action === 'symlink' ? keeper.before : stat);
    }
    const keeperAfter = order.action === 'hardlink' ? toAfter(keeper.place.side(() => keeper.file.stat())) : null;
    removeAside(aside);
    // Which of several names was the last must be the same after a power cut as it is told now.
    if (freedBytes === 0) quietly(() => void place.side(() => place.folder.sync()));
    return { place, after, keeperAfter, freedBytes };
  } catch (thrown) {
    undo(thrown, place, aside, replacement);
    throw thrown;
  }
}

/** Names that some drives do not tell apart are two only where the folder lists both. */
function areOneName(one: OpenPlace, other: OpenPlace): boolean {
  const rules = { caseSensitive: false, unicodeSensitive: false };
  if (one.folder !== other.folder || foldName(one.name, rules) !== foldName(other.name, rules)) return false;
  const names = new Set(one.side(() => one.folder.list()).map(({ name }) => name));
  return !names.has(one.name) || !names.has(other.name);
}

/** Returns how much space the victim takes, where nothing else keeps it. */
function moveAside(keeper: Member, victim: Member, aside: OpenPlace, isWindows: boolean): number {
  const { folder, side, name } = victim.place;
  // Windows keeps the name of a file that is open until it is closed.
  if (isWindows) victim.close();
  side(() => folder.moveNoReplace(name, folder, aside.name));
  requireStillThere(keeper, victim.place);
  requireNotInFolderOf(keeper, aside);
  const moved = side(() => folder.openRead(aside.name));
  try {
    const stat = side(() => moved.stat());
    if (!isSameContent(stat, victim.before)) throw changedMeanwhile(victim.place);
    if (isSameFile(stat, keeper.before)) throw changedMeanwhile(victim.place);
    return stat.links <= 1 ? stat.allocatedBytes : 0;
  } finally {
    moved.close();
  }
}

function requireStillThere(keeper: Member, { relPath, location }: OpenPlace): void {
  try {
    requireNamed(keeper);
  } catch (thrown) {
    if (!isCode(thrown, 'FILE_NOT_FOUND')) throw thrown;
    const message = `“${keeper.place.relPath}” went as soon as “${relPath}” was moved: both are one file, or another program removed it. “${relPath}” was kept.`;
    throw new AppError('SAME_FILE', message, { location });
  }
}

/**
 * A drive may still tell of a name that is gone, but not know a name that it was never asked for: if the keeper's folder
 * has the file that was moved aside and both had one name, they were one file.
 */
function requireNotInFolderOf({ place }: Member, aside: OpenPlace): void {
  if (place.folder === aside.folder || place.name !== nameOf(aside.relPath)) return;
  if (orNull(() => place.side(() => place.folder.lstat(aside.name))) === null) return;
  throw new AppError('SAME_FILE', `“${aside.relPath}” is “${place.relPath}” under another path, so it was kept.`);
}

function undo(thrown: unknown, place: OpenPlace, aside: OpenPlace, replacement: Replacement | null): void {
  if (!(thrown instanceof AppError)) return;
  if (isCode(thrown, 'LOCATION_OFFLINE')) return quietly(() => undoNow(place, aside, replacement));
  undoNow(place, aside, replacement);
}

function undoNow(place: OpenPlace, aside: OpenPlace, replacement: Replacement | null): void {
  // What was removed already stays so: then its replacement is all there is under its name.
  if (replacement !== null && statOrNull(aside) !== null) withdrawReplacement(replacement, place);
  else if (replacement !== null) discard(replacement.made);
  restore(place, aside);
}

function sameFile({ at, keeper }: DedupeOrder): AppError {
  return new AppError(
    'SAME_FILE',
    `“${at.relPath}” is the same file as “${keeper.relPath}”, so it was kept: it frees nothing.`,
    {
      location: at.location,
    },
  );
}

function keptForAnother({ relPath, location }: OpenPlace): AppError {
  return new AppError('SAME_FILE', `“${relPath}” is the file that is kept for other duplicates, so it was kept.`, {
    location,
  });
}
