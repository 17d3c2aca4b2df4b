import { useState } from 'react';
import { api } from '../../api/client.ts';
import type { CopyRequest } from '../../api/transfer-requests.ts';
import { CheckField } from '../../ui/check-field.tsx';
import { ChoiceField } from '../../ui/choice-field.tsx';
import { countOf } from '../../ui/format.ts';
import { PlanDialog } from './plan-dialog.tsx';
import { filesText } from './plan-words.ts';
import { amountText } from './task-words.ts';
import { useNames } from './use-names.ts';
import { usePlan } from './use-plan.ts';

interface CopyDialogProps {
  readonly request: CopyRequest;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

const verifyModes = ['source', 'readback', 'none'] as const;
type Verify = (typeof verifyModes)[number];
const verifyWords: Readonly<Record<Verify, string>> = {
  source: 'what is read (usual)',
  readback: 'what is read, and the copy once more from the drive',
  none: 'sizes only',
};

interface Choices {
  readonly sidecars: boolean;
  readonly insideTarget: boolean;
  readonly verify: Verify;
}

/** What a copy or move would do, with the choices one has. */
export function CopyDialog({ request, isOpen, onClose }: CopyDialogProps) {
  const { src, dst, files } = request;
  const isMove = request.kind === 'move';
  const [choices, setChoices] = useState<Choices>({ sidecars: true, insideTarget: false, verify: 'source' });
  const nameOf = useNames();
  const planning = usePlan({
    choices: JSON.stringify(choices),
    ask: () => api.planCopy({ srcSide: src, dstSide: dst, ...files, ...choices, move: isMove }),
  });
  const { plan } = planning;
  const change = (changes: Partial<Choices>) => setChoices({ ...choices, ...changes });
  const hasElsewhere = choices.insideTarget || (plan?.elsewhere.files ?? 0) > 0;
  return (
    <PlanDialog
      isOpen={isOpen}
      onClose={onClose}
      title={`${isMove ? 'Move' : 'Copy'} from ${nameOf(src)} to ${nameOf(dst)}`}
      description={<bdi>{filesText(files)}</bdi>}
      planning={planning}
      plan={plan}
      nameOf={nameOf}
      isDangerous={isMove}
      execute={api.executePlan}
      options={
        <>
          <CheckField
            label={`Bring previews and descriptions along${choices.sidecars && plan && plan.sidecars > 0 ? ` (${countOf(plan.sidecars, 'file')})` : ''}`}
            checked={choices.sidecars}
            onChange={(sidecars) => change({ sidecars })}
          />
          {hasElsewhere && (
            <CheckField
              label={`Take from ${nameOf(dst)} what it has under another path${plan ? `: ${amountText(plan.elsewhere)}` : ''}`}
              hint={`Copied inside ${nameOf(dst)}, so those bytes need not travel.`}
              checked={choices.insideTarget}
              onChange={(insideTarget) => change({ insideTarget })}
            />
          )}
          <details className="plan-more">
            <summary>More</summary>
            <ChoiceField
              label="Compare"
              hint="Reading the copy once more takes about as long as writing it, and finds drives that lie."
              words={verifyWords}
              options={isMove ? verifyModes.slice(0, 2) : verifyModes}
              value={choices.verify}
              onChange={(verify) => change({ verify })}
            />
          </details>
        </>
      }
    />
  );
}
