import { useEffect } from 'react';
import { useCommands } from '../../ui/commands.ts';
import { useHandlers } from '../../ui/use-handlers.ts';
import { isTyping } from '../../ui/use-shortcuts.ts';
import type { GroupActions } from './use-group-actions.ts';

interface GroupKeysOptions {
  readonly actions: GroupActions;
  readonly onStep: (by: number) => void;
  readonly onReview: () => void;
}

const digit = /^Digit([1-9])$/;

/** Where Enter and digits mean something else. */
function isTaken(target: EventTarget | null): boolean {
  return isTyping(target) || document.querySelector('[role=dialog], [role=menu]') !== null;
}

/** On a card or in the list Enter goes on; on any other control it is the control's. */
function isOnControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button:not([data-card]), a, input, summary') !== null;
}

/** Digits keep, with Shift several; Enter goes on. The rest are commands. */
export function useGroupKeys({ actions, onStep, onReview }: GroupKeysOptions): void {
  const { onKeyDown } = useHandlers({
    onKeyDown(event: KeyboardEvent) {
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (event.defaultPrevented || !isPlain || isTaken(event.target)) return;
      const pressed = digit.exec(event.code)?.[1];
      if (pressed !== undefined) {
        if (event.shiftKey) actions.toggle(Number(pressed) - 1);
        else actions.keepOnly(Number(pressed) - 1);
      } else if (event.key === 'Enter' && !isOnControl(event.target)) actions.next();
      else return;
      event.preventDefault();
    },
  });
  useEffect(() => {
    // Before the page's shortcuts, which know no Shift and no second digit.
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [onKeyDown]);
  useCommands([
    { id: 'dedupe-next', title: 'Next group', section: 'Duplicates', keys: 'j', run: () => onStep(1) },
    { id: 'dedupe-previous', title: 'Previous group', section: 'Duplicates', keys: 'k', run: () => onStep(-1) },
    {
      id: 'dedupe-keep',
      title: 'Keep copy 1, … 9; with Shift several',
      section: 'Duplicates',
      keys: '1',
      run: () => actions.keepOnly(0),
    },
    { id: 'dedupe-skip', title: 'Skip the group', section: 'Duplicates', keys: 's', run: actions.skip },
    { id: 'dedupe-accept', title: 'Accept and go on', section: 'Duplicates', keys: 'Enter', run: actions.next },
    { id: 'dedupe-review', title: 'Review what will go', section: 'Duplicates', keys: 'r', run: onReview },
  ]);
}
