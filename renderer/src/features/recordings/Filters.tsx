import { useTranslation } from 'react-i18next';
import type { RecordingQuery } from '../../../../shared/model/recording.ts';
import { Field, SelectField, TextField } from '../../ui/Field.tsx';
import css from './Recordings.module.css';

interface Props {
  readonly query: RecordingQuery;
  /** Of the first and the last message, for those who only know the day. */
  readonly span: { readonly firstAt: number | null; readonly lastAt: number | null };
  readonly onChange: (query: RecordingQuery) => void;
}

/** What is looked for: topic, payload, time, direction. */
export function Filters({ query, span, onChange }: Props) {
  const { t } = useTranslation();
  const set = (part: Partial<RecordingQuery>) => onChange({ ...query, ...part });
  return (
    <div className={css.filters}>
      <TextField
        label={t('recordings.search.topic')}
        placeholder={t('recordings.search.topicHint')}
        value={query.topic}
        onChange={(topic) => set({ topic })}
        maxLength={1_000}
        mono
      />
      <TextField
        label={t('recordings.search.text')}
        placeholder={t('recordings.search.textHint')}
        value={query.text}
        onChange={(text) => set({ text })}
        maxLength={1_000}
        mono
      />
      <MomentField
        label={t('recordings.search.from')}
        value={query.from}
        known={span.firstAt}
        onChange={(from) => set({ from })}
      />
      <MomentField label={t('recordings.search.to')} value={query.to} known={span.lastAt} onChange={(to) => set({ to })} />
      <SelectField
        label={t('recordings.search.direction')}
        value={query.direction ?? 'all'}
        options={(['all', 'in', 'out'] as const).map((value) => ({ value, label: t(`recordings.search.directions.${value}`) }))}
        onChange={(value) => set({ direction: value === 'all' ? null : value })}
      />
    </div>
  );
}

interface MomentProps {
  readonly label: string;
  readonly value: number | null;
  readonly known: number | null;
  readonly onChange: (time: number | null) => void;
}

/** The system's own field for a moment, to the second. The one that is known is its limit, so that the field opens there. */
function MomentField({ label, value, known, onChange }: MomentProps) {
  return (
    <Field label={label}>
      {(aria) => (
        <input
          {...aria}
          type="datetime-local"
          step={1}
          className={css.moment}
          min={known === null ? undefined : `${localText(known).slice(0, 4)}-01-01T00:00:00`}
          value={value === null ? '' : localText(value)}
          onChange={(event) => {
            const time = new Date(event.currentTarget.value).getTime();
            onChange(Number.isNaN(time) ? null : time);
          }}
        />
      )}
    </Field>
  );
}

/** As the field wants it: local time without a zone. */
function localText(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
