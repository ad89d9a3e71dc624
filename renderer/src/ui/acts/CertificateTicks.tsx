import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { shortHex } from '../hex.ts';
import { LifeBar } from '../LifeBar.tsx';
import css from './Acts.module.css';

export type Tickable = CallOutput<'certificate.show'>;

interface Props {
  readonly words: string;
  readonly certificates: readonly Tickable[];
  readonly ticked: ReadonlySet<number>;
  readonly onTicked: (ticked: ReadonlySet<number>) => void;
}

/** The certificates of one device that an act can hit, each by serial number and date; of several, some can be left out. */
export function CertificateTicks({ words, certificates, ticked, onTicked }: Props) {
  const alone = certificates.length === 1;
  return (
    <fieldset className={css.certificates}>
      <legend>{words}</legend>
      {certificates.map((certificate) =>
        alone ? (
          <div key={certificate.id} className={css.certificate}>
            <Words certificate={certificate} />
          </div>
        ) : (
          <label key={certificate.id} className={css.certificate}>
            <input
              type="checkbox"
              checked={ticked.has(certificate.id)}
              onChange={(event) => {
                const next = new Set(ticked);
                if (event.currentTarget.checked) next.add(certificate.id);
                else next.delete(certificate.id);
                onTicked(next);
              }}
            />
            <Words certificate={certificate} />
          </label>
        ),
      )}
    </fieldset>
  );
}

function Words({ certificate }: { readonly certificate: Tickable }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { serial, issuedAt, notAfter, revocationReason } = certificate;
  return (
    <span>
      <b>{t('acts.list.certificate', { serial: shortHex(serial), issued: format.date(issuedAt) })}</b>
      <span>
        <LifeBar life={certificate} />
        <span>
          {revocationReason === 'certificateHold' ? t('acts.list.held') : t('acts.list.ends', { date: format.date(notAfter) })}
        </span>
      </span>
    </span>
  );
}
