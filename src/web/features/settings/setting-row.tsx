import { Lock, RotateCcw } from 'lucide-react';
import type { Setting } from '../../../contract/settings.ts';
import { Button } from '../../ui/button.tsx';
import { type PathFieldComponent, SettingControl } from './setting-control.tsx';
import { sourceWords, valueText } from './setting-words.ts';

interface SettingRowProps {
  readonly setting: Setting;
  readonly draft: string | null | undefined;
  readonly error: string | undefined;
  readonly PathField: PathFieldComponent;
  /** null: out of the settings file; undefined: as it is. */
  readonly onDraft: (draft: string | null | undefined) => void;
}

function textOf(value: Setting['value']): string {
  return value === null ? '' : String(value);
}

function State({ setting, draft }: Pick<SettingRowProps, 'setting' | 'draft'>) {
  if (draft === null) return <p className="setting-changed">Back to the default when saved.</p>;
  if (draft !== undefined) return <p className="setting-changed">Not saved yet.</p>;
  return (
    <>
      <p className="text-muted" data-tip={setting.origin ?? undefined}>
        from: {sourceWords[setting.source]}
      </p>
      {setting.source !== 'default' && (
        <p className="text-faint wrap-anywhere">default: {valueText(setting.defaultValue)}</p>
      )}
      {setting.waitsForRestart && <p className="setting-waits">Applies after a restart.</p>}
    </>
  );
}

export function SettingRow({ setting, draft, error, PathField, onDraft }: SettingRowProps) {
  const saved = textOf(setting.value);
  const text = draft === undefined ? saved : (draft ?? textOf(setting.defaultValue));
  return (
    <li className="setting" data-changed={draft !== undefined}>
      <div className="min-w-0">
        <SettingControl
          setting={setting}
          text={text}
          error={error}
          PathField={PathField}
          onChange={(next) => onDraft(next === saved ? undefined : next)}
        />
        {setting.fixedReason && (
          <p className="setting-fixed">
            <Lock size={13} aria-hidden />
            {setting.fixedReason}
          </p>
        )}
      </div>
      <div className="setting-state">
        <State setting={setting} draft={draft} />
        {setting.source === 'settings-file' && draft === undefined && (
          <Button
            tone="ghost"
            icon={RotateCcw}
            aria-label={`Use the default of ${setting.key}`}
            onClick={() => onDraft(null)}
          >
            Use default
          </Button>
        )}
        {draft !== undefined && (
          <Button tone="ghost" aria-label={`Undo the change of ${setting.key}`} onClick={() => onDraft(undefined)}>
            Undo
          </Button>
        )}
      </div>
    </li>
  );
}
