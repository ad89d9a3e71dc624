import { useTranslation } from 'react-i18next';
import { SelectField } from '../../ui/Field.tsx';

const periods = [7, 30, 60, 90] as const;

/** How far ahead: this week, this month, two or three months. */
export function Period({ days, onDays }: { readonly days: number; readonly onDays: (days: number) => void }) {
  const { t } = useTranslation();
  return (
    <SelectField
      label={t('due.period.label')}
      value={String(days)}
      onChange={(value) => onDays(Number(value))}
      options={periods.map((each) => ({ value: String(each), label: t(`due.period.${each}`) }))}
    />
  );
}
