import { useTranslation } from 'react-i18next';
import type { DoctorStepReport } from '../../../../shared/model/doctor.ts';
import type { DoctorCertificate } from '../../../../shared/model/doctor-evidence.ts';
import { differs } from '../../../../shared/rules/proof-judgement.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Hex } from '../../ui/Hex.tsx';
import css from './Beside.module.css';
import { durationText, tlsName } from './seen.ts';

/** True where there is more to see than the sentence of the step says; what has a card of its own is shown there. */
export function hasEvidence({ evidence, outcome, step }: DoctorStepReport): boolean {
  return evidence !== null && outcome !== 'skipped' && step !== 'connack' && step !== 'negative';
}

/** What a step saw, in its particulars. */
export function Evidence({ report }: { readonly report: DoctorStepReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (report.evidence === null) return null;
  switch (report.step) {
    case 'files': {
      const { chain, authorities, keyMatches } = report.evidence;
      return (
        <>
          {keyMatches !== null && (
            <div className={css.facts}>
              <Facts
                facts={[
                  { term: t('doctor.facts.keyFits'), value: t(keyMatches ? 'doctor.facts.belong' : 'doctor.facts.differ') },
                ]}
              />
            </div>
          )}
          <Certificates certificates={[...chain, ...authorities]} />
        </>
      );
    }
    case 'predicted': {
      const { nextUpdate, ownBroker } = report.evidence;
      return (
        <>
          {nextUpdate !== null && (
            <div className={css.facts}>
              <Facts facts={[{ term: t('doctor.facts.nextUpdate'), value: format.dateTime(nextUpdate) }]} />
            </div>
          )}
          {ownBroker && (
            <>
              <p className={css.label}>{t('doctor.facts.ownBroker')}</p>
              <Certificates certificates={[ownBroker]} />
            </>
          )}
        </>
      );
    }
    case 'dns':
      return (
        <ul className={css.lines}>
          {report.evidence.addresses.map(({ address, family }) => (
            <li key={address}>
              <span className="mono">{address}</span>
              <span>{`IPv${family}`}</span>
            </li>
          ))}
        </ul>
      );
    case 'tcp':
      return (
        <ul className={css.lines}>
          {report.evidence.tried.map(({ address, milliseconds, error }) => (
            <li key={address}>
              <span className="mono">{address}</span>
              <span>{error === null ? durationText(milliseconds, { t, format }) : t('doctor.facts.noAnswer', { error })}</span>
            </li>
          ))}
        </ul>
      );
    case 'tls': {
      const { protocol, cipher, presented, name, nameMatches } = report.evidence;
      return (
        <>
          <div className={css.facts}>
            <Facts
              facts={[
                { term: t('doctor.facts.protocol'), value: protocol === null ? '–' : tlsName(protocol) },
                { term: t('doctor.facts.cipher'), value: <span className="mono">{cipher ?? '–'}</span>, wide: true },
                {
                  term: t('doctor.facts.checkedFor'),
                  value: `${name}${nameMatches === null ? '' : `: ${t(nameMatches ? 'doctor.facts.nameFits' : 'doctor.facts.nameLacks')}`}`,
                  wide: true,
                },
              ]}
            />
          </div>
          <Certificates certificates={presented} />
        </>
      );
    }
    case 'subscribe':
      return (
        <ul className={css.lines}>
          {report.evidence.filters.map(({ who, filter, reasonCode }) => (
            <li key={`${who} ${filter}`}>
              <span>
                {who} <span className="mono">{filter}</span>
              </span>
              <span>
                {reasonCode !== null && reasonCode >= 128
                  ? t('doctor.facts.refusedCode', { code: reasonCode })
                  : t('doctor.facts.granted')}
              </span>
            </li>
          ))}
        </ul>
      );
    case 'loopback':
      return (
        <>
          <ul className={css.lines}>
            {report.evidence.trips.map(({ from, to, topic, milliseconds }) => (
              <li key={`${from} ${to} ${topic}`}>
                <span>
                  {`${from} → ${to} `}
                  <span className="mono">{topic}</span>
                </span>
                <span>
                  {milliseconds === null ? t('doctor.facts.noAnswer', { error: '–' }) : durationText(milliseconds, { t, format })}
                </span>
              </li>
            ))}
          </ul>
          {report.evidence.held > 0 && (
            <div className={css.facts}>
              <Facts facts={[{ term: t('doctor.facts.held'), value: durationText(report.evidence.held, { t, format }) }]} />
            </div>
          )}
        </>
      );
    case 'access': {
      const rows = [...report.evidence.checks].sort((a, b) => Number(differs(b)) - Number(differs(a)));
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
        <section className={css.scroll} tabIndex={0} aria-label={t('doctor.access.title')}>
          <table className={css.matrix}>
            <thead>
              <tr>
                {[
                  t('access.prove.columns.who'),
                  t('access.prove.report.verb'),
                  t('access.prove.columns.topic'),
                  t('doctor.access.columns.was'),
                ].map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((check) => {
                const wrong = differs(check);
                const cell = wrong ? (check.expected ? 'wrongDenied' : 'wrongAllowed') : check.seen;
                return (
                  <tr key={`${check.who} ${check.verb} ${check.topic}`} data-wrong={wrong || undefined}>
                    <td className="mono">{check.who}</td>
                    <td>{t(`access.prove.report.${check.verb}`)}</td>
                    <td className="mono">{check.topic}</td>
                    <td>{t(`access.prove.cell.${cell}`)}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        </section>
      );
    }
    default:
      return null;
  }
}

/** Certificates with what tells them apart, one below the other. */
function Certificates({ certificates }: { readonly certificates: readonly DoctorCertificate[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return certificates.map(
    ({ fingerprint, subject, issuer, selfSigned, serial, names, key, signature, notBefore, notAfter, purposes }) => (
      <div key={fingerprint} className={css.certificate}>
        <b>{subject}</b>
        <p>{selfSigned ? t('doctor.sides.selfSigned') : t('doctor.sides.signedBy', { name: issuer })}</p>
        <p>{[key, signature, ...purposes].join(' · ')}</p>
        <p>{`${format.date(notBefore)} – ${format.date(notAfter)}`}</p>
        {names.length > 0 && <p>{`${t('doctor.facts.names')}: ${names.join(', ')}`}</p>}
        <p>{t('doctor.facts.serial')}</p>
        <Hex value={serial} what={t('doctor.facts.serial')} />
      </div>
    ),
  );
}
