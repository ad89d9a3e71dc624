import { Button } from '@mantine/core';
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../ui/Panel.tsx';
import { TonePill } from '../../ui/StatePill.tsx';
import css from './Beside.module.css';
import { evidenceOf, type Run } from './run-store.ts';

/** The connections that have to fail: did they? */
export function Refusals({ run, onAll }: { readonly run: Run; readonly onAll: () => void }) {
  const { t } = useTranslation();
  const step = run.steps.negative;
  const seen = evidenceOf(run, 'negative');
  if (seen) {
    return (
      <Panel title={t('doctor.refusals.title')}>
        <ul className={css.refusals}>
          {seen.refusals.map(({ test, seen: how, alert }) => (
            <li key={test} data-test={test}>
              <span>{t(`access.prove.refusal.${test}`)}</span>
              <TonePill
                tone={how === 'refused' ? 'ok' : how === 'accepted' ? 'bad' : 'wait'}
                icon={how === 'refused' ? IconCheck : how === 'accepted' ? IconX : IconMinus}
              >
                <span title={alert === null ? undefined : `TLS alert ${alert}`}>
                  {t(`access.prove.${how === 'untried' ? 'notTried' : how}`)}
                </span>
              </TonePill>
            </li>
          ))}
        </ul>
      </Panel>
    );
  }
  // whoever asked for a quick check learns that there is more, once it has gone well
  if (step?.skipped !== 'not-asked' || run.report?.verdict.outcome === 'failed') return null;
  return (
    <Panel title={t('doctor.refusals.title')}>
      <p className={css.quiet}>{t('doctor.refusals.left')}</p>
      <Button variant="default" onClick={onAll}>
        {t('doctor.refusals.all')}
      </Button>
    </Panel>
  );
}
