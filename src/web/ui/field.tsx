import { type InputHTMLAttributes, type ReactNode, useId } from 'react';

interface FieldProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly children: (control: { id: string; describedBy: string }) => ReactNode;
}

/** A labelled control with what helps to fill it, and what is wrong with it. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const describedBy = `${id}-hint`;
  return (
    <div className="field">
      <label htmlFor={id} className="field-label">
        {label}
      </label>
      {children({ id, describedBy })}
      <div id={describedBy} className="field-hint">
        {error ? (
          <span role="alert" className="field-error">
            {error}
          </span>
        ) : (
          hint
        )}
      </div>
    </div>
  );
}

interface TextFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange'> {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function TextField({ label, hint, error, onChange, className, ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {({ id, describedBy }) => (
        <input
          {...input}
          id={id}
          aria-describedby={describedBy}
          aria-invalid={error !== undefined}
          className={`input ${className ?? ''}`}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
