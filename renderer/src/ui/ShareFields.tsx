import { Button } from '@mantine/core';
import { IconCheck, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { shareCountMaximum } from '../../../shared/model/recovery.ts';
import { characterText, readShare, shareCharacters } from '../../../shared/rules/share-text.ts';
import { Field } from './Field.tsx';
import css from './ShareFields.module.css';

interface Props {
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
}

/** Places for the shares that people bring. A typing mistake is told as soon as a share is complete, with its group. */
export function ShareFields({ values, onChange }: Props) {
  const { t } = useTranslation();
  return (
    <div className={css.shares}>
      {values.map((value, index) => (
        <ShareField
          // biome-ignore lint/suspicious/noArrayIndexKey: places have no identity but their number
          key={index}
          number={index + 1}
          value={value}
          onChange={(text) => onChange(values.with(index, text))}
        />
      ))}
      {values.length < shareCountMaximum && (
        <div>
          <Button
            variant="default"
            size="sm"
            leftSection={<IconPlus size={18} aria-hidden />}
            onClick={() => onChange([...values, ''])}
          >
            {t('safety.entry.more')}
          </Button>
        </div>
      )}
    </div>
  );
}

function ShareField({
  number,
  value,
  onChange,
}: {
  readonly number: number;
  readonly value: string;
  readonly onChange: (value: string) => void;
}) {
  const { t } = useTranslation();
  const typed = [...characterText(value)].length;
  const read = typed >= shareCharacters ? readShare(value) : null;
  const mistake = read && 'mistake' in read ? read : null;
  const share = read && !('mistake' in read) ? read : null;
  const wrong = mistake
    ? mistake.mistake === 'length'
      ? t('safety.entry.tooLong', { count: typed - shareCharacters })
      : mistake.group !== null
        ? t('safety.entry.mistakeIn', { group: mistake.group })
        : t('safety.entry.mistake')
    : undefined;
  return (
    <Field
      label={t('safety.entry.card', { number })}
      note={value !== '' && !share && !mistake ? t('safety.entry.typed', { typed, of: shareCharacters }) : undefined}
      error={wrong && <span role="alert">{wrong}</span>}
      hint={
        share && (
          <span className={css.good} role="status">
            <IconCheck size={18} aria-hidden />{' '}
            {t('safety.entry.good', { index: share.index, count: share.count, vault: share.vault, set: share.set })}
          </span>
        )
      }
    >
      {(aria) => (
        <textarea
          {...aria}
          className={css.text}
          rows={2}
          value={value}
          maxLength={512}
          onChange={(event) => onChange(event.currentTarget.value)}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
        />
      )}
    </Field>
  );
}
