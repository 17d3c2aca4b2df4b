import { useState } from 'react';
import type { DedupeGroup } from '../../../contract/dedupe.ts';
import { useHandlers } from '../../ui/use-handlers.ts';
import { type Choices, type ChoicesChange, changeChoices, type Mark, nextUndecided } from './choices.ts';
import { toggleKept, withOtherNames } from './group-files.ts';
import type { Verdict } from './verdict.ts';

interface GroupActionsOptions {
  readonly group: DedupeGroup | undefined;
  /** Its number. */
  readonly current: number;
  readonly total: number;
  readonly verdict: Verdict | undefined;
  readonly choices: Choices;
  readonly isReadOnly: boolean;
  readonly change: (change: ChoicesChange) => void;
  readonly onGo: (group: number) => void;
}

const lastCopy = 'One copy has to stay. Keep another one first, or skip the group.';
const isSafe = 'It lies in a protected folder, so it stays. Remove the rule to let it go.';
const allDone = 'Every group is decided. Review what will go.';
const onItsWay = 'What the rules propose is still on its way.';
const notYet = 'Groups still move while the scan runs. Choose once it has ended.';

/** Deciding about the current group. What cannot be done is said in a sentence beside it. */
export function useGroupActions(options: GroupActionsOptions) {
  const { group, current, total, verdict, choices, isReadOnly, change, onGo } = options;
  const [said, setSaid] = useState<{ readonly text: string; readonly group: number } | null>(null);
  const say = (text: string, about = current) => setSaid({ text, group: about });

  const mark = (next: Mark | null): void => {
    setSaid(null);
    change({ kind: 'mark', group: current, mark: next });
  };
  const goOn = (after: Choices): void => {
    const open = nextUndecided(after, current, total);
    const next = open ?? (current + 1 < total ? current + 1 : current);
    if (next === current || (open === null && after.marks.size === total)) say(allDone, next);
    else setSaid(null);
    onGo(next);
  };
  const markAndGoOn = (next: Mark): void => {
    const changed = { kind: 'mark', group: current, mark: next } as const;
    change(changed);
    goOn(changeChoices(choices, changed));
  };

  const handlers = useHandlers({
    keepOnly(index: number) {
      if (isReadOnly) say(notYet);
      else if (group?.files[index]) mark({ kind: 'keep', keep: withOtherNames(group, [index]) });
    },
    toggle(index: number) {
      if (isReadOnly) return say(notYet);
      if (!group?.files[index] || !verdict) return;
      const base = verdict.source === 'hand' || verdict.source === 'rules' ? verdict.keep : [];
      if (base.includes(index) && verdict.isProtected.includes(index)) return say(isSafe);
      const keep = toggleKept(group, base, index);
      if (keep === null) say(lastCopy);
      else mark({ kind: 'keep', keep });
    },
    skip() {
      if (isReadOnly) say(notYet);
      else if (verdict?.source === 'skipped') mark(null);
      else if (group) markAndGoOn({ kind: 'skip' });
    },
    next() {
      if (isReadOnly || !verdict) onGo(Math.min(total - 1, current + 1));
      else if (verdict.source === 'asked') say(onItsWay);
      else if (verdict.source === 'proposed') markAndGoOn({ kind: 'keep', keep: verdict.keep });
      else goOn(choices);
    },
    takeBack: () => mark(null),
  });
  const hasCome = said?.text === onItsWay && verdict?.source !== 'asked';
  return { ...handlers, said: said?.group === current && !hasCome ? said.text : null };
}

export type GroupActions = ReturnType<typeof useGroupActions>;
