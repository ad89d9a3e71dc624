import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { BrokerSettings } from '../../../shared/model/broker.ts';
import css from './AddressBar.module.css';
import { type Address, addressProblem, hostsOf } from './address.ts';
import { SelectField, TextField } from './Field.tsx';

/** The value of "another address": no host can be called so. */
const other = '/';

interface Props {
  readonly broker: BrokerSettings;
  readonly address: Address;
  readonly onChange: (address: Address) => void;
  /** Somebody tried to connect: from then on mistakes are told. */
  readonly tried: boolean;
}

/** Where the next connection goes: one of the project's names and addresses, or any other. */
export function AddressBar({ broker, address, onChange, tried }: Props) {
  const { t } = useTranslation();
  const hosts = hostsOf(broker);
  const [custom, setCustom] = useState(!hosts.includes(address.host));
  const problem = tried ? addressProblem(address) : null;
  return (
    <section className={css.address} aria-label={t('tester.address.title')}>
      <SelectField
        label={t('tester.address.host')}
        value={custom ? other : address.host}
        options={[...hosts.map((host) => ({ value: host, label: host })), { value: other, label: t('tester.address.other') }]}
        onChange={(host) => {
          setCustom(host === other);
          onChange({ ...address, host: host === other ? '' : host });
        }}
      />
      {custom && (
        <TextField
          label={t('tester.address.custom')}
          value={address.host}
          onChange={(host) => onChange({ ...address, host })}
          error={problem === 'host' && t('tester.address.hostWrong')}
          mono
        />
      )}
      <TextField
        label={t('tester.address.port')}
        value={address.port}
        onChange={(port) => onChange({ ...address, port })}
        error={problem === 'port' && t('tester.address.portWrong')}
        maxLength={5}
        numeric
        mono
      />
    </section>
  );
}
