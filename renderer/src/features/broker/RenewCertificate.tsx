import { IconAlertTriangle, IconClock } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { isRefused } from '../../../../shared/rules/certificate-state.ts';
import { useAction } from '../../bridge/action.ts';
import { call } from '../../bridge/client.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { useIssuerKey } from '../../ui/acts/issuer-key.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Note } from '../../ui/Note.tsx';
import { useNow } from '../../ui/now.ts';
import { WriteButton } from '../../ui/WriteButton.tsx';
import css from './Broker.module.css';
import { draftOf, settingsOf } from './broker-form.ts';
import { FilesToCopy } from './FilesToCopy.tsx';

interface Props {
  readonly projectId: number;
  readonly broker: NonNullable<CallOutput<'project.overview'>['broker']>;
}

/**
 * The broker's certificate is due, over, revoked or missing: what that means, and the one button. Main issues a new one
 * whenever the settings are saved and the present one does not last, so the settings are saved as they are.
 */
export function RenewCertificate({ projectId, broker }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const [saved, setSaved] = useState<CallOutput<'broker.change'> | null>(null);
  const key = useIssuerKey(projectId, 'broker');
  const renew = useAction(async () => {
    const settings = settingsOf(draftOf(broker));
    if (!settings) return;
    const { names, addresses } = settings;
    const plain = { ...settings, names: [...names], addresses: [...addresses] };
    setSaved(await call('broker.change', { projectId, settings: plain, ...key.given }));
    key.forget();
  });
  const { certificate } = broker;
  // of another authority: it is asked for again, further down
  const theirs = broker.origin.issuer !== null;
  const state =
    certificate === null || isRefused(certificate.state)
      ? 'none'
      : now > certificate.notAfter
        ? 'over'
        : now >= certificate.renewFrom
          ? 'due'
          : 'valid';
  if (state === 'valid' && !saved) return null;
  const values = certificate && {
    when: format.relative(certificate.notAfter, now),
    date: format.date(certificate.notAfter),
  };
  return (
    <div className={css.renew}>
      {state !== 'valid' && (
        <Note
          tone={state === 'due' ? 'due' : 'bad'}
          icon={state === 'due' ? IconClock : IconAlertTriangle}
          title={t(`broker.renew.${state}`, values ?? {})}
        >
          <p>{t(theirs ? 'broker.renew.theirs' : 'broker.renew.text')}</p>
          {!theirs && (
            <div className={css.actions}>
              <WriteButton disabled={key.lacking} onClick={() => !renew.pending && void renew.run()}>
                {renew.pending ? t('broker.renew.busy') : t('broker.renew.do')}
              </WriteButton>
            </div>
          )}
        </Note>
      )}
      {state !== 'valid' && !theirs && key.field}
      <div role="status">{saved && <FilesToCopy files={saved.filesToCopy} reissued={saved.reissued} />}</div>
      {renew.error && <ErrorPanel error={renew.error} />}
    </div>
  );
}
