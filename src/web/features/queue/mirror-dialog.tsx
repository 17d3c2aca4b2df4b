import { ArrowLeftRight, Hash } from 'lucide-react';
import { useState } from 'react';
import { useStartHashing } from '../../api/actions.ts';
import { api } from '../../api/client.ts';
import { useHashing } from '../../api/queries.ts';
import type { MirrorRequest } from '../../api/transfer-requests.ts';
import { Button } from '../../ui/button.tsx';
import { CheckField } from '../../ui/check-field.tsx';
import { ChoiceField } from '../../ui/choice-field.tsx';
import { countOf } from '../../ui/format.ts';
import { visibleName } from '../../ui/visible-name.ts';
import { foldersAbove } from './folders-above.ts';
import { PlanDialog } from './plan-dialog.tsx';
import { amountOf } from './plan-words.ts';
import { useNames } from './use-names.ts';
import { usePlan } from './use-plan.ts';

interface MirrorDialogProps {
  readonly request: MirrorRequest;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

interface Choices {
  readonly src: string;
  readonly dst: string;
  readonly folder: string;
  readonly deleteExtras: boolean;
  readonly onConflict: 'skip' | 'stop';
}

const conflictWords = { skip: 'skip them and go on', stop: 'do nothing at all' } as const;

/** `local` and `lake` have settings of their own; the others were added on the page of locations. */
function howToAllow(location: string): string {
  return location === 'local' || location === 'lake'
    ? `with ${location.toUpperCase()}_ALLOW_DELETE under Settings`
    : 'under Locations';
}

function HashFirst({ choices, files, onAgain }: { choices: Choices; files: number; onAgain: () => void }) {
  const hashing = useStartHashing();
  const progress = useHashing();
  const { src, dst, folder } = choices;
  if (hashing.isSuccess) {
    const isBusy = progress !== undefined && progress.state !== 'idle';
    return <Button onClick={onAgain}>{isBusy ? 'Hashing … plan again' : 'Plan again'}</Button>;
  }
  return (
    <Button
      icon={Hash}
      isBusy={hashing.isPending}
      onClick={() => hashing.mutate({ scope: { kind: 'compare', a: src, b: dst, folder, include: ['unverified'] } })}
    >
      Hash {countOf(files, 'file')} first
    </Button>
  );
}

/** What would make a folder of one side like that of the other. */
export function MirrorDialog({ request, isOpen, onClose }: MirrorDialogProps) {
  const { src, dst, folder } = request;
  const [choices, setChoices] = useState<Choices>({ src, dst, folder, deleteExtras: false, onConflict: 'skip' });
  const change = (changes: Partial<Choices>) => setChoices({ ...choices, ...changes });
  const nameOf = useNames();
  const planning = usePlan({
    choices: JSON.stringify(choices),
    ask: () => {
      const { src: srcSide, dst: dstSide, folder: srcRelFolder, deleteExtras, onConflict } = choices;
      return api.planMirror({ srcSide, dstSide, srcRelFolder, deleteExtras, onConflict });
    },
  });
  const mirror = planning.plan;
  const plan = mirror?.plan;
  const conflicts = plan ? amountOf(plan, 'conflict').files : 0;
  const unverified = plan ? amountOf(plan, 'unverified').files : 0;
  const [from, to] = [nameOf(choices.src), nameOf(choices.dst)];
  const folders = foldersAbove(request.folder);
  return (
    <PlanDialog
      isOpen={isOpen}
      onClose={onClose}
      title={`Mirror ${from} to ${to}`}
      description={`Brings to ${to} what only ${from} has. Nothing is overwritten.`}
      planning={planning}
      plan={plan}
      nameOf={nameOf}
      isDangerous={plan !== undefined && amountOf(plan, 'delete').files > 0}
      problem={
        choices.onConflict === 'stop' && conflicts > 0
          ? `There ${conflicts === 1 ? 'is a conflict' : `are ${countOf(conflicts, 'conflict')}`}, and you chose to do nothing at all then.`
          : null
      }
      bucketActions={{ unverified: <HashFirst choices={choices} files={unverified} onAgain={planning.again} /> }}
      execute={api.executeMirror}
      options={
        <>
          <CheckField
            label={`Leave what only ${to} has`}
            hint={
              mirror?.deletesAllowed === false
                ? `${to} does not allow deleting. You can allow it ${howToAllow(choices.dst)}.`
                : `Otherwise it is deleted on ${to}.`
            }
            checked={!choices.deleteExtras}
            disabled={mirror?.deletesAllowed === false}
            onChange={(leave) => change({ deleteExtras: !leave })}
          />
          <div className="plan-row">
            <ChoiceField
              label="Folder"
              words={Object.fromEntries(folders.map((path) => [path, path === '' ? 'All folders' : visibleName(path)]))}
              options={folders}
              value={choices.folder}
              onChange={(next) => change({ folder: next })}
            />
            <ChoiceField
              label="When there are conflicts"
              words={conflictWords}
              options={['skip', 'stop']}
              value={choices.onConflict}
              onChange={(onConflict) => change({ onConflict })}
            />
            <Button
              icon={ArrowLeftRight}
              onClick={() => change({ src: choices.dst, dst: choices.src, deleteExtras: false })}
            >
              Other way round
            </Button>
          </div>
        </>
      }
    />
  );
}
