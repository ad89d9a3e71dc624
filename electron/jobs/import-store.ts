import type { Role } from '../../shared/model/access.ts';
import type { ProvisionPlan } from '../../shared/model/plan.ts';
import { foldDeviceId } from '../../shared/rules/device-id.ts';
import { readHash } from '../broker/mosquitto/password-hash.ts';
import type { ImportedKey } from '../import/findings.ts';
import type { PlannedAuthority } from '../import/plan-authorities.ts';
import type { ImportPlan, PlannedCertificate, PlannedDevice } from '../import/plan-import.ts';
import { keyText, tryDescribeKey } from '../pki/key-description.ts';
import { type KeyPair, keyAlgorithmOf } from '../pki/keys.ts';
import { softwareSpki } from '../pki/public-half.ts';
import type { CertificateInfo } from '../pki/read.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { Log, VaultSession } from '../vault/session.ts';
import { importHash } from './passwords.ts';

/** Type and size of any key, as keys are stored. */
export function algorithmOf(spki: Buffer): string {
  const key = tryDescribeKey(spki);
  return keyAlgorithmOf(spki) ?? (key ? keyText(key) : 'other');
}

/** Writes the parts of an import. Only inside `session.write`. */
export class ImportStore {
  readonly projectId: number;
  readonly counts = { certificates: 0, revoked: 0, keys: 0 };
  readonly #session: VaultSession;
  readonly #log: Log;
  readonly #plan: ImportPlan;
  readonly #ids = new Map<PlannedAuthority, { id: number; certificateId: number }>();
  readonly #keys = new Map<string, number>();

  constructor(session: VaultSession, log: Log, plan: ImportPlan, { project, subject, deviceDays }: ProvisionPlan) {
    this.#session = session;
    this.#log = log;
    this.#plan = plan;
    this.projectId = session.tables.project.insert({
      name: project,
      name_folded: project.toLowerCase(),
      subject: JSON.stringify(subject),
      device_days: deviceDays,
      created_at: session.now(),
    });
    log('project.create', { projectId: this.projectId, subject: project, detail: { imported: plan.imported.source } });
  }

  idOf(authority: PlannedAuthority): number {
    return this.#ids.get(authority)?.id ?? 0;
  }

  authorities(): void {
    const { tables } = this.#session;
    for (const authority of this.#plan.authorities) {
      const { info, entry, key } = authority;
      const name = info.commonName === '' ? entry.place : info.commonName;
      const keyId = this.#key(entry.spkiFingerprint, info, key);
      const parentId = authority.parent ? this.idOf(authority.parent) : null;
      const id = tables.authority.insert({
        project_id: this.projectId,
        parent_id: parentId,
        name,
        key_id: keyId,
        state: authority.state,
        created_at: this.#session.now(),
      });
      const common = { projectId: this.projectId, subject: name };
      if (!key) this.#log('authority.offline', { ...common, detail: { authority: id, offline: true } });
      const listed = this.#listed(authority, id);
      const detail = { authority: id, source: this.#plan.imported.source, place: entry.place, listed };
      this.#log('authority.import', { ...common, detail });
      if (authority.state !== 'active')
        this.#log('authority.change', { ...common, detail: { authority: id, state: authority.state } });
      const certificateId = this.#insert(authority, parentId === null ? 'root' : 'site', name, {
        issuer_id: parentId ?? id,
        authority_id: id,
        key_id: keyId,
        revoked: authority.revoked,
      });
      this.#ids.set(authority, { id, certificateId });
    }
  }

  /** Revocations of certificates that are not here stay on the list by their serial. Gives their number. */
  #listed(authority: PlannedAuthority, authorityId: number): number {
    const { broker, devices } = this.#plan;
    const leaves = [...broker.certificates, ...devices.flatMap(({ certificates }) => certificates)];
    const here = new Set(
      [
        ...leaves.filter(({ issuer }) => issuer === authority),
        ...this.#plan.authorities.filter(({ parent }) => parent === authority),
      ].map(({ info }) => info.serial),
    );
    const missing = [...authority.revocations.values()].filter(({ serial }) => !here.has(serial));
    for (const { serial, revokedAt, reason } of missing) {
      this.#session.tables.listedRevocation.insert({
        authority_id: authorityId,
        serial: Buffer.from(serial, 'hex'),
        revoked_at: revokedAt,
        reason,
      });
    }
    this.counts.revoked += missing.length;
    return missing.length;
  }

  device({ id, certificates, passwordHash }: PlannedDevice, role: Role): void {
    const deviceId = this.#session.tables.device.insert({
      project_id: this.projectId,
      name: id,
      name_folded: foldDeviceId(id),
      role,
      created_at: this.#session.now(),
      retired_at: null,
    });
    this.#log('device.add', { projectId: this.projectId, subject: id, detail: { role, imported: true } });
    for (const certificate of certificates) this.certificate(certificate, 'device', { device_id: deviceId });
    if (passwordHash !== undefined && readHash(passwordHash))
      importHash(this.#session, this.#log, this.projectId, { deviceId, name: id }, passwordHash);
  }

  certificate(
    planned: PlannedCertificate,
    kind: 'device' | 'broker',
    belongs: { readonly device_id?: number; readonly broker_id?: number },
  ): void {
    this.#insert(planned, kind, planned.info.commonName, {
      issuer_id: this.idOf(planned.issuer),
      key_id: this.#key(planned.entry.spkiFingerprint, planned.info, planned.key),
      revoked: planned.revoked,
      ...belongs,
    });
  }

  /** The broker checks clients against every authority in use; devices check the broker against the roots. */
  trust(): void {
    for (const [authority, { certificateId }] of this.#ids) {
      if (authority.state !== 'active') continue;
      const purposes = authority.parent === null ? (['broker', 'clients'] as const) : (['clients'] as const);
      for (const purpose of purposes)
        this.#session.tables.trust.insert({
          project_id: this.projectId,
          purpose,
          certificate_id: certificateId,
          created_at: this.#session.now(),
        });
    }
  }

  #key(fingerprint: string, info: CertificateInfo, key: ImportedKey | undefined): number {
    const known = this.#keys.get(fingerprint);
    if (known !== undefined) return known;
    const algorithm = algorithmOf(info.spki);
    const id = key
      ? this.#session.addKey({ algorithm: algorithm as KeyPair['algorithm'], pkcs8: key.pkcs8, spki: softwareSpki(key.pkcs8) })
      : this.#session.addPublicKey(algorithm, info.spki);
    if (key) this.counts.keys++;
    this.#keys.set(fingerprint, id);
    return id;
  }

  #insert(
    { entry, info }: Pick<PlannedCertificate, 'entry' | 'info'>,
    kind: CertificateRow['kind'],
    commonName: string,
    row: Partial<CertificateRow> & Pick<PlannedCertificate, 'revoked'>,
  ): number {
    const { revoked, ...columns } = row;
    const hold = revoked?.reason === 'certificateHold';
    const id = this.#session.tables.certificate.insert({
      project_id: this.projectId,
      kind,
      issuer_id: null,
      authority_id: null,
      device_id: null,
      broker_id: null,
      key_id: null,
      ...columns,
      serial: Buffer.from(info.serial, 'hex'),
      common_name: commonName,
      not_before: info.notBefore.getTime(),
      not_after: info.notAfter.getTime(),
      fingerprint: Buffer.from(info.fingerprint, 'hex'),
      der: info.der,
      status: revoked ? (hold ? 'hold' : 'revoked') : 'valid',
      revoked_at: revoked?.revokedAt ?? null,
      revocation_reason: revoked?.reason ?? null,
      predecessor_id: null,
      created_at: this.#session.now(),
    });
    this.counts.certificates++;
    const common = { projectId: this.projectId, subject: commonName };
    const detail = { kind, serial: info.serial, fingerprint: info.fingerprint };
    this.#log('certificate.import', {
      ...common,
      detail: { ...detail, place: entry.place, notAfter: info.notAfter.toISOString() },
    });
    if (revoked) {
      this.counts.revoked++;
      const at = new Date(revoked.revokedAt).toISOString();
      this.#log(hold ? 'certificate.hold' : 'certificate.revoke', {
        ...common,
        detail: { ...detail, reason: revoked.reason, at },
      });
    }
    return id;
  }
}
