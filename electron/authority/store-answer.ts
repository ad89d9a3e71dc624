import { createHash } from 'node:crypto';
import type { IssuedCrl } from '../pki/crl.ts';
import { keyText, tryDescribeKey } from '../pki/key-description.ts';
import { keyAlgorithmOf } from '../pki/keys.ts';
import { type CertificateInfo, nameText } from '../pki/read.ts';
import { trustText } from '../vault/compare-tables.ts';
import type { AuthorityRow } from '../vault/rows.ts';
import type { Log, VaultSession } from '../vault/session.ts';
import { issuingAuthority, lastAuthorityCertificate, outsideOf, projectById, settingsOf } from './lookup.ts';
import { freeName, trustsOurs } from './new-authority.ts';
import { changeSettings } from './project-settings.ts';
import { storeCrl } from './publish-crl.ts';

/** Stores an authority of ours that another one has certified, with those above it. Only inside `session.write`. */

/** A new authority, below the chain that came with its certificate. `above`: from its issuer to the root. Gives its id. */
export function storeCertifiedAuthority(
  session: VaultSession,
  log: Log,
  projectId: number,
  answer: {
    readonly certificate: CertificateInfo;
    readonly above: readonly CertificateInfo[];
    readonly keyId: number;
    /** What it is called unless its certificate has another common name. */
    readonly name: string;
    readonly crl: IssuedCrl;
  },
): number {
  const { certificate, above, keyId, crl } = answer;
  const brokerIssuer = issuingAuthority(session, projectId, 'broker').id;
  const parentId = storeAbove(session, log, projectId, above);
  const name = freeName(session, projectId, certificate.commonName === '' ? answer.name : certificate.commonName);
  const id = insertAuthority(session, projectId, { name, parentId, keyId });
  log('authority.create', { projectId, subject: name, detail: { request: true, parent: parentId ?? 0 } });
  const certificateId = insertCertificate(session, log, projectId, certificate, {
    kind: 'site',
    authorityId: id,
    issuerId: parentId ?? id,
    keyId,
    predecessorId: null,
  });
  trust(session, projectId, ['clients'], certificateId);
  logTrust(session, log, projectId);
  storeCrl(session, log, { projectId, authorityId: id, crl, entries: 0 });
  // the broker keeps the certificate that devices in the field can check, until they have bundles that trust the new root
  changeSettings(session, log, projectId, { deviceIssuer: id, brokerIssuer, authorityRequest: undefined });
  return id;
}

/** A renewal: the same name and key, certified anew. Where the certificate before is trusted, this one takes its place. */
export function storeRenewedAuthority(
  session: VaultSession,
  log: Log,
  authority: AuthorityRow,
  { certificate, above }: { readonly certificate: CertificateInfo; readonly above: readonly CertificateInfo[] },
): void {
  const { project_id: projectId } = authority;
  const present = lastAuthorityCertificate(session, authority.id);
  const parentId = storeAbove(session, log, projectId, above);
  // the company may have another authority between its root and ours by now
  if (parentId !== authority.parent_id) session.tables.authority.update({ ...authority, parent_id: parentId });
  const id = insertCertificate(session, log, projectId, certificate, {
    kind: 'site',
    authorityId: authority.id,
    issuerId: parentId ?? authority.id,
    keyId: authority.key_id,
    predecessorId: present.id,
  });
  for (const row of session.tables.trust.where('certificate_id = ?', present.id))
    session.tables.trust.update({ ...row, certificate_id: id });
  logTrust(session, log, projectId);
  changeSettings(session, log, projectId, { authorityRequest: undefined });
}

/** The authorities above, the root first, as far as they are not here already; gives the id of the lowest. */
function storeAbove(session: VaultSession, log: Log, projectId: number, above: readonly CertificateInfo[]): number | null {
  const outside = new Set(outsideOf(session, projectId));
  let parentId: number | null = null;
  for (const certificate of above.toReversed()) {
    const known = authorityWithKey(session, projectId, certificate.spki);
    const keyId = known?.key_id ?? session.addPublicKey(algorithmOf(certificate.spki), certificate.spki);
    const name = known?.name ?? freeName(session, projectId, certificate.commonName || nameText(certificate.subject));
    const id: number = known?.id ?? insertAuthority(session, projectId, { name, parentId, keyId });
    const ours = session.hasPrivateKey(keyId);
    if (!known) {
      if (!ours) {
        log('authority.offline', { projectId, subject: name, detail: { authority: id, offline: true } });
        outside.add(id);
      }
      log('authority.import', { projectId, subject: name, detail: { authority: id, source: 'answer', place: name, listed: 0 } });
    }
    const fingerprint = Buffer.from(certificate.fingerprint, 'hex');
    const there = session.tables.certificate.where('authority_id = ? AND fingerprint = ?', id, fingerprint)[0];
    const certificateId: number =
      there?.id ??
      insertCertificate(session, log, projectId, certificate, {
        kind: parentId === null ? 'root' : 'site',
        authorityId: id,
        issuerId: parentId ?? id,
        keyId,
        predecessorId: known ? lastAuthorityCertificate(session, id).id : null,
      });
    // devices check the broker against roots; the broker needs the whole chain, because devices of ours are below all of it
    const purposes =
      parentId === null && trustsOurs(session, projectId) ? (['broker', 'clients'] as const) : (['clients'] as const);
    trust(session, projectId, purposes, certificateId);
    parentId = id;
  }
  const list = [...outside];
  if (JSON.stringify(list) !== JSON.stringify(settingsOf(session, projectId).outside ?? []))
    changeSettings(session, log, projectId, { outside: list });
  return parentId;
}

/** An authority of the project by its key: a renewed root is still the same authority. */
function authorityWithKey(session: VaultSession, projectId: number, spki: Buffer): AuthorityRow | undefined {
  const hash = createHash('sha256').update(spki).digest();
  const key = session.tables.privateKey.where('spki_sha256 = ?', hash)[0];
  return key && session.tables.authority.where("project_id = ? AND key_id = ? AND state = 'active'", projectId, key.id)[0];
}

function algorithmOf(spki: Buffer): string {
  const key = tryDescribeKey(spki);
  return keyAlgorithmOf(spki) ?? (key ? keyText(key) : 'other');
}

function insertAuthority(
  session: VaultSession,
  projectId: number,
  { name, parentId, keyId }: { readonly name: string; readonly parentId: number | null; readonly keyId: number },
): number {
  return session.tables.authority.insert({
    project_id: projectId,
    parent_id: parentId,
    name,
    key_id: keyId,
    state: 'active',
    created_at: session.now(),
  });
}

interface Belongs {
  readonly kind: 'root' | 'site';
  readonly authorityId: number;
  readonly issuerId: number;
  readonly keyId: number;
  readonly predecessorId: number | null;
}

function insertCertificate(
  session: VaultSession,
  log: Log,
  projectId: number,
  info: CertificateInfo,
  { kind, authorityId, issuerId, keyId, predecessorId }: Belongs,
): number {
  const commonName = info.commonName === '' ? nameText(info.subject) : info.commonName;
  const id = session.tables.certificate.insert({
    project_id: projectId,
    kind,
    issuer_id: issuerId,
    authority_id: authorityId,
    device_id: null,
    broker_id: null,
    key_id: keyId,
    serial: Buffer.from(info.serial, 'hex'),
    common_name: commonName,
    not_before: info.notBefore.getTime(),
    not_after: info.notAfter.getTime(),
    fingerprint: Buffer.from(info.fingerprint, 'hex'),
    der: info.der,
    status: 'valid',
    revoked_at: null,
    revocation_reason: null,
    predecessor_id: predecessorId,
    created_at: session.now(),
  });
  const { serial, fingerprint } = info;
  log('certificate.import', {
    projectId,
    subject: commonName,
    detail: { kind, serial, fingerprint, place: nameText(info.issuer), notAfter: info.notAfter.toISOString() },
  });
  return id;
}

/** The same certificate once, wherever it came from: a broker's certificate may have brought it already. */
function trust(
  session: VaultSession,
  projectId: number,
  purposes: readonly ('broker' | 'clients')[],
  certificateId: number,
): void {
  const there = session.database
    .prepare<[number, string, number], number>(
      `SELECT count(*) FROM trust t JOIN certificate c ON c.id = t.certificate_id
       WHERE t.project_id = ? AND t.purpose = ? AND c.fingerprint = (SELECT fingerprint FROM certificate WHERE id = ?)`,
    )
    .pluck();
  for (const purpose of purposes) {
    if ((there.get(projectId, purpose, certificateId) ?? 0) > 0) continue;
    session.tables.trust.insert({ project_id: projectId, purpose, certificate_id: certificateId, created_at: session.now() });
  }
}

function logTrust(session: VaultSession, log: Log, projectId: number): void {
  const subject = projectById(session, projectId).name;
  log('project.change', { projectId, subject, detail: { trust: trustText(session, projectId) } });
}
