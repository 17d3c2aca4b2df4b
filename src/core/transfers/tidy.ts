import { AppError } from '../errors/app-error.ts';
import { relativeTo } from '../paths/containment.ts';
import type { RawFolder } from '../ports/changing-file-system.ts';
import type { TidyOrder } from '../ports/transfer-files.ts';
import { tidyAside } from './dedupe-tidy.ts';
import { behindLink } from './delete-file.ts';
import type { CopyTools } from './fill-copy.ts';
import { hasHardLinks, looksLeftBehind } from './left-behind.ts';
import type { OpenPlace } from './open-place.ts';
import { linkProbeName, partName } from './part-name.ts';
import { escapes, join, separatorOf } from './real-paths.ts';
import { isCode, orNull } from './side.ts';
import { requireStaged, stagingFolder } from './staging-folder.ts';

/** Removes what the order names, and reports. What is not there is done. */
export function tidy(order: TidyOrder, tools: CopyTools): void {
  const { what, at, n } = order;
  if (what.kind === 'staged') requireStaged(at.relPath);
  const place = orNull(() => tools.places.openParent(at));
  let isDurable = true;
  if (place !== null) {
    if (what.kind === 'part') removePart(place, what);
    else if (what.kind === 'aside') tidyAside(place, what.tag, tools);
    else if (what.kind === 'empty-folder') removeEmptyFolder(place);
    else removeStaged(place, new Set(what.keep), tools);
    tools.places.markLoss(place);
    isDurable = tools.places.sync()(place);
  }
  if (what.kind === 'staged') removeStagingFolder(order, tools);
  tools.context.report({ n, type: 'done', after: null, blake3: null, way: 'none', isDurable });
}

function removePart(place: OpenPlace, { tag, size = 0 }: { readonly tag: string; readonly size?: number }): void {
  const { folder, side, name } = place;
  const unfinished = partName(name, tag);
  const probe = linkProbeName(name, tag);
  const part = orNull(() => side(() => folder.lstat(unfinished)));
  const there = part?.kind === 'file' && part.size === size ? orNull(() => side(() => folder.lstat(name))) : null;
  if (part && there && looksLeftBehind(there, part) && !hasHardLinks({ ...place, name: unfinished }, probe))
    orNull(() => side(() => folder.remove(name)));
  for (const ours of [unfinished, probe]) {
    const stat = orNull(() => side(() => folder.lstat(ours)));
    if (stat?.kind === 'file') orNull(() => side(() => folder.remove(ours)));
  }
}

function removeEmptyFolder(place: OpenPlace): void {
  const { folder, side, name, relPath } = place;
  const stat = orNull(() => side(() => folder.lstat(name)));
  if (stat === null) return;
  if (!place.isDirect) throw behindLink(place);
  if (stat.kind !== 'folder') {
    throw new AppError('FILE_CHANGED', `“${relPath}” is not a folder any more, so it was left alone.`);
  }
  orNull(() => side(() => folder.removeFolder(name)));
}

function removeStaged(place: OpenPlace, kept: ReadonlySet<string>, tools: CopyTools): void {
  if (!place.isDirect) throw behindLink(place);
  const stat = orNull(() => place.side(() => place.folder.lstat(place.name)));
  if (stat !== null)
    removeTree(place, { folder: place.folder, name: place.name, isFolder: stat.kind === 'folder', kept }, tools);
}

interface Branch {
  readonly folder: RawFolder;
  readonly name: string;
  readonly isFolder: boolean;
  /** Names in it that stay. */
  readonly kept?: ReadonlySet<string>;
}

/** Links go as links; nothing is followed, and every folder is checked to be the one below when it is open. */
function removeTree(place: OpenPlace, { folder, name, isFolder, kept }: Branch, tools: CopyTools): void {
  const { side, realRoot, relPath, location } = place;
  const { fs, breathe } = tools.context;
  breathe();
  if (!isFolder) {
    orNull(() => side(() => folder.remove(name)));
    return;
  }
  const path = join(
    fs,
    side(() => folder.realPath()),
    name,
  );
  const inner = side(() => fs.openFolder(path));
  let isEmpty = true;
  try {
    const isBelow = side(() => inner.realPath()) === path;
    if (!isBelow || relativeTo(realRoot, path, separatorOf(fs)) === null) throw escapes(relPath, location);
    for (const entry of side(() => inner.list())) {
      isEmpty &&= kept?.has(entry.name) !== true;
      if (kept?.has(entry.name)) continue;
      removeTree(place, { folder: inner, name: entry.name, isFolder: entry.kind === 'folder' }, tools);
    }
  } finally {
    inner.close();
  }
  if (isEmpty) orNull(() => side(() => folder.removeFolder(name)));
}

/** The last staged files of a location are gone: so is the folder they lay in. */
function removeStagingFolder({ at }: TidyOrder, { places }: CopyTools): void {
  const root = places.openParent({ ...at, relPath: stagingFolder });
  try {
    orNull(() => root.side(() => root.folder.removeFolder(root.name)));
  } catch (thrown) {
    if (!isCode(thrown, 'FOLDER_NOT_EMPTY', 'ACCESS_DENIED')) throw thrown;
  }
}
