import type { LocationSlot } from '../catalog/location-slot.ts';
import { AppError } from '../errors/app-error.ts';
import { type Overlap, overlap } from '../paths/containment.ts';

/**
 * Nothing is copied, moved or mirrored between folders of which one lies in the other: what the outer one has too much may
 * be all that the inner one has. Names do not show it where links or mounts lead to one folder.
 *
 * @throws AppError LOCATION_NESTED
 */
export function requireApart(source: LocationSlot, target: LocationSlot): void {
  const relation = relationOf(source, target);
  if (relation === 'apart') return;
  const how = { same: 'is the same folder as', 'a-inside-b': 'lies inside', 'b-inside-a': 'contains' }[relation];
  const [from, to] = [source.definition, target.definition];
  throw new AppError(
    'LOCATION_NESTED',
    `“${from.name}” (${from.path}) ${how} “${to.name}” (${to.path}), so nothing can be transferred between them.`,
    { hint: 'Choose folders that lie apart; a link or a mount may lead from one to the other.' },
  );
}

/** Does neither lie in the other, as far as anybody can tell? */
export function areApart(one: LocationSlot, other: LocationSlot): boolean {
  return relationOf(one, other) === 'apart';
}

function relationOf({ definition: from, facts: x }: LocationSlot, { definition: to, facts: y }: LocationSlot): Overlap {
  const platform = from.path.startsWith('/') ? 'posix' : 'win32';
  const byPath = overlap(x?.realPath ?? from.path, y?.realPath ?? to.path, platform);
  if (byPath !== 'apart' || !x?.place || !y?.place) return byPath;
  return overlap(x.place, y.place, 'posix');
}

/** File systems whose files can share blocks, where the volume was made for it. */
const withSharedBlocks = new Set(['btrfs', 'xfs', 'bcachefs', 'refs', 'apfs']);

/** What a file takes there may be shared with others, so that nobody knows what comes free when it goes. */
export function mayShareBlocks({ facts }: LocationSlot): boolean {
  return facts !== null && withSharedBlocks.has(facts.fileSystem);
}

/** A copy from one to the other may take no space and no time. */
export function sharesBlocks(source: LocationSlot, target: LocationSlot): boolean {
  const [from, to] = [source.facts, target.facts];
  return from !== null && to !== null && from.device === to.device && withSharedBlocks.has(to.fileSystem);
}
