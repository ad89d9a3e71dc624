import { FieldkeyError } from '../../shared/errors.ts';
import { defaultAccess, type Role } from '../../shared/model/access.ts';
import type { BrokerSettings } from '../../shared/model/broker.ts';
import type { ImportReview } from '../../shared/model/import.ts';
import type { ProjectSubject } from '../../shared/model/subject.ts';
import { foldDeviceId } from '../../shared/rules/device-id.ts';
import { checkPlan } from '../../shared/rules/plan.ts';
import { prepareBroker } from '../authority/broker-certificate.ts';
import { storeAccess } from '../authority/create-project.ts';
import { keyIdOf } from '../authority/device-certificate.ts';
import { newKeyType, projectByName } from '../authority/lookup.ts';
import { changeSettings } from '../authority/project-settings.ts';
import { crlEnd, storeCrl } from '../authority/publish-crl.ts';
import { storeCertificate, storeKey } from '../authority/store-certificate.ts';
import type { Imported, ImportedKey } from '../import/findings.ts';
import type { ImportPlan, PlannedAuthority, PlannedCertificate } from '../import/plan-import.ts';
import type { IssuedCertificate } from '../pki/certificate.ts';
import { type IssuedCrl, nextCrlNumber } from '../pki/crl.ts';
import { type Issuer, prepareIssuer } from '../pki/issuer.ts';
import { describeKey, keyText, tryDescribeKey } from '../pki/key-description.ts';
import { generateKey, type KeyPair, keyAlgorithmOf } from '../pki/keys.ts';
import { buildLintedCrl, issueLinted } from '../pki/linted.ts';
import { softwareSpki } from '../pki/public-half.ts';
import type { CertificateInfo } from '../pki/read.ts';
import { softwareSigner } from '../pki/signer.ts';
import { trustText } from '../vault/compare-tables.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { Log, VaultSession } from '../vault/session.ts';

/** What a person decided about an import. */
export interface ImportRequest {
  readonly project: string;
  /** That of the review: what is imported is what was shown. */
  readonly digest: string;
  /** Roles that are other than proposed, by device id. */
  readonly roles?: Readonly<Record<string, Role>> | undefined;
  /** Settings of the broker; names and addresses are those of the imported server certificate unless told. */
  readonly broker?: Partial<BrokerSettings> | undefined;
}

export interface ImportReport {
  readonly projectId: number;
  readonly authorities: number;
  readonly devices: number;
  readonly certificates: number;
  readonly revoked: number;
  readonly keys: number;
}

/** What the plan would do, for people. */
export function reviewOf(plan: ImportPlan): ImportReview {
  return {
    source: plan.imported.source,
    digest: plan.digest,
    project: projectNameFor(plan),
    authorities: plan.authorities.map((authority) => ({
      place: authority.entry.place,
      name: authority.info.commonName,
      key: keyText(describeKey(authority.info.spki)),
      notAfter: authority.info.notAfter.getTime(),
      keyHere: authority.key !== undefined,
      issues: authority === plan.main,
      revoked: authority.revocations.size,
      findings: [...authority.findings],
    })),
    broker: {
      places: plan.broker.certificates.map(({ entry }) => entry.place),
      names: [...plan.broker.names],
      addresses: [...plan.broker.addresses],
      findings: plan.broker.certificates.flatMap(({ findings }) => findings),
    },
    devices: plan.devices.map(({ id, role, certificates }) => {
      const newest = certificates.at(-1) as PlannedCertificate;
      const key = tryDescribeKey(newest.info.spki);
      return {
        id,
        role,
        places: certificates.map(({ entry }) => entry.place),
        key: key ? keyText(key) : '',
        keyHere: newest.key !== undefined,
        notAfter: newest.info.notAfter.getTime(),
        revoked: newest.revoked !== undefined,
        findings: [...newest.findings],
      };
    }),
    leftOut: [...plan.leftOut],
  };
}

function projectNameFor({ main, authorities }: ImportPlan): string {
  const info = (main ?? authorities[0])?.info;
  const text = info?.subject.findLast(({ type }) => type === 'O')?.value ?? info?.commonName ?? '';
  const name = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 40)
    .toLowerCase();
  return name === '' ? 'imported' : name;
}

/**
 * Makes a project of what others left, in one transaction: authorities, certificates, keys (sealed), devices with their
 * roles, revocations. The broker gets a certificate of ours for the names it had; observer, canary and a revocation list
 * above every imported one come with it, so that a kit can be exported at once. The sources are not touched.
 * @throws IMPORT_CHANGED, IMPORT_NO_AUTHORITY, IMPORT_ALREADY, PROJECT_EXISTS, INPUT_INVALID by the plan's rules, PROFILE_REFUSED
 */
export function importProject(session: VaultSession, plan: ImportPlan, request: ImportRequest): Promise<ImportReport> {
  return session.inTurn(async () => {
    session.assertMayIssue();
    if (request.digest !== plan.digest) throw new FieldkeyError('IMPORT_CHANGED', {});
    const { main } = plan;
    if (!main?.key) throw new FieldkeyError('IMPORT_NO_AUTHORITY', {});
    if (projectByName(session, request.project)) throw new FieldkeyError('PROJECT_EXISTS', { project: request.project });
    refuseKnown(session, plan);
    const wanted = settingsFor(plan, request);
    const subject = wanted.subject;
    const now = new Date(session.now());
    const issuers = new Map<PlannedAuthority, Issuer>();
    for (const authority of plan.authorities)
      if (authority.key) issuers.set(authority, prepareIssuer(authority.info.der, softwareSigner(authority.key.pkcs8)));
    const issuer = issuers.get(main) as Issuer;
    const keyType = newKeyType(algorithmOf(main.info.spki));
    const broker = await prepareBroker({ issuer, subject, settings: wanted.broker, key: keyType, now });
    const client = async (
      kind: 'observer' | 'canary',
    ): Promise<{ kind: typeof kind; key: KeyPair; issued: IssuedCertificate }> => {
      const key = await generateKey(keyType);
      const validity = kind === 'canary' ? { validity: { years: 10 } } : {};
      const named = { ...subject, commonName: kind };
      return { kind, key, issued: await issueLinted({ kind, subject: named, spki: key.spki, issuer, now, ...validity }) };
    };
    const own = [await client('observer'), await client('canary')];
    const crls = new Map<PlannedAuthority, { crl: IssuedCrl; entries: number }>();
    for (const [authority, prepared] of issuers) {
      const revoked = [...authority.revocations.values()].map((each) => ({ ...each, revokedAt: new Date(each.revokedAt) }));
      const canary = authority === main ? own[1]?.issued.serial : undefined;
      const entries = [
        ...revoked,
        ...(canary === undefined ? [] : [{ serial: canary, revokedAt: now, reason: 'cessationOfOperation' as const }]),
      ];
      const ends = crlEnd(broker.issued.notAfter.getTime(), authority.info.notAfter.getTime(), now.getTime());
      const number = nextCrlNumber(usableNumber(authority), now);
      const crl = await buildLintedCrl({ issuer: prepared, entries, number, now, nextUpdate: new Date(ends) });
      crls.set(authority, { crl, entries: entries.length });
    }
    return session.write((log) => {
      const store = new Store(session, log, plan, wanted.project, subject, wanted.deviceDays);
      store.authorities();
      const brokerId = session.tables.broker.insert({
        project_id: store.projectId,
        settings: JSON.stringify(wanted.broker),
        created_at: now.getTime(),
      });
      for (const certificate of plan.broker.certificates) store.certificate(certificate, 'broker', { broker_id: brokerId });
      for (const device of plan.devices) store.device(device.id, request.roles?.[device.id] ?? device.role, device.certificates);
      const common = { projectId: store.projectId, issuerId: store.idOf(main) };
      const before = session.tables.certificate.where('broker_id = ? ORDER BY id DESC LIMIT 1', brokerId)[0];
      storeCertificate(session, log, broker.issued, {
        ...common,
        kind: 'broker',
        commonName: broker.commonName,
        brokerId,
        keyId: keyIdOf(session, broker.key),
        ...(before ? { predecessorId: before.id } : {}),
      });
      for (const { kind, key, issued } of own)
        storeCertificate(session, log, issued, {
          ...common,
          kind,
          commonName: kind,
          keyId: storeKey(session, key),
          revokedAtOnce: kind === 'canary',
        });
      store.trust();
      storeAccess(session, store.projectId, wanted.access);
      const access = wanted.access.map(({ role, write, read }) => ({ role, write, read }));
      log('project.change', {
        projectId: store.projectId,
        subject: wanted.project,
        detail: {
          access: JSON.stringify(access),
          broker: JSON.stringify(wanted.broker),
          trust: trustText(session, store.projectId),
        },
      });
      for (const [authority, { crl, entries }] of crls)
        storeCrl(session, log, { projectId: store.projectId, authorityId: store.idOf(authority), crl, entries });
      changeSettings(session, log, store.projectId, {
        deviceIssuer: store.idOf(main),
        brokerIssuer: store.idOf(main),
        imported: { source: plan.imported.source, at: now.getTime(), authorities: plan.authorities.map((a) => store.idOf(a)) },
      });
      return { projectId: store.projectId, ...store.counts, authorities: plan.authorities.length, devices: plan.devices.length };
    });
  });
}

/** Wipes what a reader has read. */
export function wipeImported({ keys }: Imported): void {
  for (const { pkcs8 } of keys) pkcs8.fill(0);
}

/** The number of the list that is out there, as far as ours can be above it. */
function usableNumber({ crl }: PlannedAuthority): bigint | undefined {
  const number = crl?.number;
  return number !== undefined && number > 0n && number < BigInt(Number.MAX_SAFE_INTEGER) ? number : undefined;
}

function refuseKnown(session: VaultSession, plan: ImportPlan): void {
  const leaves = [...plan.broker.certificates, ...plan.devices.flatMap(({ certificates }) => certificates)];
  for (const { entry, info } of [...plan.authorities, ...leaves]) {
    if (session.tables.privateKey.where('spki_sha256 = ?', Buffer.from(entry.spkiFingerprint, 'hex')).length > 0)
      throw new FieldkeyError('IMPORT_ALREADY', { name: info.commonName });
  }
}

/** Held to the rules of a whole plan, so that what is imported can be worked with like anything else. */
function settingsFor(plan: ImportPlan, request: ImportRequest) {
  const { names, addresses } = plan.broker;
  const checked = checkPlan({
    project: request.project,
    subject: subjectFor(plan.main?.info),
    broker: { names: [...names], addresses: [...addresses], ...request.broker },
    devices: [],
    access: defaultAccess,
  });
  if ('problems' in checked) throw new FieldkeyError('INPUT_INVALID', { problems: checked.problems });
  return checked.plan;
}

/** Of the authority's name what every certificate of the project shall carry; left out where it does not fit our rules. */
function subjectFor(info: CertificateInfo | undefined): ProjectSubject {
  const part = (type: string, maximum: number) => {
    const value = info?.subject.findLast((each) => each.type === type)?.value;
    const sound =
      value !== undefined && value !== '' && value.length <= maximum && !/\p{Cc}/u.test(value) && value === value.trim();
    return sound ? value : undefined;
  };
  const country = part('C', 2);
  const found = {
    ...(country !== undefined && /^[A-Z]{2}$/.test(country) ? { country } : {}),
    state: part('ST', 128),
    city: part('L', 128),
    organisation: part('O', 64),
    organisationalUnit: part('OU', 64),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as ProjectSubject;
}

function algorithmOf(spki: Buffer): string {
  const key = tryDescribeKey(spki);
  return keyAlgorithmOf(spki) ?? (key ? keyText(key) : 'other');
}

/** Writes the parts of an import. Only inside `session.write`. */
class Store {
  readonly projectId: number;
  readonly counts = { certificates: 0, revoked: 0, keys: 0 };
  readonly #session: VaultSession;
  readonly #log: Log;
  readonly #plan: ImportPlan;
  readonly #ids = new Map<PlannedAuthority, { id: number; certificateId: number }>();
  readonly #keys = new Map<string, number>();

  constructor(session: VaultSession, log: Log, plan: ImportPlan, project: string, subject: ProjectSubject, deviceDays: number) {
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
        state: 'active',
        created_at: this.#session.now(),
      });
      const common = { projectId: this.projectId, subject: name };
      if (!key) this.#log('authority.offline', { ...common, detail: { authority: id, offline: true } });
      const listed = this.#listed(authority, id);
      const detail = { authority: id, source: this.#plan.imported.source, place: entry.place, listed };
      this.#log('authority.import', { ...common, detail });
      const certificateId = this.#insert(authority, parentId === null ? 'root' : 'site', name, {
        issuer_id: parentId ?? id,
        authority_id: id,
        key_id: keyId,
        revoked: undefined,
      });
      this.#ids.set(authority, { id, certificateId });
    }
  }

  /** Revocations of certificates that are not here stay on the list by their serial. Gives their number. */
  #listed(authority: PlannedAuthority, authorityId: number): number {
    const { broker, devices } = this.#plan;
    const here = new Set(
      [...broker.certificates, ...devices.flatMap(({ certificates }) => certificates)]
        .filter(({ issuer }) => issuer === authority)
        .map(({ info }) => info.serial),
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

  device(id: string, role: Role, certificates: readonly PlannedCertificate[]): void {
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

  /** The broker checks clients against every authority; devices check the broker against the roots. */
  trust(): void {
    for (const [authority, { certificateId }] of this.#ids) {
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
