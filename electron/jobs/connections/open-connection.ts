import { randomBytes } from 'node:crypto';
import { FieldkeyError } from '../../../shared/errors.ts';
import type { LinkOptions, MqttOptions } from '../../../shared/model/connect-options.ts';
import { isEncrypted, type OwnConnection, type VaultSpeaker } from '../../../shared/model/own-connection.ts';
import { problem } from '../../../shared/problems.ts';
import { trustedBrokers } from '../../authority/certificate-identity.ts';
import type { OpenedIdentity } from '../../authority/test-identity.ts';
import type { ConnectionSecret, VaultSession } from '../../vault/session.ts';
import { bytesOf, connectionRow, settingsOf, storedOf } from './own-connections.ts';
import { openSpeaker } from './speaker.ts';

/** Whether a connection speaks as the observer. @throws CONNECTION_NOT_FOUND */
export function speaksAsObserver(session: VaultSession, projectId: number, id: number): boolean {
  return settingsOf(connectionRow(session, projectId, id)).speaksAs?.kind === 'observer';
}

/** Everything that the tester needs. Whoever gets it wipes the key when it is handed on. */
export interface OwnOrder {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly reconnects: boolean;
  readonly speaksAs: VaultSpeaker | null;
  readonly identity: OpenedIdentity;
  readonly link: LinkOptions;
  readonly mqtt: MqttOptions;
}

/**
 * Takes a connection with its secrets out of the vault, and notes it in the audit log before anything is sent. One that would
 * speak as a device needs the person's word, and never comes back by itself.
 * @throws CONNECTION_NOT_FOUND, KEY_UNAVAILABLE when its key was never given, INPUT_INVALID without that word; DEVICE_NOT_FOUND,
 * CERTIFICATE_NOT_FOUND of whom of the vault it speaks as
 */
export function openConnection(
  session: VaultSession,
  request: { readonly projectId: number; readonly ownId: number; readonly takeoverAccepted?: true | undefined },
): OwnOrder {
  const { projectId, ownId, takeoverAccepted } = request;
  const row = connectionRow(session, projectId, ownId);
  const { settings, device } = storedOf(session, row);
  if (device && !takeoverAccepted)
    throw new FieldkeyError('INPUT_INVALID', { problems: [problem('missing', {}, 'identity.takeoverAccepted')] });
  const secret = session.openConnection(row);
  const { tls, transport, host, port } = settings;
  const encrypted = isEncrypted(transport);
  // first, so that nothing is noted of a key that cannot be opened
  const { identity, noted } = identityFor(session, projectId, settings, secret);
  session.write((log) =>
    log('tester.connect', {
      projectId,
      subject: settings.name,
      detail: { identity: 'own', connection: ownId, ...noted, host, port, encrypted, verified: encrypted && tls.verify },
    }),
  );
  return {
    name: settings.name,
    host,
    port,
    reconnects: settings.reconnect === 'losses' && device === null,
    speaksAs: settings.speaksAs,
    identity,
    link: {
      transport,
      path: settings.path,
      minVersion: tls.minimum,
      serverName: tls.serverName,
      alpn: tls.alpn,
      verify: tls.verify,
      systemAuthorities: tls.trust === 'system',
    },
    mqtt: mqttOf(settings, secret),
  };
}

/** Whom it connects as, and what the audit log says about that. */
function identityFor(
  session: VaultSession,
  projectId: number,
  settings: OwnConnection,
  secret: ConnectionSecret,
): { readonly identity: OpenedIdentity; readonly noted: { readonly who?: string; readonly serial?: string } } {
  const { tls, transport, user, clientId, speaksAs } = settings;
  const ca = tls.trust === 'file' ? tls.ca : tls.trust === 'project' ? trustedBrokers(session, projectId) : '';
  if (speaksAs) {
    const { opened, serial } = openSpeaker(session, projectId, speaksAs);
    return { identity: { ...opened, id: clientId === '' ? opened.id : clientId, ca }, noted: { who: opened.id, serial } };
  }
  if (tls.certificate !== '' && secret.key === '') throw new FieldkeyError('KEY_UNAVAILABLE', { key: settings.name });
  const encrypted = isEncrypted(transport);
  return {
    identity: {
      id: clientId === '' ? `fieldkey-${randomBytes(6).toString('hex')}` : clientId,
      certificateChain: encrypted ? tls.certificate : '',
      key: new TextEncoder().encode(encrypted ? secret.key : ''),
      ca,
      ...(user === '' && secret.password === '' ? {} : { login: { username: user, password: secret.password } }),
    },
    noted: {},
  };
}

function mqttOf({ mqtt, will }: OwnConnection, secret: ConnectionSecret): MqttOptions {
  const { protocol, authenticationMethod, ...same } = mqtt;
  return {
    ...same,
    protocol: protocol === 'auto' ? 'auto' : protocol === '5' ? 5 : 4,
    authentication:
      authenticationMethod === ''
        ? null
        : {
            method: authenticationMethod,
            data: secret.authenticationData === '' ? null : Buffer.from(secret.authenticationData, 'base64'),
            answers: secret.authenticationAnswers.map((each) => Buffer.from(each, 'base64')),
          },
    will: will && {
      ...will,
      payload: bytesOf(will.payload),
      correlationData: will.correlationData.text === '' ? null : bytesOf(will.correlationData),
    },
  };
}
