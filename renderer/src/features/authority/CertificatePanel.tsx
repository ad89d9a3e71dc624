import { useTranslation } from 'react-i18next';
import { reportOf } from '../../bridge/client.ts';
import { useCall } from '../../bridge/queries.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Code } from '../../ui/Code.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { ErrorPanel } from '../../ui/ErrorPanel.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Fold } from '../../ui/Fold.tsx';
import { Hex } from '../../ui/Hex.tsx';
import { LintResult } from '../../ui/LintResult.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { StatePill } from '../../ui/StatePill.tsx';
import { Time } from '../../ui/Time.tsx';
import { Waiting } from '../../ui/Waiting.tsx';
import css from './Authority.module.css';

/** One certificate of the chain with what one compares by eye. */
export function CertificatePanel({ certificateId, name }: { readonly certificateId: number; readonly name: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const shown = useCall('certificate.show', { certificateId });
  const title = t('authority.certificate.title', { name });
  if (!shown.data) {
    return (
      <Panel className={css.wide} title={title}>
        {shown.isError ? (
          <ErrorPanel error={reportOf(shown.error)} onRetry={() => void shown.refetch()} />
        ) : (
          <Waiting lines={5} />
        )}
      </Panel>
    );
  }
  const it = shown.data;
  const time = (at: number) => <Time at={at}>{format.dateTime(at)}</Time>;
  const places = [...it.names, ...it.addresses];
  return (
    <Panel className={css.wide} title={title} aside={<StatePill state={it.state} />}>
      <Facts
        facts={[
          { term: t('authority.certificate.validFrom'), value: time(it.notBefore) },
          { term: t('authority.certificate.validTo'), value: time(it.notAfter) },
          { term: t('authority.certificate.key'), value: t(`common.keyAlgorithm.${it.keyAlgorithm}`) },
          {
            term: t('authority.certificate.fingerprint'),
            wide: true,
            value: <Hex value={it.fingerprint} what={t('authority.certificate.fingerprint')} />,
          },
          {
            term: t('authority.certificate.serial'),
            wide: true,
            value: <Hex value={it.serial} what={t('authority.certificate.serial')} />,
          },
          { term: t('authority.certificate.subject'), value: it.subjectName },
          { term: t('authority.certificate.issuer'), value: it.issuerName },
          ...(places.length > 0 ? [{ term: t('authority.certificate.names'), value: format.list(places) }] : []),
        ]}
      />
      <LintResult certificateId={certificateId} />
      <div className={css.pem}>
        <CopyButton text={it.pem} what="PEM" label={t('authority.certificate.copyPem')} />
        <Fold summary={t('authority.certificate.pem')}>
          <Code text={it.pem} what="PEM" block />
        </Fold>
      </div>
    </Panel>
  );
}
