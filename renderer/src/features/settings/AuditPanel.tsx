import { Button } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Hex } from '../../ui/Hex.tsx';
import { Panel } from '../../ui/Panel.tsx';
import css from './Settings.module.css';

export function AuditPanel() {
  const { t } = useTranslation();
  const [result, setResult] = useState<CallOutput<'audit.verify'> | null>(null);
  const verify = useAction(async () => {
    setResult(null);
    setResult(await call('audit.verify'));
  });
  return (
    <Panel title={t('settings.audit.title')}>
      <p className={css.text}>{t('settings.audit.text')}</p>
      <Button variant="default" aria-disabled={verify.pending} onClick={() => !verify.pending && void verify.run()}>
        {verify.pending ? t('settings.audit.checking') : t('settings.audit.verify')}
      </Button>
      <div role="status">{result && <Result result={result} />}</div>
      {verify.error && <ErrorPanel error={verify.error} />}
    </Panel>
  );
}

function Result({ result }: { readonly result: CallOutput<'audit.verify'> }) {
  const { t } = useTranslation();
  const { sound, entries, findings, head } = result;
  const Sign = sound ? IconShieldCheck : IconAlertTriangle;
  return (
    <div className={css.result} data-sound={sound}>
      <Sign size={24} stroke={1.7} aria-hidden />
      <div>
        <p>{sound ? t('settings.audit.sound', { count: entries }) : t('settings.audit.broken', { count: findings.length })}</p>
        {!sound && (
          <>
            <ul>
              {findings.map((finding) => (
                <li key={finding}>{finding}</li>
              ))}
            </ul>
            <p>{t('settings.audit.brokenHelp')}</p>
          </>
        )}
        <p className={css.hint}>
          {t('settings.audit.head')}. {t('settings.audit.headHint')}
        </p>
        <Hex value={head} what={t('settings.audit.headName')} />
      </div>
    </div>
  );
}
