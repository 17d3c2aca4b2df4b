import { useState } from 'react';
import { api } from '../../api/client.ts';
import type { DeleteRequest } from '../../api/transfer-requests.ts';
import { CheckField } from '../../ui/check-field.tsx';
import { countOf } from '../../ui/format.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { PlanDialog } from './plan-dialog.tsx';
import { amountOf, filesText } from './plan-words.ts';
import { useNames } from './use-names.ts';
import { usePlan } from './use-plan.ts';

interface DeleteDialogProps {
  readonly request: DeleteRequest;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** What a delete would do, and its consequences. */
export function DeleteDialog({ request, isOpen, onClose }: DeleteDialogProps) {
  const sides = request.choices.map((choice) => choice.side);
  const [side, setSide] = useState(sides[0] ?? '');
  const files = request.choices.find((choice) => choice.side === side)?.files ?? {};
  const [sidecars, setSidecars] = useState(false);
  const nameOf = useNames();
  const { srcRelPath, srcRelPaths, ...filter } = files;
  const planning = usePlan({
    choices: JSON.stringify([side, sidecars]),
    ask: () =>
      api.planDelete({
        side,
        ...filter,
        ...(srcRelPath === undefined ? {} : { relPath: srcRelPath }),
        ...(srcRelPaths === undefined ? {} : { relPaths: srcRelPaths }),
        sidecars,
      }),
  });
  const { plan } = planning;
  const hasFiles = sidecars || plan === undefined || amountOf(plan, 'delete').files > 0;
  return (
    <PlanDialog
      isOpen={isOpen}
      onClose={onClose}
      title={`Delete on ${nameOf(side)}`}
      description={<bdi>{filesText(files)}</bdi>}
      planning={planning}
      plan={plan}
      nameOf={nameOf}
      isDangerous
      execute={api.executePlan}
      options={
        <>
          {sides.length > 1 && (
            <Segmented
              label="Delete on"
              options={sides}
              words={Object.fromEntries(sides.map((id) => [id, nameOf(id)]))}
              value={side}
              onChange={setSide}
            />
          )}
          {hasFiles && (
            <CheckField
              label={`Delete previews and descriptions beside them too${sidecars && plan ? ` (${countOf(plan.sidecars, 'file')})` : ''}`}
              checked={sidecars}
              onChange={setSidecars}
            />
          )}
        </>
      }
    />
  );
}
