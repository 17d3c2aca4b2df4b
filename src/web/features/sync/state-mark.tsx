import { classes } from '../../ui/classes.ts';
import { type RowState, stateIcons } from './states.ts';

interface StateMarkProps {
  readonly state: RowState;
  readonly word: string;
  readonly tip?: string | undefined;
  readonly isCompact?: boolean;
}

/** Glyph, word and colour of a state. */
export function StateMark({ state, word, tip, isCompact = false }: StateMarkProps) {
  const Icon = stateIcons[state];
  return (
    <span className="state" data-state={state} data-tip={tip}>
      <Icon size={state === 'case-clash' ? 18 : 14} aria-hidden className="state-glyph" strokeWidth={2.2} />
      <span className={classes('state-word', isCompact && 'sr-only')}>{word}</span>
    </span>
  );
}
