import type { Location } from '../../../contract/locations.ts';
import { useAcceptLocation } from '../../api/actions.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { countOf, formatCount } from '../../ui/format.ts';

interface AcceptDialogProps {
  readonly location: Location;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Asks once more before the index forgets files that are missing all at once. */
export function AcceptDialog({ location, isOpen, onClose }: AcceptDialogProps) {
  const accept = useAcceptLocation();
  const { state } = location;
  if (state.kind !== 'attention') return null;
  const left = state.indexedFiles - state.missingFiles;
  return (
    <ConfirmDialog
      isOpen={isOpen}
      onClose={onClose}
      title={`Are ${countOf(state.missingFiles, 'file')} really gone from ${location.name}?`}
      confirmLabel={`Forget ${countOf(state.missingFiles, 'file')}`}
      tone="danger"
      isBusy={accept.isPending}
      onConfirm={() => accept.mutate({ id: location.id }, { onSettled: onClose })}
    >
      <dl className="mt-3 grid grid-cols-[1fr_auto] gap-y-1 border-y py-2 [&_dd]:text-right">
        <dt>Files in the index</dt>
        <dd>{formatCount(state.indexedFiles)}</dd>
        <dt>Not found any more</dt>
        <dd>{formatCount(state.missingFiles)}</dd>
        <dt>Files that stay</dt>
        <dd>{formatCount(left)}</dd>
      </dl>
      <p className="mt-3">
        The index forgets the missing files and their hashes. No file on any disk is touched: if the drive was only
        unplugged, close this, plug it in and press “Check again”.
      </p>
    </ConfirmDialog>
  );
}
