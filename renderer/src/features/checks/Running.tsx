import { Button } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { checkOutcomes } from '../../../../shared/model/check.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Panel } from '../../ui/Panel.tsx';
import css from './Checks.module.css';
import { forgetRun, type Run, stopRun } from './run-store.ts';

/** A run that goes on: how far it is, what was seen so far, and the way to end it. */
export function Running({ run }: { readonly run: Run }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (run.state === 'failed') {
    const close = (
      <Button variant="default" onClick={forgetRun}>
        {t('common.close')}
      </Button>
    );
    return run.error && <ErrorPanel error={run.error} action={close} />;
  }
  const { done, total, seen, state, place } = run;
  const stopping = state === 'stopping';
  const title = t('checks.running.title', { place });
  return (
    <Panel title={title}>
      <div className={css.running}>
        <div>
          <progress max={Math.max(1, total)} value={done} aria-label={title} />
          <p role="status">
            {stopping
              ? t('checks.running.stopping')
              : total === 0
                ? t('checks.running.starting')
                : [
                    t('checks.running.step', { done: format.number(done), total: format.number(total) }),
                    ...checkOutcomes
                      .filter((outcome) => seen[outcome] > 0)
                      .map((outcome) => t(`checks.running.seen.${outcome}`, { value: format.number(seen[outcome]) })),
                  ].join(' · ')}
          </p>
          <p className={css.quiet}>{t('checks.running.goesOn')}</p>
        </div>
        <Button
          variant="default"
          size="lg"
          aria-disabled={stopping || undefined}
          leftSection={<IconPlayerStop size={20} stroke={1.7} aria-hidden />}
          onClick={() => void stopRun()}
        >
          {t('checks.running.stop')}
        </Button>
      </div>
    </Panel>
  );
}
