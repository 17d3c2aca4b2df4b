import { AppError } from '../errors/app-error.ts';
import type { RawFileStat, RawReadFile } from '../ports/changing-file-system.ts';
import type { CopyOrder } from '../ports/transfer-files.ts';
import { requireExpected } from './file-facts.ts';
import type { OpenPlace, OpenPlaces } from './open-place.ts';

/** The file that is copied, open, with what it said of itself at the beginning. */
export interface OpenSource {
  readonly place: OpenPlace;
  readonly file: RawReadFile;
  readonly before: RawFileStat;
}

/** A link is copied as the file it leads to, inside its location: that is what the index knows of it. */
export function openSource(places: OpenPlaces, order: CopyOrder): OpenSource {
  const named = places.openParent(order.from);
  const isLink = named.side(() => named.folder.lstat(named.name)).kind === 'link';
  const place = isLink ? places.followLink(named) : named;
  const file = place.side(() => place.folder.openRead(place.name));
  try {
    const before = place.side(() => file.stat());
    place.side(() => requireExpected(before, order.expected, order.from.relPath));
    return { place, file, before };
  } catch (thrown) {
    file.close();
    throw thrown;
  }
}

/** After the last byte: nobody wrote to the file that was read, and it is still the one its name leads to. */
export function requireUnchanged({ place, file, before }: OpenSource): void {
  const open = place.side(() => file.stat());
  const named = place.side(() => place.folder.lstat(place.name));
  const isSame =
    open.size === before.size &&
    open.mtimeNs === before.mtimeNs &&
    open.ctimeNs === before.ctimeNs &&
    open.fileId === before.fileId &&
    named.kind === 'file' &&
    named.size === before.size &&
    named.mtimeNs === before.mtimeNs &&
    named.fileId === before.fileId;
  if (!isSame) throw changedWhileCopied(place);
}

export function changedWhileCopied({ relPath, location }: OpenPlace): AppError {
  return new AppError('FILE_CHANGED', `“${relPath}” changed while it was being copied, so the copy was removed.`, {
    hint: 'Copy it again when nothing writes to it.',
    location,
  });
}
