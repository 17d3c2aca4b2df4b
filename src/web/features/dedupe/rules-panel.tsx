import { ArrowRight } from 'lucide-react';
import { useId, useMemo } from 'react';
import type { DedupePlan, DedupeScan } from '../../../contract/dedupe.ts';
import { Button } from '../../ui/button.tsx';
import { countOf, formatBytes, formatCount, formatExactBytes } from '../../ui/format.ts';
import { ActionChoice } from './action-choice.tsx';
import { AddRule } from './add-rule.tsx';
import { type Choices, type ChoicesChange, countDecisions, decideAll, hasProtection } from './choices.ts';
import { totalText } from './plan-words.ts';
import { addRule } from './rule-list.ts';
import { RuleList } from './rule-list-view.tsx';
import type { NameOf } from './scan-words.ts';
import { type PlanAnswer, useDedupePlan } from './use-dedupe-plan.ts';

interface RulesPanelProps {
  readonly scan: DedupeScan;
  readonly total: number;
  readonly choices: Choices;
  readonly change: (change: ChoicesChange) => void;
  readonly nameOf: NameOf;
  readonly isReadOnly: boolean;
  readonly onReview: () => void;
}

/** What would come of it if the rules decided every group; nothing is asked where they do already. */
function usePreview({ scan, choices, isReadOnly }: RulesPanelProps): PlanAnswer {
  const isNeeded = !isReadOnly && !decideAll(choices) && choices.rules.length > 0;
  const applied = useMemo(() => (isNeeded ? { ...choices, appliesToAll: true } : null), [isNeeded, choices]);
  return useDedupePlan(scan.scanId, applied);
}

function ApplyToAll(props: RulesPanelProps) {
  const { choices, change, total, isReadOnly } = props;
  const id = useId();
  const preview = usePreview(props);
  const isForced = hasProtection(choices);
  const isOn = decideAll(choices);
  const own = choices.marks.size;
  const exceptOwn = own === 0 ? '' : ` Your own choices for ${countOf(own, 'group')} stay as they are.`;
  const hint = isForced
    ? 'A protected folder holds for every group, so the rules decide all of them.'
    : preview.plan && !isOn
      ? `Would free ${formatBytes(preview.plan.reclaimedBytes)} in ${countOf(preview.plan.groups, 'group')}.`
      : 'Nothing is deleted before you confirm.';
  return (
    <div className="apply" aria-busy={preview.isPlanning}>
      <input
        type="checkbox"
        id={id}
        aria-describedby={`${id}-hint`}
        checked={isOn}
        disabled={isForced || isReadOnly || choices.rules.length === 0}
        onChange={({ target }) => change({ kind: 'apply', appliesToAll: target.checked })}
      />
      <label htmlFor={id}>
        Apply to all {formatCount(total)} {total === 1 ? 'group' : 'groups'}
      </label>
      <p id={`${id}-hint`} className="field-hint">
        {choices.rules.length === 0 ? 'Add a rule first.' : hint + exceptOwn}
      </p>
    </div>
  );
}

function Own({ choices, total, change }: Pick<RulesPanelProps, 'choices' | 'total' | 'change'>) {
  const { byHand, skipped } = countDecisions(choices, total);
  if (byHand + skipped === 0) return null;
  const parts = [
    byHand > 0 ? `${formatCount(byHand)} decided` : '',
    skipped > 0 ? `${formatCount(skipped)} skipped` : '',
  ];
  return (
    <p className="own-choices">
      By you: {parts.filter(Boolean).join(', ')}.
      <button type="button" className="link" onClick={() => change({ kind: 'forget-marks' })}>
        Forget these
      </button>
    </p>
  );
}

function Sum({ answer, plan }: { readonly answer: PlanAnswer; readonly plan: DedupePlan | null }) {
  if (answer.error) {
    return (
      <div role="alert" className="sum-error">
        <p>{answer.error.message}</p>
        <Button onClick={answer.again}>Try again</Button>
      </div>
    );
  }
  return (
    <div className="sum" aria-busy={answer.isPlanning} aria-live="polite">
      <p className="sum-bytes" data-tip={plan ? formatExactBytes(plan.reclaimedBytes) : undefined}>
        {plan ? formatBytes(plan.reclaimedBytes) : '…'}
        <span className="sum-word">come free</span>
      </p>
      <p className="text-muted">{plan ? totalText(plan) : 'Adding up …'}</p>
    </div>
  );
}

/** Rules, what is done with the copies that do not stay, and what comes of it. */
export function RulesPanel(props: RulesPanelProps) {
  const { scan, total, choices, change, nameOf, isReadOnly, onReview } = props;
  const answer = useDedupePlan(scan.scanId, isReadOnly ? null : choices);
  const { plan } = answer;
  return (
    <aside className="rules-panel" aria-label="Rules and sum">
      <div className="rules-scroll">
        <section aria-labelledby="rules-title">
          <h2 id="rules-title" className="dedupe-heading">
            Which copy stays
          </h2>
          <p className="field-hint">The first rule that tells copies apart decides; at last, the shortest path.</p>
          <RuleList rules={choices.rules} nameOf={nameOf} onChange={(rules) => change({ kind: 'rules', rules })} />
          <AddRule
            sides={scan.sides}
            rules={choices.rules}
            nameOf={nameOf}
            onAdd={(rule) => change({ kind: 'rules', rules: addRule(choices.rules, rule) })}
          />
          <ApplyToAll {...props} />
          <Own choices={choices} total={total} change={change} />
        </section>
        <ActionChoice
          action={choices.action}
          problems={plan?.problems ?? []}
          onChange={(action) => change({ kind: 'action', action })}
        />
      </div>
      <footer className="rules-foot">
        {isReadOnly ? (
          <p className="text-muted">Choose once the scan has ended.</p>
        ) : (
          <>
            <Sum answer={answer} plan={plan} />
            <Button
              tone="primary"
              icon={ArrowRight}
              disabled={!plan || plan.total.files === 0}
              data-tip="See every number before anything happens"
              data-tip-keys="r"
              onClick={onReview}
            >
              Review
            </Button>
          </>
        )}
      </footer>
    </aside>
  );
}
