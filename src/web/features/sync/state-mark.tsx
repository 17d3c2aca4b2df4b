import type { ReactElement } from 'react';
import { type RowState, stateGlyphs } from './states.ts';

/** Letters need more room than signs. */
const letterScale = 1.25;

/** The sign of a state; its colour comes from the `data-state` around it. */
export function StateGlyph({ state, size = 14 }: { state: RowState; size?: number }): ReactElement {
  const side = state === 'case-clash' ? size * letterScale : size;
  return (
    <svg className="state-glyph" width={side} height={side} viewBox="0 0 24 24" aria-hidden="true">
      <path d={stateGlyphs[state]} />
    </svg>
  );
}

const made = new Map<RowState, ReactElement>();

/** The same sign as an element that is made once. */
export function glyphOf(state: RowState): ReactElement {
  const known = made.get(state) ?? StateGlyph({ state });
  made.set(state, known);
  return known;
}

interface StateMarkProps {
  readonly state: RowState;
  readonly word: string;
  readonly tip?: string | undefined;
}

/** Glyph, word and colour of a state. */
export function StateMark({ state, word, tip }: StateMarkProps) {
  return (
    <span className="state" data-state={state} data-tip={tip}>
      <StateGlyph state={state} />
      <span className="state-word">{word}</span>
    </span>
  );
}
