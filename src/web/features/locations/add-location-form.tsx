import { FolderPlus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Location } from '../../../contract/locations.ts';
import { useAddLocation } from '../../api/actions.ts';
import { toApiError } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';

interface AddLocationFormProps {
  readonly onAdded?: (location: Location) => void;
}

/** People paste paths with quotes from Explorer's "Copy as path". */
function withoutQuotes(path: string): string {
  return path.trim().replace(/^"(.*)"$/, '$1');
}

export function AddLocationForm({ onAdded }: AddLocationFormProps) {
  const [path, setPath] = useState('');
  const [name, setName] = useState('');
  const add = useAddLocation();
  const failure = add.error ? toApiError(add.error) : null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const chosenName = name.trim();
    add.mutate(
      { path: withoutQuotes(path), ...(chosenName === '' ? {} : { name: chosenName }) },
      {
        onSuccess: (location) => {
          setPath('');
          setName('');
          onAdded?.(location);
        },
      },
    );
  };

  return (
    <form onSubmit={submit} className="grid w-full gap-3 text-left">
      <TextField
        label="Folder"
        value={path}
        onChange={setPath}
        placeholder="D:\ComfyUI\models, \\nas\models or /mnt/models"
        hint="A folder that holds models. Nothing is moved, renamed or written into it."
        error={failure ? [failure.message, failure.hint].filter(Boolean).join(' ') : undefined}
        spellCheck={false}
        autoComplete="off"
        className="mono"
      />
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        maxLength={80}
        hint="How it is called on this page; made from the folder when left empty."
        autoComplete="off"
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
