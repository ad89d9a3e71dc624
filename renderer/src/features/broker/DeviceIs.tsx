import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type BrokerTarget, softwareOf } from '../../../../shared/model/broker.ts';
import { type DeviceName, deviceNames, type IdentityMode } from '../../../../shared/model/kit.ts';
import { SelectField } from '../../ui/Field.tsx';
import { Note } from '../../ui/Note.tsx';
import { Question } from './Question.tsx';

interface Props {
  readonly value: DeviceName;
  readonly onChange: (value: DeviceName) => void;
  readonly target: BrokerTarget;
  readonly identity: IdentityMode;
  /** Devices share a certificate: each sends a client id of its own choice. */
  readonly ownClientIds: boolean;
}

/** How the broker's own rules write `{device}`. */
const written = {
  mosquitto: { user: '%u', client: '%c' },
  // RabbitMQ's kit writes each name out
  rabbitmq: { user: null, client: '{client_id}' },
  emqx: { user: `\${username}`, client: `\${clientid}` },
} as const;

/** What stands for `{device}` on the broker: the user name that was proved, or the client id, and what that is worth. */
export function DeviceIs({ value, onChange, target, identity, ownClientIds }: Props) {
  const { t } = useTranslation();
  const names = written[softwareOf(target)];
  const labelled = (name: DeviceName) => {
    const label = t(`access.deviceIs.${name}`);
    return names[name] === null ? label : `${label} (${names[name]})`;
  };
  return (
    <Question title={t('access.deviceIs.title')} answer={labelled(value)}>
      <SelectField
        label={t('access.deviceIs.label')}
        hint={t('access.deviceIs.hint')}
        value={value}
        onChange={onChange}
        options={deviceNames.map((name) => ({ value: name, label: labelled(name) }))}
      />
      {value === 'client' && <Proved target={target} identity={identity} ownClientIds={ownClientIds} />}
    </Question>
  );
}

function Proved({ target, identity, ownClientIds }: Pick<Props, 'target' | 'identity' | 'ownClientIds'>) {
  const { t } = useTranslation();
  const software = softwareOf(target);
  if (software === 'rabbitmq')
    return (
      <Note tone="wait" icon={IconInfoCircle} title={t('access.deviceIs.both.title')}>
        <p>{t('access.deviceIs.both.text')}</p>
      </Note>
    );
  if (ownClientIds)
    return (
      <Note tone="bad" icon={IconAlertTriangle} title={t('access.deviceIs.unproved.title')}>
        <p>{t('access.deviceIs.unproved.text')}</p>
      </Note>
    );
  const emqx = identity === 'certificate' ? 'peer_cert_as_clientid = cn' : 'use_username_as_clientid = true';
  const option = software === 'emqx' ? emqx : 'use_username_as_clientid true';
  return (
    <Note tone="due" icon={IconAlertTriangle} title={t('access.deviceIs.enforced.title')}>
      <p>{t('access.deviceIs.enforced.text', { option })}</p>
    </Note>
  );
}
