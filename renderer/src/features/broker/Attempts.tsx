import { Button } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { type PracticeAttempt, practiceAttempts } from '../../../../shared/model/local-broker.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Note } from '../../ui/Note.tsx';
import { Panel } from '../../ui/Panel.tsx';
import css from './Live.module.css';

type Attempted = CallOutput<'practice.attempt'>;

/** Four things that a broker with these settings must refuse, each really tried at the push of a button. */
export function Attempts() {
  const { t } = useTranslation();
  const [results, setResults] = useState<readonly Attempted[]>([]);
  const [trying, setTrying] = useState<PracticeAttempt | null>(null);
  const attempt = useAction(async (kind: PracticeAttempt) => {
    setTrying(kind);
    try {
      const result = await call('practice.attempt', { kind });
      // the latest on top, one of each kind
      setResults((before) => [result, ...before.filter((each) => each.kind !== kind)]);
    } finally {
      setTrying(null);
    }
  });
  return (
    <Panel title={t('practice.attempts.title')} className={css.wide}>
      <p className={css.lead}>{t('practice.attempts.lead')}</p>
      <div className={css.attempts}>
        {practiceAttempts.map((kind) => (
          <Button
            key={kind}
            variant="default"
            aria-disabled={trying !== null}
            onClick={() => trying === null && void attempt.run(kind)}
          >
            {trying === kind ? t('practice.attempts.busy') : t(`practice.attempts.${kind}.action`)}
          </Button>
        ))}
      </div>
      <div className={css.results} role="status">
        {results.map((result) => (
          <Result key={result.kind} result={result} />
        ))}
      </div>
      {attempt.error && <ErrorPanel error={attempt.error} />}
    </Panel>
  );
}

function Result({ result }: { readonly result: Attempted }) {
  const { t } = useTranslation();
  const { kind, name, topic, refused, denied, raw } = result;
  // what the broker noted counts, not that something went wrong on the way
  const kept = kind === 'topic' ? denied !== null : !result.connected && refused !== null;
  const title = !kept ? 'let' : kind === 'topic' ? 'notDelivered' : 'refused';
  return (
    <Note tone={kept ? 'ok' : 'due'} icon={kept ? IconShieldCheck : IconAlertTriangle} title={t(`practice.attempts.${title}`)}>
      <p>{t(`practice.attempts.${kind}.tried`, { name, topic })}</p>
      <p>
        <strong>{t('practice.attempts.said')}</strong>{' '}
        {refused
          ? t(`practice.refusal.${refused.reason}`)
          : denied
            ? t(`practice.denial.${denied.reason}`)
            : t('practice.attempts.saidNothing')}
      </p>
      {kind === 'topic' && result.acknowledged && kept && <p>{t('practice.attempts.acknowledged')}</p>}
      {!kept && <p>{t('practice.attempts.letText')}</p>}
      {(raw !== '' || refused) && (
        <p>
          {t('practice.attempts.raw')}: <span className="mono">{[raw, refused?.raw].filter(Boolean).join(' · ')}</span>
        </p>
      )}
    </Note>
  );
}
