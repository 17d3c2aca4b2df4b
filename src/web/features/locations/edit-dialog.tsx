import { type FormEvent, useId, useState } from 'react';
import {
  type DriveSetting,
  driveSettingSchema,
  type Layout,
  type Location,
  layoutSchema,
} from '../../../contract/locations.ts';
import { useEditLocation } from '../../api/actions.ts';
import { toApiError } from '../../api/api-error.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field, TextField } from '../../ui/field.tsx';
import { layoutWords } from './location-words.ts';

const driveSettingWords: Readonly<Record<DriveSetting, string>> = {
  auto: 'find out',
  ssd: 'SSD',
  hdd: 'hard disk',
  network: 'network share',
};

interface EditDialogProps {
  readonly location: Location;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly hint: string;
  readonly words: Readonly<Record<T, string>>;
  readonly options: readonly T[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

function Choice<T extends string>({ label, hint, words, options, value, onChange }: ChoiceProps<T>) {
  return (
    <Field label={label} hint={hint}>
      {({ id, describedBy }) => (
        <select
          id={id}
          aria-describedby={describedBy}
          className="select"
          value={value}
          onChange={(event) => onChange(event.target.value as T)}
        >
          {options.map((option) => (
            <option key={option} value={option}>
              {words[option]}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function EditDialog({ location, isOpen, onClose }: EditDialogProps) {
  const [draft, setDraft] = useState(() => ({
    name: location.name,
    layout: location.layout as Layout,
    drive: location.drive as DriveSetting,
    allowDelete: location.allowDelete,
  }));
  const formId = useId();
  const edit = useEditLocation();
  const failure = edit.error ? toApiError(edit.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    edit.mutate({ id: location.id, ...draft, name: draft.name.trim() }, { onSuccess: onClose });
  };
  return (
    <Dialog
      isOpen={isOpen}
      onClose={onClose}
      title={`Edit ${location.name}`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={formId}
            tone="primary"
            isBusy={edit.isPending}
            disabled={edit.isPending || draft.name.trim() === ''}
          >
            Save
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="mt-3 grid gap-3">
        <TextField
          label="Name"
          value={draft.name}
          maxLength={80}
          onChange={(name) => setDraft({ ...draft, name })}
          error={failure ? [failure.message, failure.hint].filter(Boolean).join(' ') : undefined}
        />
        <Choice
          label="Layout"
          hint="In a ComfyUI models folder the first folder of a path is its category."
          words={layoutWords}
          options={layoutSchema.options}
          value={draft.layout}
          onChange={(layout) => setDraft({ ...draft, layout })}
        />
        <Choice
          label="Drive"
          hint="Decides how many files are read at the same time."
          words={driveSettingWords}
          options={driveSettingSchema.options}
          value={draft.drive}
          onChange={(drive) => setDraft({ ...draft, drive })}
        />
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            checked={draft.allowDelete}
            onChange={(event) => setDraft({ ...draft, allowDelete: event.target.checked })}
          />
          Files here may be deleted, after a plan was shown and confirmed
        </label>
      </form>
    </Dialog>
  );
}
