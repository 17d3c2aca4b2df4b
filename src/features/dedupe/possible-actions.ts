import type { dedupeActions } from '../../contract/dedupe-words.ts';
import type { KeeperChoice } from '../../core/dedupe/choose-keepers.ts';
import type { DuplicateFile, DuplicateGroup } from '../../core/dedupe/duplicate-group.ts';

export type DedupeAction = (typeof dedupeActions)[number];

export interface ActionLimits {
  /** Lower-case name of what a location is formatted as; null: not known. */
  readonly fileSystemOf: (location: string) => string | null;
}

interface Possible {
  /** The choice without what cannot be done; null: nothing is left of it. */
  restrict(group: DuplicateGroup, choice: KeeperChoice): KeeperChoice | null;
  /** Why files were left out. */
  problems(): string[];
}

/** Known to have no names beside a file's own. */
const withoutHardLinks: ReadonlySet<string> = new Set(['vfat', 'msdos', 'exfat']);
const withoutSymlinks = withoutHardLinks;
/** Known to have files of their own blocks only. What is not known is tried, and reported where it fails. */
const withoutSharedBlocks: ReadonlySet<string> = new Set([
  'ext2',
  'ext3',
  'ext4',
  'f2fs',
  'tmpfs',
  'ntfs',
  'ntfs3',
  'vfat',
  'msdos',
  'exfat',
]);

/** What an action cannot do is known before anybody confirms it. */
export function whatIsPossible(action: DedupeAction, limits: ActionLimits): Possible {
  const left = new Map<string, number>();
  return {
    restrict(group, choice) {
      if (action === 'delete') return choice;
      const victims = choice.victims.filter(({ index, keeper }) => {
        const [victim, kept] = [group.files[index], group.files[keeper]];
        const reason = victim && kept ? whyNot(action, victim, kept, limits) : 'are not in their group';
        if (reason !== null) left.set(reason, (left.get(reason) ?? 0) + 1);
        return reason === null;
      });
      return victims.length === 0 ? null : { ...choice, victims };
    },
    problems: () =>
      Array.from(left, ([reason, count]) =>
        count === 1 ? `1 file is left as it is: ${reason}.` : `${count} files are left as they are: ${reason}.`,
      ),
  };
}

function whyNot(
  action: Exclude<DedupeAction, 'delete'>,
  victim: DuplicateFile,
  keeper: DuplicateFile,
  { fileSystemOf }: ActionLimits,
): string | null {
  const fileSystem = fileSystemOf(victim.location) ?? '';
  if (action === 'symlink') {
    if (withoutSymlinks.has(fileSystem)) return `${fileSystem} has no links`;
    // A link that leads out of its location is not followed by anything here.
    return victim.location === keeper.location
      ? null
      : 'what stays lies in another location, and links never lead there';
  }
  if (victim.device !== keeper.device) return 'what stays lies on another drive';
  if (action === 'hardlink') return withoutHardLinks.has(fileSystem) ? `${fileSystem} has no hard links` : null;
  return withoutSharedBlocks.has(fileSystem) ? `files on ${fileSystem} cannot share their blocks` : null;
}
