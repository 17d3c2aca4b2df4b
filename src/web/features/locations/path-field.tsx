import { FolderSearch } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';

/** Loaded when it is first opened. */
const FolderPicker = lazy(async () => ({ default: (await import('./folder-picker.tsx')).FolderPicker }));

interface PathFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly value: string;
  readonly disabled?: boolean;
  readonly onChange: (path: string) => void;
}

/** The path of a folder, typed, pasted or chosen. */
export function PathField({ label, hint, error, value, disabled = false, onChange }: PathFieldProps) {
  const [isChoosing, setChoosing] = useState(false);
  return (
    <>
      <Field label={label} hint={hint} error={error}>
        {({ id, describedBy }) => (
          <div className="flex gap-2">
            <input
              id={id}
              aria-describedby={describedBy}
              aria-invalid={error !== undefined}
              className="input mono"
              value={value}
              disabled={disabled}
              placeholder="D:\ComfyUI\models, \\nas\models or /mnt/models"
              spellCheck={false}
              autoComplete="off"
              onChange={(event) => onChange(event.target.value)}
            />
            {!disabled && (
              <Button icon={FolderSearch} className="flex-none" onClick={() => setChoosing(true)}>
                Browse…
              </Button>
            )}
          </div>
        )}
      </Field>
      <Suspense>
        {isChoosing && <FolderPicker start={value} onClose={() => setChoosing(false)} onChoose={onChange} />}
      </Suspense>
    </>
  );
}
