import type { DedupeRule } from '../../../contract/dedupe.ts';
import { visibleName } from '../../ui/visible-name.ts';

type RuleKind = DedupeRule['kind'];

export const plainRules = [
  ['shortest-path', 'Shortest path', 'Keeps the copy whose path is shortest.'],
  ['oldest', 'Oldest', 'Keeps the copy that was changed longest ago.'],
  ['newest', 'Newest', 'Keeps the copy that was changed last.'],
  ['has-sidecars', 'Has sidecars', 'Keeps the copy with previews and descriptions beside it.'],
] as const satisfies readonly (readonly [RuleKind, string, string])[];

/** One rule, however it came to be; also its name in the list. */
export function ruleKey(rule: DedupeRule): string {
  return rule.kind === 'prefer' || rule.kind === 'protect'
    ? `${rule.kind} ${rule.location ?? '*'} ${rule.folder}`
    : rule.kind;
}

/** Protecting comes first whatever its place, so it stands first; the same rule is not there twice. */
export function addRule(rules: readonly DedupeRule[], rule: DedupeRule): readonly DedupeRule[] {
  if (rules.some((one) => ruleKey(one) === ruleKey(rule))) return rules;
  if (rule.kind === 'protect') return [rule, ...rules];
  // A folder says more than age or length of a path: it goes before them.
  const at = rule.kind === 'prefer' ? rules.findIndex(({ kind }) => kind !== 'protect' && kind !== 'prefer') : -1;
  return at === -1 ? [...rules, rule] : rules.toSpliced(at, 0, rule);
}

export function removeRule(rules: readonly DedupeRule[], key: string): readonly DedupeRule[] {
  return rules.filter((rule) => ruleKey(rule) !== key);
}

/** Puts a rule at another place, within the bounds of the list. */
export function moveRule(rules: readonly DedupeRule[], key: string, to: number): readonly DedupeRule[] {
  const from = rules.findIndex((rule) => ruleKey(rule) === key);
  const rule = rules[from];
  const target = Math.max(0, Math.min(rules.length - 1, to));
  if (rule === undefined || target === from) return rules;
  return rules.toSpliced(from, 1).toSpliced(target, 0, rule);
}

/** Place of a dragged rule when it is dropped into the gap above `gap`. */
export function placeAfterDrop(from: number, gap: number): number {
  return gap > from ? gap - 1 : gap;
}

function placeText(rule: { location?: string | undefined; folder: string }, nameOf: (id: string) => string): string {
  const where = rule.location === undefined ? '' : nameOf(rule.location);
  if (rule.folder === '') return where === '' ? 'everything' : `all of ${where}`;
  return where === '' ? visibleName(rule.folder) : `${visibleName(rule.folder)} on ${where}`;
}

export function ruleText(rule: DedupeRule, nameOf: (id: string) => string): string {
  if (rule.kind === 'prefer') return `Prefer ${placeText(rule, nameOf)}`;
  if (rule.kind === 'protect') return `Protect ${placeText(rule, nameOf)}`;
  return plainRules.find(([kind]) => kind === rule.kind)?.[1] ?? rule.kind;
}
