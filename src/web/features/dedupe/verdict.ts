import type { DedupeGroup } from '../../../contract/dedupe.ts';
import { type Choices, decideAll } from './choices.ts';
import { type DedupeAction, protectedFiles, withOtherNames } from './group-files.ts';

/** What becomes of one group as things stand. */
export interface Verdict {
  /**
   * `proposed`: rules would do so, and do not decide yet. `open`: nobody said anything. `asked`: what the rules say is on
   * its way.
   */
  readonly source: 'hand' | 'rules' | 'proposed' | 'skipped' | 'open' | 'asked';
  /** Positions that stay. */
  readonly keep: readonly number[];
  /** Those that stay whatever is chosen. */
  readonly isProtected: readonly number[];
}

/** What the rules would keep; `asked`: that is on its way; `none`: there are no rules, or they could not be asked. */
export type Proposal = readonly number[] | 'asked' | 'none';

type Members = Pick<DedupeGroup, 'files' | 'size'>;

export function verdictOf(group: Members, number: number, choices: Choices, proposal: Proposal): Verdict {
  const isProtected = protectedFiles(group, choices.rules);
  const mark = choices.marks.get(number);
  if (mark?.kind === 'skip') return { source: 'skipped', keep: group.files.map((_, index) => index), isProtected };
  if (mark) return { source: 'hand', keep: withOtherNames(group, [...mark.keep, ...isProtected]), isProtected };
  if (proposal === 'none') return { source: 'open', keep: isProtected, isProtected };
  if (proposal === 'asked') return { source: 'asked', keep: isProtected, isProtected };
  return { source: decideAll(choices) ? 'rules' : 'proposed', keep: proposal, isProtected };
}

/** Whether a file that does not stay can be linked: to one of its location; elsewhere it depends on the drive. */
export type Linking = 'yes' | 'same-drive' | 'never';

export function linkingOf(group: Members, { keep }: Verdict, index: number, action: DedupeAction): Linking {
  const location = group.files[index]?.location;
  if (action === 'delete' || keep.some((one) => group.files[one]?.location === location)) return 'yes';
  return action === 'symlink' ? 'never' : 'same-drive';
}

export type Fate = 'stays' | 'goes' | 'open';

export function fateOf({ source, keep }: Verdict, index: number): Fate {
  if (source === 'open' || source === 'asked') return keep.includes(index) ? 'stays' : 'open';
  return keep.includes(index) ? 'stays' : 'goes';
}
