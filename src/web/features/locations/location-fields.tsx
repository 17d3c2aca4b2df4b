import { type DriveSetting, driveSettings, type Layout, layouts } from '../../../contract/location-words.ts';
import { CheckField } from '../../ui/check-field.tsx';
import { ChoiceField } from '../../ui/choice-field.tsx';
import { TextField } from '../../ui/field.tsx';
import { layoutWords } from './location-words.ts';

const driveSettingWords: Readonly<Record<DriveSetting, string>> = {
  auto: 'find out',
  ssd: 'SSD',
  hdd: 'hard disk',
  network: 'network share',
};

/** What a person says about a location beside its folder. */
export interface LocationDraft {
  readonly name: string;
  readonly layout: Layout;
  readonly drive: DriveSetting;
  readonly allowDelete: boolean;
  readonly undoDeletes: boolean;
  readonly typeToDelete: boolean;
}

export const emptyDraft: LocationDraft = {
  name: '',
  layout: 'comfyui',
  drive: 'auto',
  allowDelete: false,
  undoDeletes: false,
  typeToDelete: false,
};

interface LocationFieldsProps {
  readonly draft: LocationDraft;
  readonly isFixed?: boolean;
  /** What happens to an empty name. */
  readonly nameHint?: string;
  readonly nameError?: string | undefined;
  readonly onChange: (draft: LocationDraft) => void;
}

export function LocationFields({ draft, isFixed = false, nameHint, nameError, onChange }: LocationFieldsProps) {
  return (
    <>
      <TextField
        label="Name"
        value={draft.name}
        maxLength={80}
        hint={nameHint}
        error={nameError}
        disabled={isFixed}
        autoComplete="off"
        onChange={(name) => onChange({ ...draft, name })}
      />
      <div className="grid gap-3 sm:grid-cols-2">
        <ChoiceField
          label="Layout"
          hint="In a ComfyUI models folder the first part of a path is its category."
          words={layoutWords}
          options={layouts}
          value={draft.layout}
          disabled={isFixed}
          onChange={(layout) => onChange({ ...draft, layout })}
        />
        <ChoiceField
          label="Drive"
          hint="Decides how many files are read at the same time."
          words={driveSettingWords}
          options={driveSettings}
          value={draft.drive}
          disabled={isFixed}
          onChange={(drive) => onChange({ ...draft, drive })}
        />
      </div>
      <CheckField
        label="Files here may be deleted"
        hint="Only after a plan was shown and confirmed. Off: no plan can delete anything here."
        checked={draft.allowDelete}
        disabled={isFixed}
        onChange={(allowDelete) => onChange({ ...draft, allowDelete })}
      />
      {draft.allowDelete && (
        <>
          <CheckField
            label="Deletes can be undone for a day"
            hint="Deleted files are kept aside on the same drive; their space comes free a day later."
            checked={draft.undoDeletes}
            disabled={isFixed}
            onChange={(undoDeletes) => onChange({ ...draft, undoDeletes })}
          />
          <CheckField
            label="Deleting asks for a typed word"
            hint="For a location whose files nobody has twice."
            checked={draft.typeToDelete}
            disabled={isFixed}
            onChange={(typeToDelete) => onChange({ ...draft, typeToDelete })}
          />
        </>
      )}
    </>
  );
}
