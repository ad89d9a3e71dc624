import { Button } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  authenticationAnswersMaximum,
  byteForms,
  type TypedBytes,
  type UserProperty,
} from '../../../../../shared/model/own-connection.ts';
import { SelectField, TextField } from '../../../ui/Field.tsx';
import css from './Connection.module.css';

interface BytesProps {
  readonly label: string;
  readonly value: TypedBytes;
  readonly onChange: (value: TypedBytes) => void;
  readonly error?: ReactNode;
  readonly hint?: ReactNode;
}

/** Bytes as a person writes them: as text, or in hexadecimal or base64. */
export function BytesField({ label, value, onChange, error, hint }: BytesProps) {
  const { t } = useTranslation();
  return (
    <div className={css.bytes}>
      <TextField
        label={label}
        value={value.text}
        onChange={(text) => onChange({ ...value, text })}
        error={error}
        hint={hint}
        maxLength={200_000}
        mono
      />
      <SelectField
        label={t('connections.editor.form')}
        value={value.form}
        options={byteForms.map((form) => ({ value: form, label: t(`connections.editor.forms.${form}`) }))}
        onChange={(form) => onChange({ ...value, form })}
      />
    </div>
  );
}

interface PropertiesProps {
  readonly values: readonly UserProperty[];
  readonly onChange: (values: readonly UserProperty[]) => void;
  /** What is wrong with one of them, by its place and field. */
  readonly problem: (index: number, field: 'name' | 'value') => ReactNode;
}

/** Pairs of name and value; a name may come several times (MQTT 5 §3.1.2.11.8). */
export function PropertyRows({ values, onChange, problem }: PropertiesProps) {
  const { t } = useTranslation();
  const change = (at: number, part: Partial<UserProperty>) =>
    onChange(values.map((each, index) => (index === at ? { ...each, ...part } : each)));
  return (
    <fieldset className={css.rows}>
      <legend>{t('connections.editor.userProperties')}</legend>
      {values.map((each, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own, and two may be alike
        <div key={index} className={css.pair}>
          <TextField
            label={t('connections.editor.propertyName')}
            value={each.name}
            onChange={(name) => change(index, { name })}
            error={problem(index, 'name')}
            maxLength={1_000}
            mono
          />
          <TextField
            label={t('connections.editor.propertyValue')}
            value={each.value}
            onChange={(value) => change(index, { value })}
            error={problem(index, 'value')}
            maxLength={65_535}
            mono
          />
          <RemoveRow
            label={t('connections.editor.removeProperty', { number: index + 1 })}
            onClick={() => onChange(values.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <AddRow label={t('connections.editor.addProperty')} onClick={() => onChange([...values, { name: '', value: '' }])} />
    </fieldset>
  );
}

interface AnswersProps {
  readonly values: readonly TypedBytes[];
  readonly onChange: (values: readonly TypedBytes[]) => void;
  readonly problem: (index: number) => ReactNode;
}

/** What is said to each step of an authentication exchange (MQTT 5 §4.12). */
export function AnswerRows({ values, onChange, problem }: AnswersProps) {
  const { t } = useTranslation();
  return (
    <fieldset className={css.rows}>
      <legend>{t('connections.editor.authenticationAnswers')}</legend>
      <p className={css.small}>{t('connections.editor.authenticationAnswersHint')}</p>
      {values.map((each, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own, and two may be alike
        <div key={index} className={css.answer}>
          <BytesField
            label={t('connections.editor.authenticationAnswer', { number: index + 1 })}
            value={each}
            onChange={(value) => onChange(values.with(index, value))}
            error={problem(index)}
          />
          <RemoveRow
            label={t('connections.editor.removeAnswer', { number: index + 1 })}
            onClick={() => onChange(values.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      {values.length < authenticationAnswersMaximum && (
        <AddRow
          label={t('connections.editor.addAnswer')}
          onClick={() => onChange([...values, { form: values.at(-1)?.form ?? 'text', text: '' }])}
        />
      )}
    </fieldset>
  );
}

interface FilterRow {
  readonly filter: string;
  readonly qos: 0 | 1 | 2;
}

interface FiltersProps {
  readonly values: readonly FilterRow[];
  readonly onChange: (values: readonly FilterRow[]) => void;
  readonly problem: (index: number) => ReactNode;
}

/** What is subscribed as soon as the connection is there. */
export function FilterRows({ values, onChange, problem }: FiltersProps) {
  const { t } = useTranslation();
  const change = (at: number, part: Partial<FilterRow>) =>
    onChange(values.map((each, index) => (index === at ? { ...each, ...part } : each)));
  return (
    <fieldset className={css.rows}>
      <legend className="visually-hidden">{t('connections.editor.subscriptions')}</legend>
      {values.map((each, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own, and two may be alike
        <div key={index} className={css.pair} data-narrow>
          <TextField
            label={t('connections.editor.filter')}
            value={each.filter}
            onChange={(filter) => change(index, { filter })}
            error={problem(index)}
            maxLength={65_535}
            mono
          />
          <SelectField
            label={t('connections.editor.qos')}
            value={String(each.qos)}
            options={['0', '1', '2'].map((value) => ({ value, label: value }))}
            onChange={(qos) => change(index, { qos: Number(qos) as 0 | 1 | 2 })}
          />
          <RemoveRow
            label={t('connections.editor.removeFilter', { number: index + 1 })}
            onClick={() => onChange(values.filter((_, at) => at !== index))}
          />
        </div>
      ))}
      <AddRow label={t('connections.editor.addFilter')} onClick={() => onChange([...values, { filter: '', qos: 0 }])} />
    </fieldset>
  );
}

function AddRow({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <Button variant="default" size="sm" leftSection={<IconPlus size={18} aria-hidden />} onClick={onClick}>
      {label}
    </Button>
  );
}

function RemoveRow({ label, onClick }: { readonly label: string; readonly onClick: () => void }) {
  return (
    <button type="button" className={css.icon} aria-label={label} title={label} onClick={onClick}>
      <IconX size={20} aria-hidden />
    </button>
  );
}
