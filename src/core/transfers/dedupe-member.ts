import { AppError } from '../errors/app-error.ts';
import type { RawFileStat, RawReadFile } from '../ports/changing-file-system.ts';
import type { RawStat } from '../ports/raw-file-system.ts';
import type { ExpectedFile, FilePlace } from '../ports/transfer-files.ts';
import { requireExpected } from './file-facts.ts';
import type { OpenPlace, OpenPlaces } from './open-place.ts';

/** One file of a group of duplicates, held open in a folder that is held open. */
export interface Member {
  readonly place: OpenPlace;
  readonly file: RawReadFile;
  /** What it said of itself when it was opened. */
  readonly before: RawFileStat;
  /** Once is enough, more do no harm. */
  close(): void;
}

/** @throws FILE_CHANGED unless the name leads, without any link on the way, to the very file that was planned. */
export function openMember(places: OpenPlaces, at: FilePlace, expected: ExpectedFile): Member {
  return openInPlace(openDirectly(places, at), expected);
}

/** @throws UNSUPPORTED behind a link: the file may have another path there, which nobody looked at. */
export function openDirectly(places: OpenPlaces, at: FilePlace): OpenPlace {
  const place = places.openParent(at);
  if (place.isDirect) return place;
  throw new AppError('UNSUPPORTED', `“${at.relPath}” lies behind a link to a folder, so it was left alone.`, {
    location: at.location,
  });
}

export function openInPlace(place: OpenPlace, expected: ExpectedFile): Member {
  const { folder, side, name, relPath } = place;
  const named = side(() => folder.lstat(name));
  requireExpected(named, expected, relPath);
  const file = side(() => folder.openRead(name));
  try {
    const before = side(() => file.stat());
    requireExpected(before, expected, relPath);
    if (!isSameIdentity(named, before)) throw changedMeanwhile(place);
    let isOpen = true;
    const close = (): void => {
      if (isOpen) file.close();
      isOpen = false;
    };
    return { place, file, before, close };
  } catch (thrown) {
    file.close();
    throw thrown;
  }
}

/** Nobody wrote to the file that is open, and its name still leads to it. */
export function requireUntouched({ place, file, before }: Member): void {
  const open = place.side(() => file.stat());
  const isUntouched = isSameContent(open, before) && open.ctimeNs === before.ctimeNs;
  if (!isUntouched || !isSameContent(lstatOf(place), before)) throw changedMeanwhile(place);
}

/**
 * The file is still under its name: asked of the folder that is held, and once more by opening it, because drives in the
 * network answer questions about names from memory.
 */
export function requireNamed(member: Member): void {
  const { place, file, before } = member;
  const { folder, side, name } = place;
  if (side(() => folder.realPath()) !== place.realPath) throw changedMeanwhile(place);
  if (!isSameContent(lstatOf(place), before)) throw changedMeanwhile(place);
  const again = side(() => folder.openRead(name));
  try {
    if (
      !isSameContent(
        side(() => again.stat()),
        before,
      )
    )
      throw changedMeanwhile(place);
  } finally {
    again.close();
  }
  if (
    !isSameContent(
      side(() => file.stat()),
      before,
    )
  )
    throw changedMeanwhile(place);
}

export function isSameContent(one: RawStat, other: RawStat): boolean {
  return one.kind === 'file' && one.size === other.size && one.mtimeNs === other.mtimeNs && isSameIdentity(one, other);
}

function isSameIdentity(one: RawStat, other: RawStat): boolean {
  return one.fileId === other.fileId && one.device === other.device;
}

export function lstatOf({ folder, side, name }: OpenPlace): RawStat {
  return side(() => folder.lstat(name));
}

export function changedMeanwhile({ relPath, location }: OpenPlace): AppError {
  return new AppError('FILE_CHANGED', `“${relPath}” changed while it was being compared, so nothing was done.`, {
    hint: 'Scan for duplicates again when nothing writes to it.',
    location,
  });
}
