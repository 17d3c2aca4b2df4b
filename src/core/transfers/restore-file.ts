import { AppError } from '../errors/app-error.ts';
import type { RawStat } from '../ports/raw-file-system.ts';
import type { RestoreOrder } from '../ports/transfer-files.ts';
import { exists, isExpected, isSameFile, requireExpected, toAfter } from './file-facts.ts';
import type { CopyTools } from './fill-copy.ts';
import { hasHardLinks, looksLeftBehind } from './left-behind.ts';
import type { OpenPlace, OpenPlaces } from './open-place.ts';
import { orNull } from './side.ts';
import { requireStaged } from './staging-folder.ts';

/** Puts a staged file back; one that an earlier attempt put back, wholly or almost, counts. Reports. */
export function restoreFile(order: RestoreOrder, { context, places }: CopyTools): void {
  requireStaged(order.from.relPath);
  const from = orNull(() => places.openParent(order.from));
  const staged = from && orNull(() => from.side(() => from.folder.lstat(from.name)));
  const to = places.makeParent(order.to);
  const there = orNull(() => to.side(() => to.folder.lstat(to.name)));
  if (from === null || staged === null) requireRestored(there, order);
  else {
    // What a staged link leads to shows only in its old place.
    if (staged.kind !== 'link') requireExpected(staged, order.expected, order.from.relPath);
    putBack(order, { from, to, staged, there });
  }
  const after = to.side(() => to.folder.lstat(to.name));
  const isDurable = syncBoth(places, from, to);
  context.report({ n: order.n, type: 'done', after: toAfter(after), blake3: null, way: 'rename', isDurable });
}

function requireRestored(there: RawStat | null, { expected, from }: RestoreOrder): void {
  if (there !== null && expected.fileId !== 0n && isExpected(there, expected)) return;
  throw new AppError('FILE_NOT_FOUND', `“${from.relPath}” is not there any more, so it cannot be put back.`);
}

interface Found {
  readonly from: OpenPlace;
  readonly to: OpenPlace;
  readonly staged: RawStat;
  readonly there: RawStat | null;
}

function putBack({ isResumed = false }: RestoreOrder, { from, to, staged, there }: Found): void {
  if (there !== null && isSameFile(staged, there)) {
    // It has both names since the last attempt.
    from.side(() => from.folder.remove(from.name));
    return;
  }
  if (there !== null) {
    if (!isResumed || !looksLeftBehind(there, staged) || hasHardLinks(from, `${from.name}-link`))
      throw exists(to.relPath);
    to.side(() => to.folder.remove(to.name));
  }
  from.side(() => from.folder.moveNoReplace(from.name, to.folder, to.name));
}

function syncBoth(places: OpenPlaces, from: OpenPlace | null, to: OpenPlace): boolean {
  places.markGain(to);
  if (from) places.markLoss(from);
  const isSynced = places.sync();
  const all = [isSynced(to), from === null || isSynced(from)];
  return all.every(Boolean);
}
