import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { protocolChoices, reconnectChoices } from '../../../../../shared/model/own-connection.ts';
import { SelectField, TextField, Tick } from '../../../ui/Field.tsx';
import css from './Connection.module.css';
import type { PartProps } from './ConnectionEditor.tsx';
import { ofVault } from './connection-draft.ts';
import { PropertyRows } from './FormParts.tsx';

interface Props extends PartProps {
  /** The fields of enhanced authentication, which only MQTT 5 has. */
  readonly authentication: ReactNode;
}

/** What CONNECT says (MQTT 5 §3.1). */
export function MqttFields({ draft, change, wrong, authentication }: Props) {
  const { t } = useTranslation();
  const { mqtt } = draft;
  const set = (part: Partial<typeof mqtt>) => change({ mqtt: { ...mqtt, ...part } });
  const number = (name: 'receiveMaximum' | 'maximumPacketSize' | 'topicAliasMaximum') => (
    <TextField
      label={t(`connections.editor.${name}`)}
      value={mqtt[name]}
      onChange={(value) => set({ [name]: value })}
      error={wrong(`mqtt.${name}`)}
      placeholder={t('connections.editor.notSent')}
      maxLength={10}
      numeric
      mono
    />
  );
  return (
    <div className={css.stack}>
      <div className={css.two}>
        <SelectField
          label={t('connections.editor.protocol')}
          value={mqtt.protocol}
          options={protocolChoices.map((value) => ({ value, label: t(`connections.editor.protocols.${value}`) }))}
          onChange={(protocol) => set({ protocol })}
        />
        <TextField
          label={t('connections.editor.keepAlive')}
          value={mqtt.keepAlive}
          onChange={(keepAlive) => set({ keepAlive })}
          error={wrong('mqtt.keepAlive')}
          hint={t('connections.editor.keepAliveHint')}
          maxLength={5}
          numeric
          mono
        />
      </div>
      <TextField
        label={t('connections.editor.clientId')}
        value={draft.clientId}
        onChange={(clientId) => change({ clientId })}
        error={wrong('clientId')}
        hint={t(ofVault(draft.who) ? 'connections.editor.clientIdOfVault' : 'connections.editor.clientIdHint')}
        maxLength={65_535}
        mono
      />
      <Tick
        label={t('connections.editor.cleanStart')}
        hint={t('connections.editor.cleanStartHint')}
        checked={mqtt.cleanStart}
        onChange={(cleanStart) => set({ cleanStart })}
      />
      {draft.who === 'device' ? (
        <p className={css.small}>{t('connections.editor.reconnectDevice')}</p>
      ) : (
        <SelectField
          label={t('connections.editor.reconnect')}
          value={draft.reconnect}
          options={reconnectChoices.map((value) => ({ value, label: t(`connections.editor.reconnects.${value}`) }))}
          onChange={(reconnect) => change({ reconnect })}
          hint={t('connections.editor.reconnectHint')}
        />
      )}
      {mqtt.protocol !== '3.1.1' && (
        <>
          {mqtt.protocol === 'auto' && <p className={css.small}>{t('connections.editor.only5')}</p>}
          <div className={css.two}>
            <TextField
              label={t('connections.editor.sessionExpiry')}
              value={mqtt.sessionExpiry}
              onChange={(sessionExpiry) => set({ sessionExpiry })}
              error={wrong('mqtt.sessionExpiry')}
              hint={t('connections.editor.sessionExpiryHint')}
              placeholder={t('connections.editor.notSent')}
              maxLength={10}
              numeric
              mono
            />
            {number('receiveMaximum')}
            {number('maximumPacketSize')}
            {number('topicAliasMaximum')}
          </div>
          <Tick
            label={t('connections.editor.requestResponseInformation')}
            checked={mqtt.requestResponseInformation}
            onChange={(requestResponseInformation) => set({ requestResponseInformation })}
          />
          <Tick
            label={t('connections.editor.requestProblemInformation')}
            checked={mqtt.requestProblemInformation}
            onChange={(requestProblemInformation) => set({ requestProblemInformation })}
          />
          <PropertyRows
            values={mqtt.userProperties}
            onChange={(userProperties) => set({ userProperties })}
            problem={(index, field) => wrong(`mqtt.userProperties[${index}].${field}`)}
          />
          {authentication}
        </>
      )}
    </div>
  );
}
