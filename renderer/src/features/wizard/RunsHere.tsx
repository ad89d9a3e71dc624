import { useTranslation } from 'react-i18next';
import { useCall } from '../../bridge/queries.ts';
import { ownAddresses } from './own-addresses.ts';
import css from './Wizard.module.css';

/** The broker will run on this computer: its addresses, each one click. Loopback is said to be what it is. */
export function RunsHere({ taken, onPick }: { readonly taken: readonly string[]; readonly onPick: (host: string) => void }) {
  const { t } = useTranslation();
  const found = useCall('localBroker.addresses', undefined);
  const offered = [...ownAddresses(found.data ?? []), 'localhost'].filter((host) => !taken.includes(host));
  if (offered.length === 0 || !found.data) return null;
  return (
    <fieldset className={css.here}>
      <legend>{t('wizard.where.here')}</legend>
      {offered.map((host) => (
        <button key={host} type="button" className={css.chip} onClick={() => onPick(host)}>
          <span className="mono">{host}</span>
          {host === 'localhost' && <span>{t('wizard.where.onlyHere')}</span>}
        </button>
      ))}
    </fieldset>
  );
}
