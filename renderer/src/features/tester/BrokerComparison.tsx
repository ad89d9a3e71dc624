import { useTranslation } from 'react-i18next';
import type { ConnectionFailure } from '../../../../shared/model/connection.ts';
import { useCall } from '../../bridge/queries.ts';
import { Hex } from '../../ui/Hex.tsx';
import css from './Failure.module.css';

interface Props {
  readonly failure: ConnectionFailure;
  /** The broker's certificate as the project has it. */
  readonly certificateId: number | null;
}

/** What the broker showed beside what this project issued for it: the same name says nothing, the fingerprint does. */
export function BrokerComparison({ failure, certificateId }: Props) {
  const { t } = useTranslation();
  const own = useCall('certificate.show', { certificateId: certificateId ?? 0 }, { enabled: certificateId !== null });
  const { fingerprint, issuer, authority } = failure.params;
  if (typeof fingerprint !== 'string' || fingerprint === '') return null;
  return (
    <dl className={css.comparison}>
      <div>
        <dt>{t('tester.compare.shown')}</dt>
        <dd>
          <p>{t('tester.compare.issuedBy', { name: issuer || '–' })}</p>
          <Hex value={fingerprint} what={t('tester.compare.shown')} />
        </dd>
      </div>
      {own.data && (
        <div>
          <dt>{t('tester.compare.own')}</dt>
          <dd>
            <p>{t('tester.compare.issuedBy', { name: authority || '–' })}</p>
            <Hex value={own.data.fingerprint} what={t('tester.compare.own')} />
          </dd>
        </div>
      )}
    </dl>
  );
}
