import { type ChangeEvent, type ReactNode, type Ref, useId } from 'react';
import css from './Field.module.css';

interface FrameProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: ReactNode;
  /** Beside the label: a unit, "optional". */
  readonly note?: string | undefined;
  readonly children: (aria: {
    id: string;
    'aria-describedby': string | undefined;
    'aria-invalid': true | undefined;
  }) => ReactNode;
}

/** Label, control, hint and error, tied together for screen readers. */
export function Field({ label, hint, error, note, children }: FrameProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className={css.field} data-invalid={error ? true : undefined}>
      <div className={css.head}>
        <label htmlFor={id}>{label}</label>
        {note && <span>{note}</span>}
      </div>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {error && (
        <p id={`${id}-error`} className={css.error}>
          {error}
        </p>
      )}
      {hint && (
        <p id={`${id}-hint`} className={css.hint}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface TextProps extends Omit<FrameProps, 'children'> {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly mono?: boolean;
  readonly numeric?: boolean;
  readonly maxLength?: number;
  readonly placeholder?: string;
  readonly ref?: Ref<HTMLInputElement>;
}

export function TextField({ value, onChange, mono, numeric, maxLength = 253, placeholder, ref, ...frame }: TextProps) {
  return (
    <Field {...frame}>
      {(aria) => (
        <input
          {...aria}
          ref={ref ?? null}
          className={css.input}
          data-mono={mono || undefined}
          value={value}
          onChange={(event: ChangeEvent<HTMLInputElement>) => onChange(event.currentTarget.value)}
          inputMode={numeric ? 'numeric' : undefined}
          maxLength={maxLength}
          placeholder={placeholder}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
        />
      )}
    </Field>
  );
}

interface SelectProps<V extends string> extends Omit<FrameProps, 'children'> {
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: string }[];
  readonly onChange: (value: V) => void;
}

/** The native list: it opens as the system does, also with gloves and by keyboard. */
export function SelectField<V extends string>({ value, options, onChange, ...frame }: SelectProps<V>) {
  return (
    <Field {...frame}>
      {(aria) => (
        <select {...aria} className={css.input} value={value} onChange={(event) => onChange(event.currentTarget.value as V)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface TickProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

export function Tick({ label, hint, checked, onChange }: TickProps) {
  const id = useId();
  return (
    <div className={css.tick}>
      <input
        id={id}
        type="checkbox"
        checked={checked}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label htmlFor={id}>{label}</label>
      {hint && <p id={`${id}-hint`}>{hint}</p>}
    </div>
  );
}
