import { useDeferredValue } from 'react';
import { useTranslation } from 'react-i18next';
import type { CallOutput } from '../../../../shared/contract.ts';
import { useFormat } from '../../locales/FormatContext.tsx';
import { shortHex } from '../hex.ts';
import css from './Acts.module.css';

/** Lines that exist at once; the rest is counted. */
const maximum = 60;

/** What came of each device: those that were passed over first, with the reason. */
export function RenewResults({ result }: { readonly result: CallOutput<'certificate.renew'> }) {
  const { t } = useTranslation();
  const format = useFormat();
  // the sentence first: at this moment every list of devices is read again as well
  const told = useDeferredValue<typeof result | null>(result, null);
  if (told === null) return null;
  const { done, skipped } = told;
  if (done.length + skipped.length < 2 && skipped.length === 0) return null;
  const passed = skipped.slice(0, maximum);
  const issued = done.slice(0, maximum - passed.length);
  const more = done.length + skipped.length - passed.length - issued.length;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <ul className={css.results} aria-label={t('acts.renew.result')} tabIndex={0}>
      {passed.map(({ deviceId, id, why }) => (
        <li key={deviceId} data-tone="due">
          <b>{id}</b>
          <span>{t(`acts.renew.why.${why}`)}</span>
        </li>
      ))}
      {issued.map(({ deviceId, id, serial, notAfter }) => (
        <li key={deviceId}>
          <b>{id}</b>
          <span>{t('acts.renew.until', { serial: shortHex(serial), date: format.date(notAfter) })}</span>
        </li>
      ))}
      {more > 0 && <li>{t('acts.renew.more', { count: more })}</li>}
    </ul>
  );
}
