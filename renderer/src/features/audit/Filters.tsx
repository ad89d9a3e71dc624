// biome-ignore-all lint/a11y/useSemanticElements: a fieldset cannot be laid out as a flex row of chips
import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type AuditGroup, auditGroups } from '../../../../shared/model/audit.ts';
import { Field, SelectField, TextField } from '../../ui/Field.tsx';
import css from './Audit.module.css';
import { type Period, type PeriodName, periods } from './period.ts';

export interface Asked {
  readonly text: string;
  readonly operator: string;
  readonly group: AuditGroup | null;
  readonly period: Period;
}

export const everything: Asked = { text: '', operator: '', group: null, period: { name: 'all', from: '', to: '' } };

interface Props {
  readonly asked: Asked;
  readonly operators: readonly string[];
  readonly onAsk: (asked: Asked) => void;
}

export function Filters({ asked, operators, onAsk }: Props) {
  const { t } = useTranslation();
  const set = (part: Partial<Asked>) => onAsk({ ...asked, ...part });
  const { period, group } = asked;
  return (
    <>
      <div className={css.filters}>
        <TextField
          label={t('audit.search')}
          placeholder={t('audit.searchHint')}
          value={asked.text}
          onChange={(text) => set({ text })}
          maxLength={200}
        />
        <SelectField<PeriodName>
          label={t('audit.period.label')}
          value={period.name}
          options={periods.map((value) => ({ value, label: t(`audit.period.${value}`) }))}
          onChange={(name) => set({ period: { ...period, name } })}
        />
        <SelectField
          label={t('audit.operator')}
          value={asked.operator}
          options={[{ value: '', label: t('audit.everybody') }, ...operators.map((value) => ({ value, label: value }))]}
          onChange={(operator) => set({ operator })}
        />
        {period.name === 'custom' && (
          <div className={css.days}>
            <DayField
              label={t('audit.period.from')}
              value={period.from}
              onChange={(from) => set({ period: { ...period, from } })}
            />
            <DayField label={t('audit.period.to')} value={period.to} onChange={(to) => set({ period: { ...period, to } })} />
          </div>
        )}
      </div>
      <div className={css.chips} role="group" aria-label={t('audit.groups.label')}>
        <button type="button" aria-pressed={group === null} onClick={() => set({ group: null })}>
          {t('audit.groups.all')}
        </button>
        {auditGroups.map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === group}
            onClick={() => set({ group: each === group ? null : each })}
          >
            {t(`audit.groups.${each}`)}
          </button>
        ))}
      </div>
    </>
  );
}

/** The system's own field for a day: it is written in the order that its user is used to. */
export function DayField(props: { readonly label: string; readonly value: string; readonly onChange: (day: string) => void }) {
  return (
    <Field label={props.label}>
      {(aria) => (
        <input
          {...aria}
          type="date"
          className={css.day}
          value={props.value}
          onChange={(event) => props.onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

export function ShowAll({ onReset }: { readonly onReset: () => void }) {
  const { t } = useTranslation();
  return (
    <Button variant="default" onClick={onReset}>
      {t('audit.nothing.reset')}
    </Button>
  );
}
