import { useTranslation } from 'react-i18next';
import { shortHex } from '../hex.ts';
import css from './Acts.module.css';
import type { NamedDevice } from './target.ts';

const listed = 4;

/** Whom an act hits, by name and serial number; of many the first ones. */
export function HitList({ devices }: { readonly devices: readonly NamedDevice[] }) {
  const { t } = useTranslation();
  const more = devices.length - listed;
  return (
    <ul className={css.hit}>
      {devices.slice(0, listed).map((each) => (
        <li key={each.deviceId}>
          <b>{each.id}</b>
          {each.serial !== null && <span className="mono">{shortHex(each.serial)}</span>}
        </li>
      ))}
      {more > 0 && <li>{t('acts.renew.more', { count: more })}</li>}
    </ul>
  );
}
