import { IconX } from '@tabler/icons-react';
import { type ClipboardEvent, type KeyboardEvent, type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Problem } from '../../../shared/problems.ts';
import { useFormat } from '../locales/FormatContext.tsx';
import { problemText } from './error-text.ts';
import { Field } from './Field.tsx';
import css from './TagField.module.css';
import { splitTags } from './tags.ts';

interface Props {
  readonly label: string;
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
  /** What is wrong with one value; shown as soon as the value stands in the field. */
  readonly check: (value: string) => readonly Problem[];
  readonly placeholder?: string;
  readonly hint?: ReactNode;
  /** Something wrong with the whole list. */
  readonly error?: ReactNode;
}

/** Several short values in one field. Enter, comma or space ends a value, pasting a list adds all of it. */
export function TagField({ label, values, onChange, check, placeholder, hint, error }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const add = (more: string) => {
    const fresh = splitTags(more).filter((each, index, all) => !values.includes(each) && all.indexOf(each) === index);
    if (fresh.length > 0) onChange([...values, ...fresh]);
    setText('');
  };
  const remove = (value: string) => {
    onChange(values.filter((each) => each !== value));
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if ((event.key === 'Enter' || event.key === ',' || event.key === ' ' || event.key === ';') && text.trim() !== '') {
      event.preventDefault();
      add(text);
    } else if (event.key === ',' || event.key === ' ') {
      event.preventDefault();
    } else if (event.key === 'Backspace' && text === '' && values.length > 0) {
      // the last value comes back to be changed instead of being lost
      event.preventDefault();
      setText(values.at(-1) ?? '');
      onChange(values.slice(0, -1));
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData.getData('text');
    if (splitTags(pasted).length < 2) return;
    event.preventDefault();
    add(text + pasted);
  };
  const wrong = values.map((value) => ({ value, problems: check(value) })).filter(({ problems }) => problems.length > 0);
  const sentences = wrong.flatMap(({ problems }) => problems.map((each) => problemText(each, t, format)));
  const message = sentences.length > 0 ? sentences.map((each) => <span key={each}>{each}</span>) : error;
  return (
    <Field label={label} hint={hint} error={message && <span className={css.errors}>{message}</span>}>
      {(aria) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the values goes to the input, keys are there anyway
        // biome-ignore lint/a11y/noStaticElementInteractions: as above
        <div
          className={css.box}
          data-invalid={message ? true : undefined}
          onClick={(event) => event.target === event.currentTarget && input.current?.focus()}
        >
          {values.map((value) => (
            <span key={value} className={css.tag} data-wrong={wrong.some((each) => each.value === value) || undefined}>
              <span>{value}</span>
              <button type="button" aria-label={t('fields.remove', { value })} onClick={() => remove(value)}>
                <IconX size={16} stroke={2} aria-hidden />
              </button>
            </span>
          ))}
          <input
            {...aria}
            ref={input}
            value={text}
            placeholder={placeholder}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={onKeyDown}
            onPaste={onPaste}
            // whoever goes on without Enter has meant it all the same
            onBlur={() => text.trim() !== '' && add(text)}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
          />
        </div>
      )}
    </Field>
  );
}
