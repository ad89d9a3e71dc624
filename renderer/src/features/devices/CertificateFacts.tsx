import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { isRefused } from '../../../../shared/rules/certificate-state.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Code } from '../../ui/Code.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { type Fact, Facts } from '../../ui/Facts.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { Hex } from '../../ui/Hex.tsx';
import { LifeBar } from '../../ui/LifeBar.tsx';
import { LintResult } from '../../ui/LintResult.tsx';
import { useNow } from '../../ui/now.ts';
import { StatePill } from '../../ui/StatePill.tsx';
import { Time } from '../../ui/Time.tsx';
import css from './DeviceDrawer.module.css';

export type Certificate = CallOutput<'certificate.show'>;

/** One sentence about how a certificate stands: "ends in 23 days, 14 Dec 2026". */
export function useStanding(certificate: Certificate): { readonly at: number; readonly words: string } {
  const { t } = useTranslation();
  const format = useFormat();
  const now = useNow();
  if (isRefused(certificate.state) && certificate.revokedAt !== null) {
    const at = certificate.revokedAt;
    const when = `${format.relative(at, now)}, ${format.date(at)}`;
    if (certificate.state === 'hold') return { at, words: t('devices.drawer.held', { when: format.date(at) }) };
    const reason = t(`common.reason.${certificate.revocationReason ?? 'unspecified'}`);
    return { at, words: t('devices.drawer.revoked', { when, reason }) };
  }
  const at = certificate.notAfter;
  const when = `${format.relative(at, now)}, ${format.date(at)}`;
  return { at, words: now > at ? t('devices.drawer.ended', { when }) : t('devices.drawer.ends', { when }) };
}

interface Props {
  readonly certificate: Certificate;
  /** Its line in the list says already how it stands. */
  readonly earlier?: boolean;
}

export function CertificateFacts({ certificate, earlier = false }: Props) {
  const { t } = useTranslation();
  const standing = useStanding(certificate);
  return (
    <>
      <div className={css.status}>
        {!earlier && (
          <p>
            <StatePill state={certificate.state} />
            <Time at={standing.at}>{standing.words}</Time>
          </p>
        )}
        <LifeBar life={certificate} wide />
      </div>
      <Facts facts={useFacts(certificate)} />
      <LintResult certificateId={certificate.id} />
      <div className={css.pem}>
        <CopyButton text={certificate.pem} what="PEM" label={t('devices.drawer.copyPem')} />
        <Fold summary={t('devices.drawer.pem')}>
          <Code text={certificate.pem} what="PEM" block />
        </Fold>
      </div>
    </>
  );
}

function useFacts(certificate: Certificate): Fact[] {
  const { t } = useTranslation();
  const format = useFormat();
  const { names, addresses } = certificate;
  const time = (at: number) => <Time at={at}>{format.dateTime(at)}</Time>;
  return [
    { term: t('devices.drawer.validFrom'), value: time(certificate.notBefore) },
    { term: t('devices.drawer.validTo'), value: time(certificate.notAfter) },
    // nobody renews what was issued for a test
    ...(certificate.kind === 'test' ? [] : [{ term: t('devices.drawer.renewFrom'), value: time(certificate.renewFrom) }]),
    { term: t('devices.drawer.key'), value: t(`common.keyAlgorithm.${certificate.keyAlgorithm}`) },
    {
      term: t('devices.drawer.serial'),
      wide: true,
      value: <Hex value={certificate.serial} what={t('devices.drawer.serial')} />,
    },
    {
      term: t('devices.drawer.fingerprint'),
      wide: true,
      value: <Hex value={certificate.fingerprint} what={t('devices.drawer.fingerprint')} />,
    },
    { term: t('devices.drawer.subject'), wide: true, value: certificate.subjectName },
    { term: t('devices.drawer.issuer'), wide: true, value: certificate.issuerName },
    ...(names.length > 0 ? [{ term: t('devices.drawer.names'), value: format.list(names) }] : []),
    ...(addresses.length > 0 ? [{ term: t('devices.drawer.addresses'), value: format.list(addresses) }] : []),
  ];
}
