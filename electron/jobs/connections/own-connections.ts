import { randomBytes } from 'node:crypto';
import { FieldkeyError } from '../../../shared/errors.ts';
import type { LinkOptions, MqttOptions } from '../../../shared/model/connect-options.ts';
import type { CertificateSummaryLine } from '../../../shared/model/connection-files.ts';
import { isEncrypted, type OwnConnection, type TypedBytes } from '../../../shared/model/own-connection.ts';
import { problem } from '../../../shared/problems.ts';
import { ownConnection } from '../../../shared/rules/own-connection.ts';
import { problemsOfZod } from '../../../shared/rules/zod-problems.ts';
import { trustedBrokers } from '../../authority/certificate-identity.ts';
import { brokerOf, projectById } from '../../authority/lookup.ts';
import type { OpenedIdentity } from '../../authority/test-identity.ts';
import { connectionDigest } from '../../vault/connection-digest.ts';
import type { OwnConnectionRow } from '../../vault/rows.ts';
import type { ConnectionSecret, Log, VaultSession } from '../../vault/session.ts';
import { summaryOf } from './read-files.ts';

/** A device of the vault that a connection would speak as. */
export interface DeviceBehind {
  readonly deviceId: number;
  readonly id: string;
}

/** A stored connection, as a page may know it. */
export interface StoredConnection {
  readonly id: number;
  readonly settings: OwnConnection;
  /** Which secrets there are. */
  readonly has: { readonly password: boolean; readonly key: boolean; readonly authenticationData: boolean };
  readonly certificate: CertificateSummaryLine | null;
  readonly authorities: readonly CertificateSummaryLine[];
  /** Connecting would throw this one out; asked for each time, and never by itself. */
  readonly device: DeviceBehind | null;
}

/** Of a secret, undefined = as it was, empty = none from now on. */
export interface ChangedSecret {
  readonly password?: string | undefined;
  readonly key?: string | undefined;
  readonly authenticationData?: TypedBytes | undefined;
}

/** All of a project, by name. */
export function listConnections(session: VaultSession, projectId: number): StoredConnection[] {
  projectById(session, projectId);
  return session.tables.ownConnection
    .where('project_id = ? ORDER BY id', projectId)
    .map((row) => storedOf(session, row))
    .toSorted((a, b) => a.settings.name.localeCompare(b.settings.name) || a.id - b.id);
}

/**
 * Stores a connection: a new one (`id` null), whose secrets may be those of another (`like`), or a changed one.
 * @throws INPUT_INVALID for what no broker could be told, CONNECTION_NOT_FOUND
 */
export function putConnection(
  session: VaultSession,
  projectId: number,
  { id, like = null, settings }: { readonly id: number | null; readonly like?: number | null; readonly settings: OwnConnection },
  changed: ChangedSecret,
): StoredConnection {
  projectById(session, projectId);
  const checked = checkedConnection(settings);
  const before = id ?? like;
  const known = before === null ? noSecret : session.openConnection(connectionRow(session, projectId, before));
  const secret: ConnectionSecret = {
    password: changed.password ?? known.password,
    // without its certificate a key is of no use
    key: checked.tls.certificate === '' ? '' : (changed.key ?? known.key),
    authenticationData:
      checked.mqtt.authenticationMethod === ''
        ? ''
        : changed.authenticationData
          ? Buffer.from(bytesOf(changed.authenticationData)).toString('base64')
          : known.authenticationData,
  };
  return session.write((log) => storeConnection(session, log, { projectId, id, settings: checked, secret }));
}

const noSecret: ConnectionSecret = { password: '', key: '', authenticationData: '' };

/** Within a transaction; what an import stores is checked already. */
export function storeConnection(
  session: VaultSession,
  log: Log,
  put: {
    readonly projectId: number;
    readonly id: number | null;
    readonly settings: OwnConnection;
    readonly secret: ConnectionSecret;
  },
): StoredConnection {
  const { projectId, id, settings, secret } = put;
  const row = session.putConnection(id, { projectId, settings: JSON.stringify(settings) }, secret);
  log(id === null ? 'connection.add' : 'connection.change', {
    projectId,
    subject: settings.name,
    detail: { connection: row.id, host: settings.host, port: settings.port, digest: connectionDigest(row) },
  });
  return storedOf(session, row);
}

/** Removes it with its secrets. @throws CONNECTION_NOT_FOUND */
export function removeConnection(session: VaultSession, projectId: number, id: number): void {
  const row = connectionRow(session, projectId, id);
  const { name } = settingsOf(row);
  session.write((log) => {
    session.tables.ownConnection.delete(row);
    log('connection.remove', { projectId, subject: name, detail: { connection: id } });
  });
}

/** Everything that the tester needs. Whoever gets it wipes the key when it is handed on. */
export interface OwnOrder {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly reconnects: boolean;
  readonly identity: OpenedIdentity;
  readonly link: LinkOptions;
  readonly mqtt: MqttOptions;
}

/**
 * Takes a connection with its secrets out of the vault, and notes it in the audit log before anything is sent. One that would
 * speak as a device needs the person's word, and never comes back by itself.
 * @throws CONNECTION_NOT_FOUND, KEY_UNAVAILABLE when its key was never given, INPUT_INVALID without that word
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
  if (settings.tls.certificate !== '' && secret.key === '') throw new FieldkeyError('KEY_UNAVAILABLE', { key: settings.name });
  const { tls, transport, host, port, user } = settings;
  const encrypted = isEncrypted(transport);
  session.write((log) =>
    log('tester.connect', {
      projectId,
      subject: settings.name,
      detail: { identity: 'own', connection: ownId, host, port, encrypted, verified: encrypted && tls.verify },
    }),
  );
  return {
    name: settings.name,
    host,
    port,
    reconnects: settings.reconnect === 'losses' && device === null,
    identity: {
      id: settings.clientId === '' ? `fieldkey-${randomBytes(6).toString('hex')}` : settings.clientId,
      certificateChain: encrypted ? tls.certificate : '',
      key: new TextEncoder().encode(encrypted ? secret.key : ''),
      ca: tls.trust === 'file' ? tls.ca : tls.trust === 'project' ? trustedBrokers(session, projectId) : '',
      ...(user === '' && secret.password === '' ? {} : { login: { username: user, password: secret.password } }),
    },
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
          },
    will: will && {
      ...will,
      payload: bytesOf(will.payload),
      correlationData: will.correlationData.text === '' ? null : bytesOf(will.correlationData),
    },
  };
}

/** What somebody wrote as text, hexadecimal or base64; checked by shared/rules/own-connection.ts. */
export function bytesOf({ form, text }: TypedBytes): Uint8Array {
  return Buffer.from(form === 'hex' ? text.replace(/[\s:]/g, '') : text, form === 'text' ? 'utf8' : form);
}

/** @throws INPUT_INVALID */
function checkedConnection(settings: OwnConnection): OwnConnection {
  const checked = ownConnection.safeParse(settings);
  if (!checked.success) throw new FieldkeyError('INPUT_INVALID', { problems: problemsOfZod(checked.error, settings) });
  return checked.data;
}

function connectionRow(session: VaultSession, projectId: number, id: number): OwnConnectionRow {
  const row = session.tables.ownConnection.get(id);
  if (row?.project_id !== projectId) throw new FieldkeyError('CONNECTION_NOT_FOUND', { connection: id });
  return row;
}

function settingsOf(row: OwnConnectionRow): OwnConnection {
  return JSON.parse(row.settings) as OwnConnection;
}

function storedOf(session: VaultSession, row: OwnConnectionRow): StoredConnection {
  const settings = settingsOf(row);
  const secret = session.openConnection(row);
  const [certificate = null] = summaryOf(settings.tls.certificate);
  return {
    id: row.id,
    settings,
    has: { password: secret.password !== '', key: secret.key !== '', authenticationData: secret.authenticationData !== '' },
    certificate,
    authorities: summaryOf(settings.tls.ca),
    device: deviceBehind(session, row.project_id, settings, certificate),
  };
}

/** By its certificate anywhere; by its name as client id or user name only at the project's own broker. */
function deviceBehind(
  session: VaultSession,
  projectId: number,
  { host, clientId, user }: OwnConnection,
  certificate: CertificateSummaryLine | null,
): DeviceBehind | null {
  const { tables } = session;
  if (certificate) {
    const [row] = tables.certificate.where('fingerprint = ?', Buffer.from(certificate.fingerprint, 'hex'));
    const device = row?.device_id == null ? undefined : tables.device.get(row.device_id);
    if (device) return { deviceId: device.id, id: device.name };
  }
  const broker = brokerOf(session, projectId)?.parsed;
  const here = broker && [...broker.names, ...broker.addresses].some((each) => each.toLowerCase() === host.toLowerCase());
  if (!here) return null;
  for (const name of [user, clientId]) {
    const [device] = name === '' ? [] : tables.device.where('project_id = ? AND name_folded = ?', projectId, name.toLowerCase());
    if (device) return { deviceId: device.id, id: device.name };
  }
  return null;
}
