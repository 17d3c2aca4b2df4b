import { Link } from '@tanstack/react-router';
import { Lock } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import type { Location } from '../../../contract/locations.ts';
import { useEditLocation, useRefreshIndex } from '../../api/actions.ts';
import { toApiError } from '../../api/api-error.ts';
import { Banner } from '../../ui/banner.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { type LocationDraft, LocationFields } from './location-fields.tsx';
import { isManagedElsewhere, originWords } from './location-words.ts';
import { PathField } from './path-field.tsx';
import { withoutQuotes } from './without-quotes.ts';

interface EditDialogProps {
  readonly location: Location;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Why nothing here can be changed, and where it can. */
function FixedNote({ location }: { readonly location: Location }) {
  const key = location.id === 'lake' ? 'LAKE_MODELS_ROOT' : 'LOCAL_MODELS_ROOT';
  if (location.origin === 'demo') {
    return (
      <Banner tone="note" icon={Lock} title={`${location.name} belongs to the demo library.`}>
        <Link to="/first-run" className="link">
          Use your own folders
        </Link>{' '}
        instead.
      </Banner>
    );
  }
  return (
    <Banner tone="note" icon={Lock} title={`${location.name} comes from ${originWords[location.origin]}.`}>
      It is fixed here.{' '}
      {location.origin === 'settings-file' ? (
        <>
          Change <code className="mono">{key}</code> on the{' '}
          <Link to="/settings" className="link">
            Settings page
          </Link>
          .
        </>
      ) : (
        <>
          Change <code className="mono">{key}</code> there and start Weightroom again.
        </>
      )}
    </Banner>
  );
}

export function EditDialog({ location, isOpen, onClose }: EditDialogProps) {
  const { name, layout, drive, allowDelete, undoDeletes, typeToDelete } = location;
  const [draft, setDraft] = useState<LocationDraft>({ name, layout, drive, allowDelete, undoDeletes, typeToDelete });
  const [path, setPath] = useState(location.path);
  const formId = useId();
  const edit = useEditLocation();
  const refresh = useRefreshIndex();
  const isFixed = isManagedElsewhere(location);
  const failure = edit.error ? toApiError(edit.error) : null;
  const isNameMissing = draft.name.trim() === '';
  const newPath = withoutQuotes(path);
  const isMoved = newPath !== location.path;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    edit.mutate(
      { id: location.id, ...draft, name: draft.name.trim(), ...(isMoved ? { path: newPath } : {}) },
      {
        onSuccess: () => {
          if (isMoved) refresh.mutate({ location: location.id });
          onClose();
        },
      },
    );
  };

  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={`${isFixed ? 'Settings of' : 'Edit'} ${location.name}`}
      actions={
        <>
          <Button onClick={onClose}>{isFixed ? 'Close' : 'Cancel'}</Button>
          {!isFixed && (
            <Button
              type="submit"
              form={formId}
              tone="primary"
              isBusy={edit.isPending}
              disabled={edit.isPending || isNameMissing || newPath === ''}
            >
              Save
            </Button>
          )}
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="mt-3 grid gap-3">
        {isFixed && <FixedNote location={location} />}
        <PathField
          label="Folder"
          value={path}
          disabled={isFixed}
          onChange={setPath}
          hint={
            isMoved
              ? 'The new folder is read anew; what is known of the old one is forgotten. No file is touched.'
              : 'Where the models are. Changing it here moves no file.'
          }
          error={failure ? [failure.message, failure.hint].filter(Boolean).join(' ') : undefined}
        />
        <LocationFields
          draft={draft}
          isFixed={isFixed}
          onChange={setDraft}
          nameError={isNameMissing ? 'Give it a name.' : undefined}
        />
      </form>
    </Dialog>
  );
}
