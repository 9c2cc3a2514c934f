import type { ReactNode } from 'react';

export interface FieldAria {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: boolean;
}

interface Props {
  readonly id: string;
  readonly label: string;
  readonly help?: ReactNode;
  readonly error?: string | undefined;
  readonly children: (aria: FieldAria) => ReactNode;
}

/** A label, its control, and what is wrong with it right beside it. */
export function Field({ id, label, help, error, children }: Props) {
  const said = [help !== undefined ? `${id}-help` : '', error !== undefined ? `${id}-error` : '']
    .filter(Boolean)
    .join(' ');
  const aria = {
    id,
    ...(said === '' ? {} : { 'aria-describedby': said }),
    ...(error === undefined ? {} : { 'aria-invalid': true }),
  };
  return (
    <div className={`field${error === undefined ? '' : ' has-error'}`}>
      <label htmlFor={id}>{label}</label>
      {children(aria)}
      {error !== undefined && (
        <p id={`${id}-error`} className="field-error" role="alert">
          {error}
        </p>
      )}
      {help !== undefined && (
        <p id={`${id}-help`} className="quiet">
          {help}
        </p>
      )}
    </div>
  );
}

interface TextProps extends Omit<Props, 'children'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: 'text' | 'password' | 'number' | 'search' | 'time' | 'datetime-local';
  readonly autoComplete?: string;
  readonly autoFocus?: boolean;
  readonly placeholder?: string;
  readonly spellCheck?: boolean;
}

export function TextField({ value, onChange, type = 'text', autoComplete = 'off', ...rest }: TextProps) {
  const { autoFocus, placeholder, spellCheck = false, ...field } = rest;
  return (
    <Field {...field}>
      {(aria) => (
        <input
          {...aria}
          className="input"
          type={type}
          value={value}
          autoComplete={autoComplete}
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus={autoFocus}
          placeholder={placeholder}
          spellCheck={spellCheck}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}

interface ChoiceProps<Value extends string> extends Omit<Props, 'children'> {
  readonly value: Value;
  readonly choices: readonly (readonly [value: Value, label: string])[];
  readonly onChange: (value: Value) => void;
}

/** The list of the browser itself: it works with every keyboard, on every telephone. */
export function ChoiceField<Value extends string>({ value, choices, onChange, ...field }: ChoiceProps<Value>) {
  return (
    <Field {...field}>
      {(aria) => (
        <select {...aria} className="input" value={value} onChange={(event) => onChange(event.target.value as Value)}>
          {choices.map(([one, label]) => (
            <option key={one} value={one}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
