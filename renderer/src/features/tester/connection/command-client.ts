import type { KitSettings } from '../../../../../shared/model/kit.ts';
import type { OwnClient } from '../../../../../shared/rules/own-commands.ts';
import { usesCertificates, usesPasswords } from '../../../../../shared/rules/password.ts';
import type { StoredConnection } from './connection-draft.ts';

/**
 * What another program has to be told to connect as this does. Of somebody of the vault, certificate and key are those of the
 * exported folder, and the name in the certificate is client id and user as the kit has it.
 */
export function commandClient(
  own: StoredConnection,
  protocolVersion: 4 | 5 | null,
  kit: Pick<KitSettings, 'identity'>,
): OwnClient {
  const { settings, has, certificate } = own;
  const version = protocolVersion ?? (settings.mqtt.protocol === '3.1.1' ? 4 : 5);
  if (!settings.speaksAs) return { settings, protocolVersion: version, password: has.password };
  const name = certificate?.name ?? '';
  const login = usesPasswords(kit);
  return {
    protocolVersion: version,
    password: login,
    settings: {
      ...settings,
      clientId: settings.clientId === '' ? name : settings.clientId,
      user: login ? name : '',
      tls: { ...settings.tls, certificate: usesCertificates(kit) ? name : '' },
    },
  };
}
