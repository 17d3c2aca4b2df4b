import { Check, CheckCheck, Circle, type LucideIcon, Minus } from 'lucide-react';
import type { Decision } from './choices.ts';

export const decisionWords: Readonly<Record<Decision, readonly [word: string, meaning: string]>> = {
  'by-hand': ['decided by you', 'You chose what stays.'],
  'by-rules': ['decided by the rules', 'The rules chose what stays.'],
  skipped: ['skipped', 'Everything stays.'],
  undecided: ['undecided', 'Nothing happens to it yet.'],
};

const icons: Readonly<Record<Decision, LucideIcon>> = {
  'by-hand': CheckCheck,
  'by-rules': Check,
  skipped: Minus,
  undecided: Circle,
};

/** Whether and by whom a group is decided. */
export function DecisionMark({ decision }: { readonly decision: Decision }) {
  const Icon = icons[decision];
  const [word] = decisionWords[decision];
  return (
    <span className="decision" data-decision={decision} data-tip={word}>
      <Icon size={decision === 'undecided' ? 9 : 14} aria-hidden />
      <span className="sr-only">{word}</span>
    </span>
  );
}
