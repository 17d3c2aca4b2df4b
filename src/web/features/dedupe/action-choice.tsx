import { TriangleAlert } from 'lucide-react';
import { useId } from 'react';
import { dedupeActions } from '../../../contract/dedupe-words.ts';
import type { DedupeAction } from './group-files.ts';
import { actionWords } from './plan-words.ts';

interface ActionChoiceProps {
  readonly action: DedupeAction;
  /** Why it cannot be done for some groups. */
  readonly problems: readonly string[];
  readonly onChange: (action: DedupeAction) => void;
}

function Problems({ problems }: Pick<ActionChoiceProps, 'problems'>) {
  if (problems.length === 0) return null;
  return (
    <ul className="plan-problems" aria-label="What cannot be done">
      {problems.map((problem) => (
        <li key={problem}>
          <TriangleAlert size={14} aria-hidden />
          {problem}
        </li>
      ))}
    </ul>
  );
}

/** What becomes of the copies that do not stay. */
export function ActionChoice({ action, problems, onChange }: ActionChoiceProps) {
  const name = useId();
  return (
    <fieldset className="actions-choice">
      <legend className="dedupe-heading">What becomes of the others</legend>
      {dedupeActions.map((one) => (
        <div key={one}>
          <label className="action-option">
            <input type="radio" name={name} value={one} checked={one === action} onChange={() => onChange(one)} />
            <span>
              {actionWords[one].title}
              <span className="field-hint">{actionWords[one].meaning}</span>
            </span>
          </label>
          {one === action && <Problems problems={problems} />}
        </div>
      ))}
    </fieldset>
  );
}
