import { FolderPlus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Location } from '../../../contract/locations.ts';
import { useAddLocation, useRefreshIndex } from '../../api/actions.ts';
import { toApiError } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { emptyDraft, LocationFields } from './location-fields.tsx';
import { PathField } from './path-field.tsx';
import { withoutQuotes } from './without-quotes.ts';

interface AddLocationFormProps {
  readonly onAdded?: (location: Location) => void;
}

export function AddLocationForm({ onAdded }: AddLocationFormProps) {
  const [path, setPath] = useState('');
  const [draft, setDraft] = useState(emptyDraft);
  const add = useAddLocation();
  const refresh = useRefreshIndex();
  const failure = add.error ? toApiError(add.error) : null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { name, ...rest } = draft;
    const chosenName = name.trim();
    add.mutate(
      { path: withoutQuotes(path), ...rest, ...(chosenName === '' ? {} : { name: chosenName }) },
      {
        onSuccess: (location) => {
          setPath('');
          setDraft(emptyDraft);
          // Reading begins at once; adding has only looked whether the folder is there.
          refresh.mutate({ location: location.id });
          onAdded?.(location);
        },
      },
    );
  };

  return (
    <form onSubmit={submit} className="grid w-full gap-3 text-left">
      <PathField
        label="Folder"
        value={path}
        onChange={(next) => {
          add.reset();
          setPath(next);
        }}
        hint="A folder that holds models. Nothing is moved, renamed or written into it."
        error={failure ? [failure.message, failure.hint].filter(Boolean).join(' ') : undefined}
      />
      <LocationFields
        draft={draft}
        onChange={setDraft}
        nameHint="How it is called on this page; made from the folder when left empty."
      />
      <div>
        <Button
          type="submit"
          tone="primary"
          icon={FolderPlus}
          isBusy={add.isPending}
          disabled={add.isPending || path.trim() === ''}
        >
          Add location
        </Button>
      </div>
    </form>
  );
}
