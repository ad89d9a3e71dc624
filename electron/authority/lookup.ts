import { FieldkeyError } from '../../shared/errors.ts';
import type { AccessException, AccessRule } from '../../shared/model/access.ts';
import type { ProjectSettings } from '../../shared/model/authority.ts';
import type { BrokerSettings } from '../../shared/model/broker.ts';
import { type KeyAlgorithm, keyAlgorithms } from '../../shared/model/key.ts';
import { earlierKit, type KitSettings, standardKit } from '../../shared/model/kit.ts';
import type { ProjectSubject } from '../../shared/model/subject.ts';
import { type Judging, standardWarnDays } from '../../shared/rules/certificate-state.ts';
import { plainExceptions } from '../../shared/rules/device-access.ts';
import type { AuthorityRow, BrokerRow, CertificateRow, CrlRow, ProjectRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { holderOf } from './shared-certificate.ts';

/** @throws PROJECT_NOT_FOUND */
export function projectById(session: VaultSession, projectId: number): ProjectRow {
  const row = session.tables.project.get(projectId);
  if (!row) throw new FieldkeyError('PROJECT_NOT_FOUND', { project: String(projectId) });
  return row;
}

/** Project names fold case, as folders on a stick do. */
export function projectByName(session: VaultSession, name: string): ProjectRow | undefined {
  return session.tables.project.where('name_folded = ?', name.toLowerCase())[0];
}

/** Which of these names are devices of the project, each once. A log names whoever came; most of them are. */
export function devicesNamed(
  session: VaultSession,
  projectId: number,
  names: readonly string[],
): { readonly name: string; readonly deviceId: number }[] {
  return [...new Set(names)].flatMap((name) => {
    const [row] = session.tables.device.where('project_id = ? AND name_folded = ?', projectId, name.toLowerCase());
    return row ? [{ name, deviceId: row.id }] : [];
  });
}

export function subjectOf(project: ProjectRow): ProjectSubject {
  return JSON.parse(project.subject) as ProjectSubject;
}

/** What a project has decided; empty when it never decided anything. */
export function settingsOf(session: VaultSession, projectId: number): ProjectSettings {
  const row = session.tables.projectSetting.where('project_id = ?', projectId)[0];
  return row ? (JSON.parse(row.settings) as ProjectSettings) : {};
}

/** The authorities of somebody else above ours. */
export function outsideOf(session: VaultSession, projectId: number): ReadonlySet<number> {
  return new Set(settingsOf(session, projectId).outside);
}

/** Whether an authority belongs to somebody else: it vouches for one of ours, and signs nothing here. */
export function isOutside(session: VaultSession, authority: AuthorityRow): boolean {
  return outsideOf(session, authority.project_id).has(authority.id);
}

/** How many days before its end a certificate of this project counts as due (product S2.4, S3.5: 30 unless decided). */
export function warnDaysOf(session: VaultSession, projectId: number): number {
  return settingsOf(session, projectId).warnDays ?? standardWarnDays;
}

/** By what the states of a project's certificates are judged at a moment (ms). */
export function judgingOf(session: VaultSession, projectId: number, now: number): Judging {
  return { now, warnDays: warnDaysOf(session, projectId) };
}

/** The authorities of a project, roots first. */
export function authoritiesOf(session: VaultSession, projectId: number): AuthorityRow[] {
  return session.tables.authority.where('project_id = ? ORDER BY parent_id IS NOT NULL, id', projectId);
}

/**
 * The authority that issues for a project's devices or for its broker: the one that the project chose, as long as it is
 * active, otherwise the active one that is farthest from the root. One that has ended only where there is no other.
 * @throws AUTHORITY_NOT_FOUND
 */
export function issuingAuthority(
  session: VaultSession,
  projectId: number,
  purpose: 'devices' | 'broker' = 'devices',
): AuthorityRow {
  const settings = settingsOf(session, projectId);
  const chosen = purpose === 'devices' ? settings.deviceIssuer : settings.brokerIssuer;
  const row = session.tables.authority.where(
    `project_id = ? AND state = 'active' AND id NOT IN (SELECT value FROM json_each(?))
     ORDER BY (SELECT not_after FROM certificate WHERE authority_id = authority.id AND status = 'valid' ORDER BY id DESC LIMIT 1) > ? DESC,
       id = ? DESC, parent_id IS NULL, id DESC LIMIT 1`,
    projectId,
    JSON.stringify(settings.outside ?? []),
    session.now(),
    chosen ?? 0,
  )[0];
  if (!row) throw new FieldkeyError('AUTHORITY_NOT_FOUND', { authority: `of project ${projectId}` });
  return row;
}

/** The key type of a project: that of its issuing authority. @throws AUTHORITY_NOT_FOUND, KEY_UNAVAILABLE */
export function keyTypeOf(session: VaultSession, projectId: number): KeyAlgorithm {
  const { key_id: id } = issuingAuthority(session, projectId);
  const row = session.tables.privateKey.get(id);
  if (!row) throw new FieldkeyError('KEY_UNAVAILABLE', { key: id });
  return newKeyType(row.algorithm);
}

/**
 * Whether an authority is over: in use, and its certificate has ended. It can be renewed or taken out of use; until then it signs
 * nothing, nobody below it is let in, and nothing of the others waits for it.
 */
export function hasEnded(session: VaultSession, authority: AuthorityRow): boolean {
  return authority.state === 'active' && lastAuthorityCertificate(session, authority.id).not_after <= session.now();
}

/** The authorities of a project that are in use and have not ended, roots first: those that brokers are told of. */
export function livingAuthorities(session: VaultSession, projectId: number): AuthorityRow[] {
  const inUse = authoritiesOf(session, projectId).filter(({ state }) => state === 'active');
  return inUse.filter((authority) => !hasEnded(session, authority));
}

/** An authority's newest own certificate that is not revoked. @throws CERTIFICATE_NOT_FOUND */
export function authorityCertificate(session: VaultSession, authorityId: number): CertificateRow {
  const row = session.tables.certificate.where("authority_id = ? AND status = 'valid' ORDER BY id DESC LIMIT 1", authorityId)[0];
  if (!row) throw new FieldkeyError('CERTIFICATE_NOT_FOUND', { certificate: `of authority ${authorityId}` });
  return row;
}

/** The same whatever its state: of an authority that is not in use any more. @throws CERTIFICATE_NOT_FOUND */
export function lastAuthorityCertificate(session: VaultSession, authorityId: number): CertificateRow {
  const row = session.tables.certificate.where(
    "authority_id = ? ORDER BY status = 'valid' DESC, id DESC LIMIT 1",
    authorityId,
  )[0];
  if (!row) throw new FieldkeyError('CERTIFICATE_NOT_FOUND', { certificate: `of authority ${authorityId}` });
  return row;
}

/** @throws AUTHORITY_NOT_FOUND */
export function authorityById(session: VaultSession, authorityId: number): AuthorityRow {
  const row = session.tables.authority.get(authorityId);
  if (!row) throw new FieldkeyError('AUTHORITY_NOT_FOUND', { authority: String(authorityId) });
  return row;
}

/** Whether its private key is in this vault. */
export function hasKey(session: VaultSession, authority: AuthorityRow): boolean {
  return Buffer.isBuffer(session.tables.privateKey.get(authority.key_id)?.sealed);
}

/** The authority and those above it, the root last: chains of any length. */
export function chainOf(session: VaultSession, authorityId: number): AuthorityRow[] {
  const chain: AuthorityRow[] = [];
  for (let id: number | null = authorityId; id !== null; ) {
    const row: AuthorityRow | undefined = session.tables.authority.get(id);
    // a loop cannot be stored by us; without the check an edited file could hang the program before a MAC is looked at
    if (!row || chain.some((a) => a.id === row.id)) throw new FieldkeyError('VAULT_TAMPERED', { table: 'authority', row: id });
    chain.push(row);
    id = row.parent_id;
  }
  return chain;
}

export function brokerOf(session: VaultSession, projectId: number): (BrokerRow & { parsed: BrokerSettings }) | undefined {
  const row = session.tables.broker.where('project_id = ? ORDER BY id LIMIT 1', projectId)[0];
  return row && { ...row, parsed: brokerSettingsOf(row.settings) };
}

/** Broker settings as stored. What was stored before there was a kit to choose means the kit that there was. */
function brokerSettingsOf(stored: string): BrokerSettings {
  const { kit, ...settings } = JSON.parse(stored) as Omit<BrokerSettings, 'kit'> & { readonly kit?: Partial<KitSettings> };
  return { ...settings, kit: kit ? { ...standardKit, ...kit } : earlierKit };
}

export function brokerCertificate(session: VaultSession, brokerId: number): CertificateRow | undefined {
  return session.tables.certificate.where("broker_id = ? AND status = 'valid' ORDER BY id DESC LIMIT 1", brokerId)[0];
}

export function accessOf(session: VaultSession, projectId: number): AccessRule[] {
  return session.tables.access.where('project_id = ? ORDER BY id', projectId).map((row) => ({
    role: row.role as AccessRule['role'],
    ...(JSON.parse(row.topics) as { write: string[]; read: string[]; deny?: string[] }),
  }));
}

/** What single devices may do besides their role, or may not, by the id of the device. Retired ones have none. */
export function exceptionsOf(session: VaultSession, projectId: number): AccessException[] {
  const rows = session.tables.accessException.where('project_id = ? ORDER BY id', projectId).flatMap((row) => {
    const device = session.tables.device.get(row.device_id);
    if (!device || device.retired_at !== null) return [];
    return [{ device: device.name, ...(JSON.parse(row.topics) as { write: string[]; read: string[]; deny: string[] }) }];
  });
  return plainExceptions(rows);
}

/** What devices check the broker against, or what the broker checks clients against: two lists, see migration 1. */
export function trustOf(session: VaultSession, projectId: number, purpose: 'broker' | 'clients'): CertificateRow[] {
  return session.tables.trust
    .where('project_id = ? AND purpose = ? ORDER BY id', projectId, purpose)
    .map((row) => session.tables.certificate.get(row.certificate_id))
    .filter((row) => row !== undefined);
}

export function latestCrl(session: VaultSession, authorityId: number): CrlRow | undefined {
  return session.tables.crl.where('authority_id = ? ORDER BY number DESC LIMIT 1', authorityId)[0];
}

/** The observer's newest valid certificate whose authority is in use: below one that is not, brokers refuse it. */
export function observerCertificate(session: VaultSession, projectId: number): CertificateRow | undefined {
  return session.tables.certificate.where(
    `project_id = ? AND kind = 'observer' AND status = 'valid'
       AND NOT EXISTS (SELECT 1 FROM authority a WHERE a.id = issuer_id AND a.state <> 'active') ORDER BY id DESC LIMIT 1`,
    projectId,
  )[0];
}

/** The one that another one would follow: as `observerCertificate`, or else the newest there is, whatever its state. */
export function lastObserverCertificate(session: VaultSession, projectId: number): CertificateRow | undefined {
  return (
    observerCertificate(session, projectId) ??
    session.tables.certificate.where(
      "project_id = ? AND kind = 'observer' ORDER BY status = 'valid' DESC, id DESC LIMIT 1",
      projectId,
    )[0]
  );
}

/** By which the broker knows the observer, also while it has no certificate that is of use. */
export function observerName(session: VaultSession, projectId: number): string {
  return lastObserverCertificate(session, projectId)?.common_name ?? 'observer';
}

/**
 * As `observerCertificate`, for whoever cannot do without. @throws AUTHORITY_OFFLINE when there could be one if the key of who issues
 * were here, CERTIFICATE_NOT_FOUND otherwise
 */
export function requireObserver(session: VaultSession, projectId: number): CertificateRow {
  const row = observerCertificate(session, projectId);
  if (row) return row;
  if (lastObserverCertificate(session, projectId)?.status === 'valid') {
    const issuer = issuingAuthority(session, projectId);
    if (!hasKey(session, issuer)) throw new FieldkeyError('AUTHORITY_OFFLINE', { authority: issuer.name });
  }
  throw new FieldkeyError('CERTIFICATE_NOT_FOUND', { certificate: 'of the observer' });
}

/** The newest certificate of a device, or of the one whose certificate it uses, that is neither revoked nor expired and whose authority is in use, or undefined. */
export function currentCertificate(session: VaultSession, deviceId: number): CertificateRow | undefined {
  return session.tables.certificate.where(
    `device_id = ? AND status = 'valid' AND not_after > ?
       AND NOT EXISTS (SELECT 1 FROM authority a WHERE a.id = issuer_id AND a.state <> 'active') ORDER BY id DESC LIMIT 1`,
    holderOf(session, deviceId),
    session.now(),
  )[0];
}

/** Keys of which only the public half is in this vault: from signing requests, or taken out. */
export function outsideKeys(session: VaultSession): Set<number> {
  session.assertOpen();
  return new Set(session.database.prepare<[], number>('SELECT id FROM private_key WHERE sealed IS NULL').pluck().all());
}

/** The type of keys that are made beside one of this type: the same, or the nearest that we make for an imported one. */
export function newKeyType(algorithm: string): KeyAlgorithm {
  return keyAlgorithms.find((each) => each === algorithm) ?? (/^rsa/i.test(algorithm) ? 'rsa3072' : 'p256');
}
