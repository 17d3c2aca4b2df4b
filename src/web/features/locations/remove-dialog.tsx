import type { Location } from '../../../contract/locations.ts';
import { useRemoveLocation } from '../../api/actions.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { countOf } from '../../ui/format.ts';
import { noticeDone } from '../../ui/notices.ts';

interface RemoveDialogProps {
  readonly location: Location;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function RemoveDialog({ location, isOpen, onClose }: RemoveDialogProps) {
  const remove = useRemoveLocation();
  const confirm = () =>
    remove.mutate(
      { id: location.id },
      { onSuccess: () => noticeDone(`${location.name} was removed.`), onSettled: onClose },
    );
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={onClose}
      title={`Remove ${location.name}?`}
      confirmLabel="Remove from Weightroom"
      tone="danger"
      isBusy={remove.isPending}
      onConfirm={confirm}
      description={
        <>
          Weightroom forgets this location and its index of {countOf(location.index.files, 'file')}. The files in{' '}
          <span className="mono">{location.path}</span> are not touched.
        </>
      }
    />
  );
}
