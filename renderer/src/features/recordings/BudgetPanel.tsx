import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import type { RecordingBudget } from '../../../../shared/model/recording.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { recordingsChanged } from '../../bridge/recording.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Code } from '../../ui/Code.tsx';
import { Dialog, DialogActions } from '../../ui/Dialog.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { SelectField } from '../../ui/Field.tsx';
import { Panel } from '../../ui/Panel.tsx';
import css from './Recordings.module.css';

const sizes = [100_000_000, 500_000_000, 1_000_000_000, 5_000_000_000, 20_000_000_000] as const;
const ages = [7, 30, 90, 365] as const;
const none = 'none';
const day = 86_400_000;

interface Props {
  readonly projectId: number;
  readonly list: CallOutput<'recording.list'>;
}

/** How much of a project is kept, how much is there, what was removed because of it, and where it all lies. */
export function BudgetPanel({ projectId, list }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const { budget, removed, recordings, folder } = list;
  const used = recordings.reduce((sum, { bytes }) => sum + bytes, 0);
  const [asking, setAsking] = useState<RecordingBudget | null>(null);
  const change = useAction(async (next: RecordingBudget) => {
    await call('recording.budget', { projectId, budget: next });
    recordingsChanged();
  });
  /** What a smaller budget would remove at once is asked about first. */
  const choose = (next: RecordingBudget) => {
    const tooMuch = next.bytes !== null && used > next.bytes;
    const limit = next.days === null ? Number.NEGATIVE_INFINITY : Date.now() - next.days * day;
    if (tooMuch || recordings.some(({ startedAt, unreadable }) => !unreadable && startedAt < limit)) setAsking(next);
    else void change.run(next);
  };
  const options = (known: readonly number[], now: number | null, word: (value: number) => string) => [
    ...[...new Set([...known, ...(now === null ? [] : [now])])]
      .sort((a, b) => a - b)
      .map((value) => ({ value: String(value), label: word(value) })),
    { value: none, label: t('recordings.budget.noLimit') },
  ];
  const limitOf = (text: string) => (text === none ? null : Number(text));
  return (
    <Panel title={t('recordings.budget.title')}>
      <div className={css.budget}>
        <SelectField
          label={t('recordings.budget.bytes')}
          value={budget.bytes === null ? none : String(budget.bytes)}
          options={options(sizes, budget.bytes, format.bytes)}
          onChange={(text) => choose({ ...budget, bytes: limitOf(text) })}
        />
        <SelectField
          label={t('recordings.budget.days')}
          value={budget.days === null ? none : String(budget.days)}
          options={options(ages, budget.days, (count) => t('recordings.budget.ofDays', { count }))}
          onChange={(text) => choose({ ...budget, days: limitOf(text) })}
        />
        <p className={css.used}>
          {budget.bytes === null
            ? t('recordings.budget.usedFree', { used: format.bytes(used) })
            : t('recordings.budget.used', { used: format.bytes(used), budget: format.bytes(budget.bytes) })}
        </p>
      </div>
      {change.error && <ErrorPanel error={change.error} />}
      <div className={css.texts}>
        <p>
          {t('recordings.budget.text')}
          {removed.at > 0 &&
            ` ${t('recordings.budget.removed', { count: removed.messages, messages: format.number(removed.messages), when: format.dateTime(removed.at) })}`}
        </p>
        <p>{t('recordings.budget.sealed')}</p>
      </div>
      {asking && (
        <Dialog title={t('recordings.budget.ask.title')} onClose={() => setAsking(null)}>
          <p>
            {asking.bytes !== null && used > asking.bytes
              ? t('recordings.budget.ask.bytes', { used: format.bytes(used), budget: format.bytes(asking.bytes) })
              : t('recordings.budget.ask.days', { count: asking.days ?? 0 })}
          </p>
          <DialogActions>
            <Button variant="default" size="lg" onClick={() => setAsking(null)}>
              {t('recordings.budget.ask.keep')}
            </Button>
            <Button
              size="lg"
              onClick={() => {
                setAsking(null);
                void change.run(asking);
              }}
            >
              {t('recordings.budget.ask.do')}
            </Button>
          </DialogActions>
        </Dialog>
      )}
      <Code text={folder} what={t('recordings.budget.folder')} />
    </Panel>
  );
}
