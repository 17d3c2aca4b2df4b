import { useEffect, useReducer, useRef } from 'react';
import { type Choices, type ChoicesChange, changeChoices } from './choices.ts';
import { loadChoices, saveChoices } from './stored-choices.ts';
import { useRested } from './use-rested.ts';

const saveAfterMs = 400;

/** What a person chose in a scan; kept in this browser, so that a reload loses nothing. */
export function useChoices(scanId: string): readonly [Choices, (change: ChoicesChange) => void] {
  const [choices, change] = useReducer(changeChoices, scanId, loadChoices);
  const latest = useRef(choices);
  latest.current = choices;
  const rested = useRested(choices, saveAfterMs);
  useEffect(() => saveChoices(scanId, rested), [scanId, rested]);
  useEffect(() => {
    const saveNow = () => saveChoices(scanId, latest.current);
    window.addEventListener('pagehide', saveNow);
    return () => {
      window.removeEventListener('pagehide', saveNow);
      saveNow();
    };
  }, [scanId]);
  return [choices, change];
}
