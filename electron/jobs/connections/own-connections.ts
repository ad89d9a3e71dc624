import { FieldkeyError } from '../../../shared/errors.ts';
import type { CertificateSummaryLine } from '../../../shared/model/connection-files.ts';
import { newConnection, type OwnConnection, type SpeakerState, type TypedBytes } from '../../../shared/model/own-connection.ts';
import { ownConnection } from '../../../shared/rules/own-connection.ts';
import { problemsOfZod } from '../../../shared/rules/zod-problems.ts';
import { brokerOf, projectById } from '../../authority/lookup.ts';
import { connectionDigest } from '../../vault/connection-digest.ts';
import type { OwnConnectionRow } from '../../vault/rows.ts';
import type { ConnectionSecret, Log, VaultSession } from '../../vault/session.ts';
import { dropDiagnosisOf } from '../kept-diagnoses.ts';
import { summaryOf } from './read-files.ts';
import { type SpeakerNow, speakerNow } from './speaker.ts';

/** A device of the vault that a connection would speak as. */
export interface DeviceBehind {
  readonly deviceId: number;
  readonly id: string;
}

/** Which secrets there are; of the answers to AUTH, how many. */
export interface StoredSecrets {
  readonly password: boolean;
  readonly key: boolean;
  readonly authenticationData: boolean;
  readonly authenticationAnswers: number;
}

export function storedSecrets(secret: ConnectionSecret): StoredSecrets {
  return {
    password: secret.password !== '',
    key: secret.key !== '',
    authenticationData: secret.authenticationData !== '',
    authenticationAnswers: secret.authenticationAnswers.length,
  };
}

/** A stored connection, as a page may know it. */
export interface StoredConnection {
  readonly id: number;
  readonly settings: OwnConnection;
  readonly has: StoredSecrets;
  /** Its own, or that of whom of the vault it speaks as. */
  readonly certificate: CertificateSummaryLine | null;
  /** How it stands with whom of the vault it speaks as; null = nobody of it. */
  readonly speaker: SpeakerState | null;
  readonly authorities: readonly CertificateSummaryLine[];
  /** Connecting would throw this one out; asked for each time, and never by itself. */
  readonly device: DeviceBehind | null;
}

/** Of a secret, undefined = as it was, empty = none from now on. */
export interface ChangedSecret {
  readonly password?: string | undefined;
  readonly key?: string | undefined;
  readonly authenticationData?: TypedBytes | undefined;
  readonly authenticationAnswers?: readonly TypedBytes[] | undefined;
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
  const checked = ofSpeakerOnly(checkedConnection(settings));
  const before = id ?? like;
  const known = before === null ? noSecret : session.openConnection(connectionRow(session, projectId, before));
  const asks = checked.mqtt.authenticationMethod !== '';
  const base64 = (typed: TypedBytes) => Buffer.from(bytesOf(typed)).toString('base64');
  const secret: ConnectionSecret = {
    password: checked.speaksAs ? '' : (changed.password ?? known.password),
    // without its certificate a key is of no use
    key: checked.tls.certificate === '' ? '' : (changed.key ?? known.key),
    authenticationData: !asks ? '' : changed.authenticationData ? base64(changed.authenticationData) : known.authenticationData,
    authenticationAnswers: !asks ? [] : (changed.authenticationAnswers?.map(base64) ?? known.authenticationAnswers),
  };
  return session.write((log) => storeConnection(session, log, { projectId, id, settings: checked, secret }));
}

/** Who speaks as somebody of the vault has neither a certificate nor a user of its own. */
function ofSpeakerOnly(settings: OwnConnection): OwnConnection {
  return settings.speaksAs ? { ...settings, user: '', tls: { ...settings.tls, certificate: '' } } : settings;
}

const noSecret: ConnectionSecret = { password: '', key: '', authenticationData: '', authenticationAnswers: [] };

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
    const diagnosis = dropDiagnosisOf(session, id);
    session.tables.ownConnection.delete(row);
    log('connection.remove', { projectId, subject: name, detail: { connection: id, ...(diagnosis && { diagnosis }) } });
  });
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

/** @throws CONNECTION_NOT_FOUND */
export function connectionRow(session: VaultSession, projectId: number, id: number): OwnConnectionRow {
  const row = session.tables.ownConnection.get(id);
  if (row?.project_id !== projectId) throw new FieldkeyError('CONNECTION_NOT_FOUND', { connection: id });
  return row;
}

/** What is stored of it; in the words of today. */
export function settingsOf(row: OwnConnectionRow): OwnConnection {
  // those that were stored before one could speak as somebody of the vault have no word about it
  return { speaksAs: newConnection.speaksAs, ...(JSON.parse(row.settings) as Omit<OwnConnection, 'speaksAs'>) };
}

/** As a page may know it. */
export function storedOf(session: VaultSession, row: OwnConnectionRow): StoredConnection {
  const settings = settingsOf(row);
  const secret = session.openConnection(row);
  const speaker = settings.speaksAs && speakerNow(session, row.project_id, settings.speaksAs);
  const [certificate = null] = summaryOf(speaker ? speaker.certificate : settings.tls.certificate);
  return {
    id: row.id,
    settings,
    has: storedSecrets(secret),
    certificate,
    speaker: speaker === null ? null : speaker.state,
    authorities: summaryOf(settings.tls.ca),
    device: deviceBehind(session, row.project_id, settings, certificate, speaker),
  };
}

/** As whom it is meant to speak, or by its certificate, anywhere; by its name as client id or user name only at the project's own broker. */
function deviceBehind(
  session: VaultSession,
  projectId: number,
  { host, clientId, user }: OwnConnection,
  certificate: CertificateSummaryLine | null,
  speaker: SpeakerNow | null,
): DeviceBehind | null {
  const { tables } = session;
  const meant = speaker?.deviceId == null ? undefined : tables.device.get(speaker.deviceId);
  if (meant) return { deviceId: meant.id, id: meant.name };
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
