import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Panel } from '../../ui/Panel.tsx';
import css from './BrokerLog.module.css';
import { cancelReading } from './store.ts';

interface Props {
  readonly progress: { readonly done: number; readonly total: number } | null;
}

/** How far the reading is, and the way to end it. */
export function Reading({ progress }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const fraction = progress && progress.total > 0 ? progress.done / progress.total : null;
  const words = progress
    ? t('log.reading.progress', { done: format.bytes(progress.done), total: format.bytes(progress.total) })
    : t('log.reading.title');
  return (
    <Panel title={t('log.reading.title')}>
      <div className={css.reading}>
        <div
          className={css.bar}
          role="progressbar"
          aria-label={t('log.reading.title')}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={fraction === null ? undefined : Math.round(fraction * 100)}
          aria-valuetext={words}
        >
          <span style={{ width: `${(fraction ?? 0) * 100}%` }} />
        </div>
        <p>
          {words}
          <span className={css.faint}>{t('log.reading.kept')}</span>
        </p>
        <Button variant="default" onClick={() => void cancelReading()}>
          {t('log.reading.cancel')}
        </Button>
      </div>
    </Panel>
  );
}
