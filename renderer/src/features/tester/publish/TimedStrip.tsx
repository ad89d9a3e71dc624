import { Button } from '@mantine/core';
import { IconCheck, IconPlayerStop, IconRepeat, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { TimedState } from '../../../../../shared/model/timed.ts';
import { useAction } from '../../../bridge/action.ts';
import { call } from '../../../bridge/client.ts';
import { useFormat } from '../../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../../ui/ErrorPanel.tsx';
import { useReasonWords } from '../../../ui/useReasonWords.ts';
import css from './Composer.module.css';
import { forgetTimed } from './timed-store.ts';

/** A timed run as it stands: counts, and a way to stop it; why it ended. */
export function TimedStrip({ run, who }: { readonly run: TimedState; readonly who: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReasonWords();
  const { connectionId, ended } = run;
  const stop = useAction(() => call('timed.stop', { connectionId }));
  const seconds = format.number(run.interval / 1_000);
  const Sign = ended === null ? IconRepeat : ended === 'done' ? IconCheck : IconPlayerStop;
  const figures = [
    ['sent', run.sent],
    ['acknowledged', run.acknowledged],
    ['failed', run.failed],
    ['skipped', run.skipped],
  ] as const;
  return (
    <section className={css.strip} data-ended={ended ?? undefined} aria-label={t('publishing.timed.run', { who })}>
      <div className={css.stripHead}>
        <Sign size={20} stroke={1.8} aria-hidden />
        <p>
          <b>{ended === null ? t('publishing.timed.every', { seconds }) : t(`publishing.timed.ended.${ended}`)}</b>
          <span className="mono">{run.topic}</span>
        </p>
        {ended === null ? (
          <Button size="sm" variant="default" loading={stop.pending} onClick={() => void stop.run()}>
            {t('publishing.timed.stop')}
          </Button>
        ) : (
          <button type="button" aria-label={t('publishing.timed.forget')} onClick={() => forgetTimed(connectionId)}>
            <IconX size={20} aria-hidden />
          </button>
        )}
      </div>
      <dl>
        {figures.map(([name, value]) =>
          // zeros of what went wrong say nothing
          value === 0 && (name === 'failed' || name === 'skipped') ? null : (
            <div key={name} data-name={name}>
              <dt>{t(`publishing.timed.${name}`)}</dt>
              <dd>
                {name === 'sent' && run.count !== null
                  ? t('publishing.timed.of', { sent: format.number(value), count: format.number(run.count) })
                  : format.number(value)}
              </dd>
            </div>
          ),
        )}
      </dl>
      {run.reasonCode !== null && <p className={css.warn}>{reason(run.reasonCode)}</p>}
      {stop.error && <ErrorPanel error={stop.error} />}
    </section>
  );
}
