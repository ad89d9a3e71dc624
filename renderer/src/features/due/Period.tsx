import { useTranslation } from 'react-i18next';
import { SelectField } from '../../ui/Field.tsx';

const periods = [7, 30, 60, 90] as const;

interface Props {
  readonly days: number;
  /** As many as the project is warned before. */
  readonly warnDays: number;
  readonly onDays: (days: number) => void;
}

/** How far ahead: this week, this month, two or three months, or as early as the project is warned. */
export function Period({ days, warnDays, onDays }: Props) {
  const { t } = useTranslation();
  const all = [...new Set([...periods, warnDays])].sort((a, b) => a - b);
  const label = (each: number) => {
    const known = periods.find((period) => period === each);
    return known === undefined ? t('due.period.own', { count: each }) : t(`due.period.${known}`);
  };
  return (
    <SelectField
      label={t('due.period.label')}
      value={String(days)}
      onChange={(value) => onDays(Number(value))}
      options={all.map((each) => ({ value: String(each), label: label(each) }))}
    />
  );
}
