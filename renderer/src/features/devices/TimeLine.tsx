import { useTranslation } from 'react-i18next';
import { isRefused } from '../../../../shared/rules/certificate-state.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { shortHex } from '../../ui/hex.ts';
import { LifeBar } from '../../ui/LifeBar.tsx';
import { StatePill } from '../../ui/StatePill.tsx';
import { Time } from '../../ui/Time.tsx';
import { WriteButton } from '../../ui/WriteButton.tsx';
import { type Certificate, CertificateFacts, useStanding } from './CertificateFacts.tsx';
import css from './TimeLine.module.css';

interface Props {
  /** Newest first. */
  readonly certificates: readonly Certificate[];
  /** The one that the device works with. */
  readonly currentId: number;
  readonly onAct: (act: 'revoke' | 'release', certificateId: number) => void;
}

/** Every certificate that a device had, each tied to the one it followed: what renewing leaves valid is in plain sight. */
export function TimeLine({ certificates, currentId, onAct }: Props) {
  return (
    <ol className={css.line}>
      {certificates.map((certificate) => (
        <li key={certificate.id} data-state={certificate.state}>
          <Moment
            certificate={certificate}
            predecessor={certificates.find(({ id }) => id === certificate.predecessorId)}
            current={certificate.id === currentId}
            onAct={onAct}
          />
        </li>
      ))}
    </ol>
  );
}

interface MomentProps {
  readonly certificate: Certificate;
  readonly predecessor: Certificate | undefined;
  readonly current: boolean;
  readonly onAct: Props['onAct'];
}

function Moment({ certificate, predecessor, current, onAct }: MomentProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const standing = useStanding(certificate);
  const held = certificate.state === 'hold';
  const serial = shortHex(certificate.serial);
  const act = held ? 'release' : 'revoke';
  return (
    <>
      <p className={css.head}>
        <b className="mono" title={t('devices.drawer.historyItem', { serial: certificate.serial })}>
          {serial}
        </b>
        <StatePill state={certificate.state} />
        {current && <span>{t('devices.drawer.inUse')}</span>}
        {certificate.kind === 'test' && <span>{t('devices.drawer.test')}</span>}
      </p>
      <LifeBar life={certificate} wide />
      <p className={css.words}>
        {t('devices.drawer.issued', { date: format.date(certificate.issuedAt) })} · <Time at={standing.at}>{standing.words}</Time>
      </p>
      {predecessor && <p className={css.words}>{t('devices.drawer.follows', { serial: shortHex(predecessor.serial) })}</p>}
      <div className={css.deeds}>
        {!current && (
          <Fold summary={t('common.details')}>
            <CertificateFacts certificate={certificate} earlier />
          </Fold>
        )}
        {(held || !isRefused(certificate.state)) && (
          <WriteButton
            variant="subtle"
            size="sm"
            aria-label={t(`devices.drawer.${act}Named`, { serial })}
            onClick={() => onAct(act, certificate.id)}
          >
            {t(`acts.${act}.name`)}
          </WriteButton>
        )}
      </div>
    </>
  );
}
