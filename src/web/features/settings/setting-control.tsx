import type { ComponentType } from 'react';
import type { Setting } from '../../../contract/settings.ts';
import { CheckField } from '../../ui/check-field.tsx';
import { ChoiceField } from '../../ui/choice-field.tsx';
import { TextField } from '../../ui/field.tsx';

/** A field for the path of a folder; the locations feature has one. */
export type PathFieldComponent = ComponentType<{
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly value: string;
  readonly disabled?: boolean;
  readonly onChange: (path: string) => void;
}>;

interface SettingControlProps {
  readonly setting: Setting;
  /** What the person has entered, or the value in force. */
  readonly text: string;
  readonly error: string | undefined;
  readonly PathField: PathFieldComponent;
  readonly onChange: (text: string) => void;
}

/** The control that fits the kind of value. Its label is the key, as it is written in files and messages. */
export function SettingControl({ setting, text, error, PathField, onChange }: SettingControlProps) {
  const { key, input, values, description, fixedReason } = setting;
  const disabled = fixedReason !== null;
  const common = { label: key, value: text, disabled, onChange };
  switch (input.kind) {
    case 'switch':
      return (
        <CheckField
          label={key}
          hint={error ?? description}
          checked={text === 'true'}
          disabled={disabled}
          onChange={(checked) => onChange(String(checked))}
        />
      );
    case 'choice':
      return (
        <ChoiceField
          {...common}
          hint={error ?? description}
          disabled={disabled || input.options.length < 2}
          options={input.options}
          words={Object.fromEntries(input.options.map((option) => [option, option]))}
        />
      );
    case 'folder':
      return <PathField {...common} hint={description} error={error} />;
    case 'number':
      return (
        <TextField
          {...common}
          inputMode="numeric"
          className="setting-number"
          hint={`${description} ${values}`}
          error={error}
        />
      );
    case 'text':
      return (
        <TextField {...common} className="mono" spellCheck={false} hint={`${description} ${values}`} error={error} />
      );
  }
}
