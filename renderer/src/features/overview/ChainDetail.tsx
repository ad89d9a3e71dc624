import { useTranslation } from 'react-i18next';
import type { AuthorityView } from '../../../../shared/model/project.ts';
import { reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Hex } from '../../ui/Hex.tsx';
import { useNow } from '../../ui/now.ts';
import { Waiting } from '../../ui/Waiting.tsx';
import css from './TrustChain.module.css';

interface Props {
  readonly certificateId: number;
  readonly name: string;
  readonly crl: AuthorityView['crl'];
}

/** What one compares with the broker, by eye or by paste. */
export function ChainDetail({ certificateId, name, crl }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  const certificate = useCall('certificate.show', { certificateId });
  if (certificate.isError) return <ErrorPanel error={reportOf(certificate.error)} onRetry={() => void certificate.refetch()} />;
  return (
    <div className={css.detail}>
      {certificate.isPending ? (
        <Waiting lines={2} />
      ) : (
        <Facts
          facts={[
            {
              term: t('overview.chain.fingerprint'),
              wide: true,
              value: <Hex value={certificate.data.fingerprint} what={t('overview.chain.fingerprintOf', { name })} />,
            },
            {
              term: t('overview.chain.serial'),
              wide: true,
              value: <Hex value={certificate.data.serial} what={t('overview.chain.serial')} />,
            },
          ]}
        />
      )}
      {crl && (
        <p>
          {t('overview.chain.crl', {
            number: crl.number,
            entries: t('overview.chain.crlEntries', { count: crl.entries }),
            when: format.relative(crl.nextUpdate, now),
          })}
        </p>
      )}
    </div>
  );
}
