import { type ReactNode, useId } from 'react';
import css from './Options.module.css';

export interface Option<V extends string | number> {
  readonly value: V;
  readonly label: string;
  readonly text?: ReactNode;
  /** A word at the right: "recommended", a size. */
  readonly note?: ReactNode;
  readonly icon?: ReactNode;
}

interface Props<V extends string | number> {
  readonly legend: string;
  readonly hint?: string;
  readonly value: V | null;
  readonly options: readonly Option<V>[];
  readonly onChange: (value: V) => void;
  /** Cards one below the other with an explanation, or short choices in a row. */
  readonly layout?: 'cards' | 'row';
  readonly hiddenLegend?: boolean;
}

/** One of a few: native radio buttons, so that arrow keys and screen readers know what to do. */
export function Options<V extends string | number>(props: Props<V>) {
  const { legend, hint, value, options, onChange, layout = 'cards', hiddenLegend } = props;
  const name = useId();
  return (
    <fieldset className={css.options} data-layout={layout}>
      <legend className={hiddenLegend ? 'visually-hidden' : css.legend}>{legend}</legend>
      <div className={css.list}>
        {options.map((option) => (
          <label key={option.value} className={css.option} data-checked={option.value === value || undefined}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            {option.icon}
            <span className={css.words}>
              <b>{option.label}</b>
              {option.text !== undefined && <span>{option.text}</span>}
            </span>
            {option.note !== undefined && <span className={css.note}>{option.note}</span>}
          </label>
        ))}
      </div>
      {hint && <p className={css.hint}>{hint}</p>}
    </fieldset>
  );
}
