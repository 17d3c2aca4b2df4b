import type { z } from 'zod';
import type { DedupeRule, keepSelectionSchema } from '../../../contract/dedupe.ts';
import type { DedupeAction } from './group-files.ts';

export type KeepSelection = z.infer<typeof keepSelectionSchema>;

/** What a person said about one group. */
export type Mark = { readonly kind: 'keep'; readonly keep: readonly number[] } | { readonly kind: 'skip' };

export interface Choices {
  readonly rules: readonly DedupeRule[];
  /** Rules decide every group without a mark; else they only propose. */
  readonly appliesToAll: boolean;
  readonly action: DedupeAction;
  readonly marks: ReadonlyMap<number, Mark>;
}

export type ChoicesChange =
  | { readonly kind: 'mark'; readonly group: number; readonly mark: Mark | null }
  | { readonly kind: 'rules'; readonly rules: readonly DedupeRule[] }
  | { readonly kind: 'apply'; readonly appliesToAll: boolean }
  | { readonly kind: 'action'; readonly action: DedupeAction }
  | { readonly kind: 'forget-marks' };

export const noChoices: Choices = {
  rules: [{ kind: 'shortest-path' }],
  appliesToAll: false,
  action: 'delete',
  marks: new Map(),
};

function withMark(marks: Choices['marks'], group: number, mark: Mark | null): Choices['marks'] {
  const next = new Map(marks);
  if (mark === null) next.delete(group);
  else next.set(group, mark);
  return next;
}

export function changeChoices(choices: Choices, change: ChoicesChange): Choices {
  switch (change.kind) {
    case 'mark':
      if (change.mark?.kind === 'keep' && change.mark.keep.length === 0) return choices;
      return { ...choices, marks: withMark(choices.marks, change.group, change.mark) };
    case 'rules':
      return { ...choices, rules: change.rules, appliesToAll: choices.appliesToAll && change.rules.length > 0 };
    case 'apply':
      return { ...choices, appliesToAll: change.appliesToAll && choices.rules.length > 0 };
    case 'action':
      return { ...choices, action: change.action };
    case 'forget-marks':
      return { ...choices, marks: new Map() };
  }
}

/** A protected folder holds for every group, so with one the rules decide all of them. */
export function hasProtection({ rules }: Pick<Choices, 'rules'>): boolean {
  return rules.some(({ kind }) => kind === 'protect');
}

export function decideAll(choices: Choices): boolean {
  return choices.appliesToAll || hasProtection(choices);
}

export type Decision = 'by-hand' | 'by-rules' | 'skipped' | 'undecided';

export function decisionOf(choices: Choices, group: number): Decision {
  const mark = choices.marks.get(group);
  if (mark) return mark.kind === 'skip' ? 'skipped' : 'by-hand';
  return decideAll(choices) ? 'by-rules' : 'undecided';
}

export interface DecisionCounts {
  readonly byHand: number;
  readonly byRules: number;
  readonly skipped: number;
  readonly undecided: number;
}

export function countDecisions(choices: Choices, total: number): DecisionCounts {
  let skipped = 0;
  for (const { kind } of choices.marks.values()) if (kind === 'skip') skipped += 1;
  const left = Math.max(0, total - choices.marks.size);
  const byRules = decideAll(choices) ? left : 0;
  return { byHand: choices.marks.size - skipped, byRules, skipped, undecided: left - byRules };
}

/** What the server is asked to carry out. */
export function choiceInput(choices: Choices) {
  const keepSelections: KeepSelection[] = [...choices.marks].map(([group, mark]) =>
    mark.kind === 'skip' ? { group, keep: [], skip: true } : { group, keep: [...mark.keep], skip: false },
  );
  return { rules: decideAll(choices) ? [...choices.rules] : [], keepSelections, action: choices.action };
}

export function isNothingChosen(choices: Choices): boolean {
  return !decideAll(choices) && ![...choices.marks.values()].some(({ kind }) => kind === 'keep');
}

/** Which groups a list shows; null: all of them. */
export const groupFilters = ['all', 'undecided', 'by-hand', 'by-rules', 'skipped'] as const;
export type GroupFilter = (typeof groupFilters)[number];

export function groupsShown(choices: Choices, filter: GroupFilter, total: number): readonly number[] | null {
  if (filter === 'all') return null;
  if (filter === 'by-hand' || filter === 'skipped') {
    return [...choices.marks.keys()].filter((group) => decisionOf(choices, group) === filter).sort((x, y) => x - y);
  }
  const wanted: number[] = [];
  for (let group = 0; group < total; group += 1) if (decisionOf(choices, group) === filter) wanted.push(group);
  return wanted;
}

/** The next group that nothing decided, from here on and round; null: there is none. */
export function nextUndecided(choices: Choices, from: number, total: number): number | null {
  if (decideAll(choices)) return null;
  for (let step = 1; step <= total; step += 1) {
    const group = (from + step) % total;
    if (!choices.marks.has(group)) return group;
  }
  return null;
}
