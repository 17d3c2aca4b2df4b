import { useQueryClient } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { DedupePlan } from '../../../contract/dedupe.ts';
import type { Task } from '../../../contract/queue.ts';
import { type ApiError, toApiError } from '../../api/api-error.ts';
import { api } from '../../api/client.ts';
import { keys, useLocations } from '../../api/queries.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { countOf, formatBytes } from '../../ui/format.ts';
import { type Choices, choiceInput } from './choices.ts';
import { executeLabel, flagText, lossText } from './plan-words.ts';
import { listNames } from './scan-words.ts';
import { useLocationNames } from './use-location-names.ts';

interface ConfirmRunProps {
  readonly plan: DedupePlan;
  readonly choices: Choices;
  readonly paranoid: boolean;
  readonly onClose: () => void;
  readonly onAgain: () => void;
  readonly onStarted: (task: Task) => void;
}

/** The last word: which sides, how many files, how many bytes, and that it is for good. */
export function ConfirmRun({ plan, choices, paranoid, onClose, onAgain, onStarted }: ConfirmRunProps) {
  const client = useQueryClient();
  const nameOf = useLocationNames();
  const locations = useLocations().data ?? [];
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const isDelete = plan.action === 'delete';
  const sides = listNames(plan.byLocation.map(({ location }) => nameOf(location)));
  const closed = locations
    .filter(({ id, allowDelete }) => !allowDelete && plan.byLocation.some(({ location }) => location === id))
    .map(({ name }) => name);
  const run = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const input = { scanId: plan.scanId, ...choiceInput(choices), confirmed: plan.total, paranoid };
      const task = await api.executeDedupe(input);
      client.setQueryData(keys.task(task.id), task);
      void client.invalidateQueries({ queryKey: keys.queueLists });
      void client.invalidateQueries({ queryKey: keys.queueHead });
      onStarted(task);
    } catch (thrown) {
      setFailure(toApiError(thrown));
      setBusy(false);
    }
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      onConfirm={() => void run()}
      isBusy={isBusy}
      tone="danger"
      className="dialog-wide"
      title={
        isDelete
          ? `Delete ${countOf(plan.total.files, 'file')} from ${sides} for good?`
          : `Replace ${countOf(plan.total.files, 'file')} on ${sides} by links?`
      }
      description={`${formatBytes(plan.reclaimedBytes)} come free. At least one copy of each of the ${countOf(plan.groups, 'group')} stays.`}
      confirmLabel={executeLabel(plan)}
    >
      <ul className="confirm-sides" aria-label="By location">
        {plan.byLocation.map(({ location, files, bytes }) => (
          <li key={location}>
            <strong>{nameOf(location)}</strong>
            <span>{countOf(files, 'file')}</span>
            <span>{formatBytes(bytes)}</span>
          </li>
        ))}
      </ul>
      <div className="confirm-warning">
        <TriangleAlert size={16} aria-hidden />
        <div>
          <p>
            <strong>{lossText(plan.action)}</strong> {flagText(closed)}
          </p>
          <p>
            Right before each file, it and the copy that stays are looked at again{' '}
            {paranoid ? 'and compared byte by byte' : 'and hashed again unless that was just done'}. Whatever is not as
            it was stays, and is reported.
          </p>
        </div>
      </div>
      {failure && (
        <div role="alert" className="confirm-failure">
          <p>
            <strong>{failure.message}</strong> {failure.hint}
          </p>
          <Button onClick={onAgain}>Add up again</Button>
        </div>
      )}
    </ConfirmDialog>
  );
}
