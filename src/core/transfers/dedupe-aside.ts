import { AppError } from '../errors/app-error.ts';
import type { RawStat } from '../ports/raw-file-system.ts';
import { isSameFile } from './file-facts.ts';
import { hasHardLinks, looksLeftBehind } from './left-behind.ts';
import type { OpenPlace } from './open-place.ts';
import { linkProbeName, partName } from './part-name.ts';
import { isCode, orNull, quietly } from './side.ts';

/** Where the victim goes first: a name of ours in its own folder (docs/formats/part-files.md) that no app takes for a model. */
export function asideOf(place: OpenPlace, tag: string): OpenPlace {
  return { ...place, name: partName(place.name, `${tag}-old`) };
}

/** Where what takes the victim's name is made. */
export function replacementOf(place: OpenPlace, tag: string): OpenPlace {
  return { ...place, name: partName(place.name, `${tag}-new`) };
}

/** Removes a replacement that was not published; it never is the only file of its content. */
export function discard(made: OpenPlace): void {
  const there = statOrNull(made);
  if (there?.kind === 'file' || there?.kind === 'link') made.side(() => made.folder.remove(made.name));
}

/** The drive may remove it and say that it failed. */
export function removeAside(aside: OpenPlace): void {
  try {
    aside.side(() => aside.folder.remove(aside.name));
  } catch (thrown) {
    if (!(thrown instanceof AppError) || isCode(thrown, 'LOCATION_OFFLINE') || statOrNull(aside) !== null) throw thrown;
  }
}

export function statOrNull({ folder, side, name }: OpenPlace): RawStat | null {
  return orNull(() => side(() => folder.lstat(name)));
}

/**
 * Gives the file that was moved aside its name again. `taken`: something else has the name, and the file is still aside.
 * @throws what the drive says
 */
export function putBack(place: OpenPlace, aside: OpenPlace): 'back' | 'taken' | 'nothing' {
  const { folder, side, name } = place;
  const moved = statOrNull(aside);
  if (moved === null) return 'nothing';
  const there = statOrNull(place);
  if (there !== null && isSameFile(there, moved)) {
    side(() => folder.remove(aside.name));
    return 'back';
  }
  // On a drive without hard links a move that was cut short leaves an empty file under the new name.
  if (there !== null && isEmpty(moved) && !isEmpty(there)) {
    side(() => folder.remove(aside.name));
    return 'back';
  }
  const isPlaceholder =
    there !== null && looksLeftBehind(there, moved) && !hasHardLinks(aside, linkProbeName(aside.name, 'probe'));
  if (isPlaceholder) side(() => folder.remove(name));
  else if (there !== null) return 'taken';
  try {
    side(() => folder.moveNoReplace(aside.name, folder, name));
  } catch (thrown) {
    if (!isCode(thrown, 'TARGET_EXISTS')) throw thrown;
    return 'taken';
  }
  return 'back';
}

function isEmpty({ kind, size, links }: RawStat): boolean {
  return kind === 'file' && size === 0 && links <= 1;
}

/** As `putBack`, after something went wrong; says so where it cannot be done. */
export function restore(place: OpenPlace, aside: OpenPlace): void {
  let outcome: ReturnType<typeof putBack>;
  try {
    outcome = putBack(place, aside);
  } catch (thrown) {
    if (isCode(thrown, 'LOCATION_OFFLINE') || !(thrown instanceof AppError)) throw thrown;
    throw leftAside(place, aside, thrown);
  }
  if (outcome === 'taken') throw leftAside(place, aside, null);
  quietly(() => void place.side(() => place.folder.sync()));
}

export function leftAside({ relPath, location }: OpenPlace, { name }: OpenPlace, cause: AppError | null): AppError {
  const why = cause === null ? 'its name was taken by another program meanwhile' : cause.message.replace(/\.$/, '');
  return new AppError(
    'IO_FAILED',
    `“${relPath}” is kept as “${name}” in its folder and has to get its name back: ${why}.`,
    {
      hint: 'Try again, or rename it by hand.',
      location,
      cause,
    },
  );
}
