import { SegmentedControl } from '@mantine/core';
import { useId } from 'react';
import css from './Settings.module.css';

interface Props<V extends string | number> {
  readonly label: string;
  readonly hint?: string;
  readonly value: V;
  readonly options: readonly { readonly value: V; readonly label: string }[];
  readonly onChange: (value: V) => void;
}

/** One of a few values, all in view: radio buttons underneath. */
export function Choice<V extends string | number>({ label, hint, value, options, onChange }: Props<V>) {
  const id = useId();
  return (
    <div className={css.choice} data-hint={hint !== undefined || undefined}>
      <div id={id} className={css.label}>
        {label}
      </div>
      <SegmentedControl
        aria-labelledby={id}
        classNames={{ root: css.control ?? '', label: css.option ?? '', indicator: css.indicator ?? '' }}
        withItemsBorders={false}
        transitionDuration={0}
        value={String(value)}
        data={options.map((option) => ({ value: String(option.value), label: option.label }))}
        onChange={(text) => {
          const chosen = options.find((option) => String(option.value) === text);
          if (chosen) onChange(chosen.value);
        }}
      />
      {hint && <p>{hint}</p>}
    </div>
  );
}
