import { IconAlertTriangle, IconCircleCheck, IconPlayerStop } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { usersFile } from '../../../../shared/rules/password.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { BrokerSteps } from '../BrokerSteps.tsx';
import { revocationFile } from '../broker-commands.ts';
import { useBrokerPlace } from '../broker-target.ts';
import { Fold } from '../Fold.tsx';
import { Note } from '../Note.tsx';
import css from './Acts.module.css';
import type { RevokeAct } from './RevokeDialog.tsx';
import { SignList } from './SignList.tsx';

interface Props {
  readonly projectId: number;
  readonly act: RevokeAct;
  readonly result: CallOutput<'certificate.revokeMany'>;
}

/** What came of it, which list says so, and the way of that list to the broker. */
export function Revoked({ projectId, act, result: { certificates, skipped, crls } }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const broker = useBrokerPlace(projectId);
  const count = certificates.length;
  const byPassword = broker.identity === 'password';
  const file = byPassword ? usersFile(broker.target) : revocationFile(broker.target);
  const waiting = byPassword ? [] : crls.filter(({ pending }) => pending > 0).map(({ authority }) => authority);
  return (
    <>
      <div role="status">
        {count > 0 ? (
          <Note tone="ok" icon={IconCircleCheck} title={t(`acts.${act}.done`, { count })}>
            {byPassword && <p>{t('acts.list.passwords', { file })}</p>}
            {(byPassword ? [] : crls).map(({ authority, number, nextUpdate, pending }) => (
              <p key={authority}>
                {pending > 0
                  ? t('acts.list.pending', { count: pending, name: authority })
                  : t('acts.list.published', { number, name: authority, date: format.date(nextUpdate ?? 0) })}
              </p>
            ))}
            {skipped.length > 0 && <p>{t('acts.list.skipped', { count: skipped.length })}</p>}
          </Note>
        ) : (
          <Note tone="due" icon={IconAlertTriangle} title={t(`acts.${act}.nothing`)}>
            {t('acts.list.skipped', { count: skipped.length })}
          </Note>
        )}
      </div>
      {waiting.length > 0 && <SignList projectId={projectId} names={waiting} />}
      {skipped.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <ul className={css.results} aria-label={t('acts.renew.result')} tabIndex={0}>
          {skipped.slice(0, 200).map(({ id, why }) => (
            <li key={id} data-tone="due">
              <b>{id}</b>
              <span>{t(`acts.list.why.${why}`)}</span>
            </li>
          ))}
        </ul>
      )}
      {count > 0 && (
        <>
          <ul className={css.hit} aria-label={t('acts.list.files')}>
            <li>
              <span>{t('acts.list.files')}</span>
              <b className="mono">{file}</b>
            </li>
          </ul>
          <Fold summary={t('acts.list.steps')}>
            <BrokerSteps broker={broker} untitled />
          </Fold>
        </>
      )}
    </>
  );
}

export function RevokeStopped({ done, total }: { readonly done: number; readonly total: number }) {
  const { t } = useTranslation();
  return (
    <Note tone="due" icon={IconPlayerStop} title={t('acts.list.stopped')}>
      <p>{t('acts.list.stoppedText', { done, total })}</p>
    </Note>
  );
}
