import { AppError } from '../errors/app-error.ts';
import type { RawStat } from '../ports/raw-file-system.ts';
import type { DeleteOrder } from '../ports/transfer-files.ts';
import { requireConditions } from './delete-conditions.ts';
import { exists, isExpected, isSameFile, requireExpected } from './file-facts.ts';
import type { CopyTools } from './fill-copy.ts';
import { looksLeftBehind } from './left-behind.ts';
import type { OpenPlace } from './open-place.ts';
import { join } from './real-paths.ts';
import { orNull, quietly } from './side.ts';
import { requireStaged } from './staging-folder.ts';

/**
 * Removes or stages one file, after a last look at it in the folder that is held open. Returns the folders whose names
 * changed.
 *
 * A link is removed as a link, if what it leads to is what was planned; the file stays. What lies behind a link to a
 * folder is refused: it would take the file away under its own path too, which nobody planned.
 */
export function deleteFile(order: DeleteOrder, tools: CopyTools): readonly OpenPlace[] {
  const place = openOrGone(order, tools);
  const stat = place && orNull(() => place.side(() => place.folder.lstat(place.name)));
  if (place === null || stat === null) {
    if (order.isResumed) return endEarlier(order, place, tools);
    throw new AppError('FILE_NOT_FOUND', `“${order.at.relPath}” does not exist any more.`);
  }
  if (!place.isDirect) throw behindLink(place);
  requireExpected(stat.kind === 'link' ? whatItLeadsTo(place, tools) : stat, order.expected, place.relPath);
  requireConditions(order, tools.places);
  requireSameSince(order, place);
  const staged = order.stage === null ? [] : [stageFile(order, { place, stat, tools })];
  if (order.stage === null) place.side(() => place.folder.remove(place.name));
  for (const folder of staged) tools.places.markGain(folder);
  tools.places.markLoss(place);
  return [place, ...staged];
}

/** What was moved is what was copied: a time that was put back hides a change, but not when it was made. */
function requireSameSince({ copy }: DeleteOrder, { folder, side, name, relPath }: OpenPlace): void {
  if (copy?.sourceCtimeNs === undefined) return;
  const file = side(() => folder.openRead(name));
  try {
    if (side(() => file.stat()).ctimeNs === copy.sourceCtimeNs) return;
  } finally {
    file.close();
  }
  throw new AppError('FILE_CHANGED', `“${relPath}” was changed after it was copied, so it was kept.`, {
    hint: 'Move it again when nothing writes to it.',
  });
}

/** It is gone since an earlier attempt, which may have been cut short before it saw what it had staged. */
function endEarlier(order: DeleteOrder, place: OpenPlace | null, { places }: CopyTools): readonly OpenPlace[] {
  if (order.stage === null || place === null) return [];
  const at = { ...order.at, relPath: `${order.stage.folder}/${order.stage.name}` };
  const staged = orNull(() => places.openParent(at));
  const there = staged && orNull(() => staged.side(() => staged.folder.lstat(staged.name)));
  // Without its id: drives that number files anew give it another one.
  const isOther = there?.kind === 'file' && !isExpected(there, { ...order.expected, fileId: 0n });
  if (staged && isOther) throw giveBack(place, staged);
  return [];
}

function openOrGone({ at, isResumed }: DeleteOrder, { places }: CopyTools): OpenPlace | null {
  return isResumed ? orNull(() => places.openParent(at)) : places.openParent(at);
}

function whatItLeadsTo(place: OpenPlace, { context }: CopyTools): RawStat {
  return place.side(() => context.fs.stat(join(context.fs, place.realPath, place.name)));
}

interface Staging {
  readonly place: OpenPlace;
  readonly stat: RawStat;
  readonly tools: CopyTools;
}

function stageFile(order: DeleteOrder, { place, stat, tools }: Staging): OpenPlace {
  const { folder, name } = order.stage ?? { folder: '', name: '' };
  const relPath = `${folder}/${name}`;
  requireStaged(relPath);
  const staged = tools.places.makeParent({ ...order.at, relPath });
  const { side } = staged;
  const there = order.isResumed ? orNull(() => side(() => staged.folder.lstat(staged.name))) : null;
  if (there !== null && isSameFile(there, stat)) {
    // It has both names since the last attempt.
    side(() => place.folder.remove(place.name));
    return staged;
  }
  if (there !== null) {
    // Nobody else has names in there.
    if (!looksLeftBehind(there, stat)) throw exists(relPath);
    side(() => staged.folder.remove(staged.name));
  }
  side(() => place.folder.moveNoReplace(place.name, staged.folder, staged.name));
  requireMoved(place, staged, stat);
  return staged;
}

/** Somebody may have put another file under the name between the look and the move: that one goes back. */
function requireMoved(place: OpenPlace, staged: OpenPlace, before: RawStat): void {
  const moved = staged.side(() => staged.folder.lstat(staged.name));
  const isIt = moved.kind === before.kind && moved.size === before.size && moved.mtimeNs === before.mtimeNs;
  if (isIt && moved.fileId === before.fileId) return;
  throw giveBack(place, staged);
}

/** Returns what to say of it. */
function giveBack(place: OpenPlace, staged: OpenPlace): AppError {
  quietly(() => staged.side(() => staged.folder.moveNoReplace(staged.name, place.folder, place.name)));
  let isBack = false;
  quietly(() => {
    isBack = orNull(() => staged.side(() => staged.folder.lstat(staged.name))) === null;
  });
  const where = isBack ? '' : `, which is kept as “${staged.relPath}”`;
  return new AppError(
    'FILE_CHANGED',
    `“${place.relPath}” was replaced by another file while it was being deleted${where}.`,
    { hint: isBack ? 'Refresh the location and plan it again.' : 'Give it its name back by hand.' },
  );
}

export function behindLink({ relPath, location }: OpenPlace): AppError {
  return new AppError('UNSUPPORTED', `“${relPath}” lies behind a link to a folder, so it was not removed.`, {
    hint: 'Remove it under its own path, or remove the link.',
    location,
  });
}
