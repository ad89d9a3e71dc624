import { useTranslation } from 'react-i18next';
import { Fold } from '../../ui/Fold.tsx';
import { shortHex } from '../../ui/hex.ts';
import { StatePill } from '../../ui/StatePill.tsx';
import { Time } from '../../ui/Time.tsx';
import { type Certificate, CertificateFacts, useStanding } from './CertificateFacts.tsx';
import css from './DeviceDrawer.module.css';

/** The certificates that a device had before, newest first. */
export function EarlierCertificates({ certificates }: { readonly certificates: readonly Certificate[] }) {
  return (
    <ul className={css.history}>
      {certificates.map((certificate) => (
        <li key={certificate.id}>
          <Fold summary={<Summary certificate={certificate} />}>
            <CertificateFacts certificate={certificate} earlier />
          </Fold>
        </li>
      ))}
    </ul>
  );
}

function Summary({ certificate }: { readonly certificate: Certificate }) {
  const { t } = useTranslation();
  const standing = useStanding(certificate);
  return (
    <span className={css.item}>
      <StatePill state={certificate.state} />
      <span className="mono" title={t('devices.drawer.historyItem', { serial: certificate.serial })}>
        {shortHex(certificate.serial)}
      </span>
      <Time at={standing.at}>{standing.words}</Time>
    </span>
  );
}
