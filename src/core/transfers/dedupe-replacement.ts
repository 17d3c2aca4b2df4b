import { AppError } from '../errors/app-error.ts';
import type { RawStat } from '../ports/raw-file-system.ts';
import type { DedupeAction, DedupeOrder } from '../ports/transfer-files.ts';
import { discard, replacementOf, statOrNull } from './dedupe-aside.ts';
import { type Member, requireUntouched } from './dedupe-member.ts';
import { isSameFile } from './file-facts.ts';
import type { OpenPlace } from './open-place.ts';
import { join, separatorOf } from './real-paths.ts';
import { isCode, quietly } from './side.ts';
import type { TransferContext } from './transfer-context.ts';

/** What takes the victim's name: made under a name of ours first, so that nothing is missing for longer than a rename. */
export interface Replacement {
  readonly made: OpenPlace;
  readonly stat: RawStat;
}

interface Pair {
  readonly keeper: Member;
  readonly victim: Member;
  readonly context: TransferContext;
}

type LinkAction = Exclude<DedupeAction, 'delete'>;

/** @throws UNSUPPORTED where the drive has no such links, and whatever else keeps it from being made; nothing is left. */
export function makeReplacement({ action, tag }: DedupeOrder, pair: Pair): Replacement | null {
  if (action === 'delete') return null;
  const { place } = pair.victim;
  const made = replacementOf(place, tag);
  discard(made);
  try {
    makers[action](made, pair);
    const stat = made.side(() => made.folder.lstat(made.name));
    requireReplacement(action, { made, stat }, pair);
    return { made, stat };
  } catch (thrown) {
    if (thrown instanceof AppError && !isCode(thrown, 'LOCATION_OFFLINE')) quietly(() => discard(made));
    throw thrown;
  }
}

const makers: Readonly<Record<LinkAction, (made: OpenPlace, pair: Pair) => void>> = {
  hardlink({ folder, side, name }, { keeper }) {
    requireOneDrive(
      keeper,
      side(() => folder.stat()),
    );
    side(() => folder.link(keeper.place.folder, keeper.place.name, name));
  },
  reflink({ folder, side, name }, { keeper, victim }) {
    side(() => folder.clone(keeper.place.folder, keeper.place.name, name));
    requireUntouched(keeper);
    const file = side(() => folder.openWrite(name));
    try {
      side(() => file.setMtime(victim.before.mtimeNs));
      side(() => file.sync());
    } finally {
      file.close();
    }
  },
  symlink({ folder, side, name, realPath, location }, { keeper, context }) {
    if (keeper.place.location !== location) {
      throw new AppError('UNSUPPORTED', `A link to “${keeper.place.relPath}” would lead outside its location.`, {
        location,
      });
    }
    const target = relativePath(realPath, keeper.place.realPath, keeper.place.name, separatorOf(context.fs));
    side(() => folder.symlink(target, name));
  },
};

/** It is what it is meant to be, under the name it has now. @throws UNSUPPORTED */
export function requireReplacement(action: LinkAction, { made, stat }: Replacement, { keeper, context }: Pair): void {
  // Without ids it could not be told from another file, and so not be taken away again.
  if (stat.fileId !== 0n && isReplacement(action, { made, stat }, { keeper, context })) return;
  throw new AppError('UNSUPPORTED', `What was made in place of “${made.relPath}” did not turn out as a ${action}.`, {
    hint: 'The drive may not have such links; delete the duplicate instead.',
    location: made.location,
  });
}

export function isReplacement(
  action: LinkAction,
  { made, stat }: Replacement,
  { keeper, context }: Pick<Pair, 'keeper' | 'context'>,
): boolean {
  const { before } = keeper;
  switch (action) {
    case 'hardlink':
      return stat.kind === 'file' && isSameFile(stat, before);
    case 'reflink':
      return stat.kind === 'file' && stat.size === before.size && !isSameFile(stat, before);
    case 'symlink':
      return stat.kind === 'link' && leadsTo(made, keeper, context);
  }
}

function leadsTo(link: OpenPlace, { place, before }: Member, { fs }: TransferContext): boolean {
  try {
    const real = link.side(() => fs.realPath(join(fs, link.realPath, link.name)));
    const stat = link.side(() => fs.stat(real));
    const isSame = stat.fileId === before.fileId && stat.device === before.device && stat.size === before.size;
    return isSame && real === join(fs, place.realPath, place.name);
  } catch (thrown) {
    if (isCode(thrown, 'FILE_NOT_FOUND', 'LINK_LOOP', 'LINK_BROKEN')) return false;
    throw thrown;
  }
}

/** Gives it the victim's name, which must be free. Returns its facts there. */
export function publishReplacement({ made, stat }: Replacement, place: OpenPlace): RawStat {
  const { folder, side, name } = place;
  try {
    side(() => folder.moveNoReplace(made.name, folder, name));
  } catch (thrown) {
    const there = statOrNull(place);
    if (!isCode(thrown, 'IO_FAILED', 'ACCESS_DENIED', 'FILE_BUSY') || there === null || !isSameThing(there, stat))
      throw thrown;
    // It may have got the new name and kept the old one.
    quietly(() => side(() => folder.remove(made.name)));
  }
  return side(() => folder.lstat(name));
}

/** Takes it away again, under whichever of its names it has; what is not it stays. */
export function withdrawReplacement({ made, stat }: Replacement, place: OpenPlace): void {
  discard(made);
  const there = statOrNull(place);
  if (there !== null && isSameThing(there, stat)) place.side(() => place.folder.remove(place.name));
}

function isSameThing(one: RawStat, other: RawStat): boolean {
  return one.kind === other.kind && isSameFile(one, other);
}

function requireOneDrive({ before, place }: Member, { device }: RawStat): void {
  if (before.device === device) return;
  throw new AppError('UNSUPPORTED', `“${place.relPath}” lies on another drive, so it cannot share a file.`, {
    hint: 'Delete the duplicate instead.',
    location: place.location,
  });
}

function relativePath(from: string, folder: string, name: string, separator: string): string {
  const [start, end] = [from.split(separator), folder.split(separator)];
  let common = 0;
  while (common < start.length && common < end.length && start[common] === end[common]) common += 1;
  const up = start
    .slice(common)
    .filter((part) => part !== '')
    .map(() => '..');
  return [...up, ...end.slice(common).filter((part) => part !== ''), name].join(separator);
}
