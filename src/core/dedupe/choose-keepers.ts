import type { DedupeRule } from '../../contract/dedupe.ts';
import { isBelow } from '../catalog/location-index.ts';
import { type DuplicateFile, type DuplicateGroup, firstNameOf } from './duplicate-group.ts';

/** What a person said about one group; it wins over every rule but `protect`. */
export interface KeepSelection {
  /** Position of the group in the scan. */
  readonly group: number;
  readonly keep: readonly number[];
  readonly skip: boolean;
}

export interface Victim {
  /** Position in the group. */
  readonly index: number;
  /** Position of the file that stays in its place: on the same drive where there is one. */
  readonly keeper: number;
}

/** One group that is touched. `keep` and `victims` together are all of its files; neither is ever empty. */
export interface KeeperChoice {
  readonly group: number;
  /** Every name that stays: those that were chosen, and the other names of the same files. */
  readonly keep: readonly number[];
  readonly victims: readonly Victim[];
}

/**
 * Decides for each group what stays. Groups that nothing decides, that are skipped, or of which everything stays, are
 * left out. Expects selections that `checkSelections` let through.
 */
export function chooseKeepers(
  groups: readonly DuplicateGroup[],
  rules: readonly DedupeRule[],
  selections: readonly KeepSelection[],
): KeeperChoice[] {
  const selected = bySelectedGroup(selections);
  return groups.flatMap((group, number) => chooseInGroup(group, number, rules, selected.get(number)) ?? []);
}

export function bySelectedGroup(selections: readonly KeepSelection[]): ReadonlyMap<number, KeepSelection> {
  return new Map(selections.map((selection) => [selection.group, selection]));
}

/** null: the group stays as it is. */
export function chooseInGroup(
  group: DuplicateGroup,
  number: number,
  rules: readonly DedupeRule[],
  selection: KeepSelection | undefined,
): KeeperChoice | null {
  if (selection?.skip === true || (selection === undefined && rules.length === 0)) return null;
  const chosen = selection === undefined ? namesToKeep(group, rules) : selection.keep;
  const keep = withOtherNames(group, [...chosen, ...protectedNames(group, rules)]);
  // Whatever was asked for: no group ever loses all of its files.
  if (keep.length === 0 || keep.length === group.files.length) return null;
  const stays = new Set(keep);
  const victims = group.files.flatMap((file, index) =>
    stays.has(index) ? [] : [{ index, keeper: keeperFor(group, file, keep) }],
  );
  return { group: number, keep, victims };
}

/** What rules alone keep: everything protected, or else the best file. Every name of a kept file stays. */
export function proposeKeepers(group: DuplicateGroup, rules: readonly DedupeRule[]): readonly number[] {
  return withOtherNames(group, namesToKeep(group, rules));
}

function namesToKeep(group: DuplicateGroup, rules: readonly DedupeRule[]): readonly number[] {
  const names = protectedNames(group, rules);
  return names.length > 0 ? names : [bestName(group, rules)];
}

function protectedNames({ files }: DuplicateGroup, rules: readonly DedupeRule[]): readonly number[] {
  const protecting = rules.filter((rule) => rule.kind === 'protect');
  return files.flatMap((file, index) => (protecting.some((rule) => isInFolder(file, rule)) ? [index] : []));
}

/** A name of a file that stays frees nothing when it goes, so it stays as well. */
function withOtherNames(group: DuplicateGroup, keep: readonly number[]): readonly number[] {
  const kept = new Set(keep.map((index) => firstNameOf(group, index)));
  return group.files.flatMap((_, index) => (kept.has(firstNameOf(group, index)) ? [index] : []));
}

function bestName({ files }: DuplicateGroup, rules: readonly DedupeRule[]): number {
  let best = 0;
  for (const [index, file] of files.entries()) {
    const champion = files[best];
    if (champion && compare(file, champion, rules) < 0) best = index;
  }
  return best;
}

/** Below 0: `x` is kept rather than `y`. The first rule that tells them apart decides. */
function compare(x: DuplicateFile, y: DuplicateFile, rules: readonly DedupeRule[]): number {
  for (const rule of rules) {
    const order = compareBy(rule, x, y);
    if (order !== 0) return order;
  }
  return (
    x.relPath.length - y.relPath.length || compareText(x.relPath, y.relPath) || compareText(x.location, y.location)
  );
}

function compareBy(rule: DedupeRule, x: DuplicateFile, y: DuplicateFile): number {
  switch (rule.kind) {
    case 'protect':
      return 0;
    case 'prefer':
      return Number(isInFolder(y, rule)) - Number(isInFolder(x, rule));
    case 'shortest-path':
      return x.relPath.length - y.relPath.length;
    case 'oldest':
      return compareTimes(x, y);
    case 'newest':
      return compareTimes(y, x);
    case 'has-sidecars':
      return Number(y.sidecars > 0) - Number(x.sidecars > 0);
  }
}

function compareTimes(x: DuplicateFile, y: DuplicateFile): number {
  return x.mtimeNs < y.mtimeNs ? -1 : x.mtimeNs > y.mtimeNs ? 1 : 0;
}

function compareText(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0;
}

function isInFolder(
  { location, relPath }: DuplicateFile,
  rule: { readonly location?: string | undefined; readonly folder: string },
): boolean {
  return (rule.location === undefined || rule.location === location) && isBelow(rule.folder, relPath);
}

function keeperFor({ files }: DuplicateGroup, victim: DuplicateFile, keep: readonly number[]): number {
  const near = keep.find((index) => files[index]?.device === victim.device);
  return near ?? keep[0] ?? -1;
}
