import { createHash, createHmac } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import type { AccessException, AccessRule } from '../../shared/model/access.ts';
import { type BrokerSettings, softwareOf } from '../../shared/model/broker.ts';
import type { ExportFile } from '../../shared/model/bundle.ts';
import { deviceAccess } from '../../shared/rules/device-access.ts';
import { usesPasswords } from '../../shared/rules/password.ts';
import { isKeptElsewhere } from '../authority/broker-certificate.ts';
import { isForeign, issuersBelowRoot } from '../authority/broker-chain.ts';
import { clientTrust } from '../authority/broker-trust.ts';
import { currentLogin } from '../authority/credentials.ts';
import {
  accessOf,
  authoritiesOf,
  brokerCertificate,
  brokerOf,
  chainOf,
  exceptionsOf,
  lastAuthorityCertificate,
  observerName,
  projectById,
  trustOf,
} from '../authority/lookup.ts';
import type { SharedUser } from '../broker/mosquitto/kit.ts';
import { deviceBundle } from '../bundle/device.ts';
import { brokerEndpoint } from '../bundle/mqtt-json.ts';
import { encryptKeyPem } from '../pki/key-encryption.ts';
import { keyPem } from '../pki/key-pem.ts';
import { certificatePem } from '../pki/pem.ts';
import { nameText, readCertificate } from '../pki/read.ts';
import type { CertificateRow, DeviceRowStored } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { canaryMembers, kitUsers } from './canary-account.ts';
import { listsOfKit } from './kit-lists.ts';
import { blockedIds, kitOfTarget } from './kit-of-target.ts';

/** What all files of one project have in common. */
export interface ProjectContext {
  readonly projectId: number;
  readonly project: string;
  readonly broker: BrokerSettings;
  readonly brokerId: number;
  readonly access: readonly AccessRule[];
  readonly exceptions: readonly AccessException[];
  readonly brokerTrust: string;
  /** Other devices with the same certificate, by device; those alone with theirs are not in it. */
  readonly shared: ReadonlyMap<number, readonly string[]>;
  /** Which password (row of the vault) a device's bundle holds, by device; empty where the broker asks for none. */
  readonly passwords: ReadonlyMap<number, number>;
  /** The issuers between leaf and root by authority, PEM. */
  readonly intermediates: ReadonlyMap<number, string>;
}

/** @throws PROJECT_NOT_FOUND */
export function contextOf(session: VaultSession, projectId: number): ProjectContext {
  const project = projectById(session, projectId);
  const broker = brokerOf(session, project.id);
  if (!broker) throw new FieldkeyError('INTERNAL', { detail: `project ${project.name} has no broker` });
  return {
    projectId,
    project: project.name,
    broker: broker.parsed,
    brokerId: broker.id,
    access: accessOf(session, project.id),
    exceptions: exceptionsOf(session, project.id),
    brokerTrust: pemOf(trustOf(session, project.id, 'broker')),
    shared: sharedNames(session, project.id),
    passwords: usesPasswords(broker.parsed.kit) ? passwordRows(session, project.id) : new Map(),
    intermediates: new Map(authoritiesOf(session, project.id).map((a) => [a.id, intermediatesOf(session, a.id)])),
  };
}

function sharedNames(session: VaultSession, projectId: number): Map<number, string[]> {
  const groups = new Map<number, number[]>();
  for (const { device_id, holder_id } of session.tables.sharedCertificate.where('project_id = ?', projectId))
    groups.set(holder_id, [...(groups.get(holder_id) ?? [holder_id]), device_id]);
  const named = (id: number) => session.tables.device.get(id)?.name ?? '';
  return new Map(
    [...groups.values()].flatMap((ids) =>
      ids.map((id): [number, string[]] => [
        id,
        ids
          .filter((other) => other !== id)
          .map(named)
          .sort(),
      ]),
    ),
  );
}

function passwordRows(session: VaultSession, projectId: number): Map<number, number> {
  const rows = session.database
    .prepare<[number], { id: number; device_id: number }>(
      "SELECT id, device_id FROM credential WHERE project_id = ? AND state = 'current' AND device_id IS NOT NULL",
    )
    .all(projectId);
  return new Map(rows.map((row) => [row.device_id, row.id]));
}

function pemOf(rows: readonly CertificateRow[]): string {
  return rows.map((row) => certificatePem(row.der)).join('');
}

/** The chain of an authority without its root, which whoever checks already has. */
function intermediatesOf(session: VaultSession, authorityId: number): string {
  return pemOf(
    chainOf(session, authorityId)
      .filter((authority) => authority.parent_id !== null)
      .map((authority) => lastAuthorityCertificate(session, authority.id)),
  );
}

/** The devices of a project that are in use, by id. */
export function membersOf(session: VaultSession, projectId: number): DeviceRowStored[] {
  return session.tables.device.where('project_id = ? AND retired_at IS NULL ORDER BY name_folded', projectId);
}

/**
 * The files of `broker/` as they are now, and the key that is among them: null when the broker's key is with somebody else, who
 * has to put it there. @throws KEY_UNAVAILABLE, INPUT_INVALID
 */
export function brokerKit(session: VaultSession, context: ProjectContext): { files: ExportFile[]; keyId: number | null } {
  const members = membersOf(session, context.projectId);
  const certificate = brokerCertificate(session, context.brokerId);
  if (!certificate?.key_id) throw new FieldkeyError('KEY_UNAVAILABLE', { key: 'of the broker' });
  const key = isKeptElsewhere(session, certificate) ? null : session.openKey(certificate.key_id);
  const { ca } = clientTrust(session, context.projectId);
  const { lists, leftOut, outsideAbove, firstEnd } = listsOfKit(
    session,
    context.projectId,
    (outside) => softwareOf(context.broker.target) === 'rabbitmq' && !outside,
  );
  try {
    const files = kitOfTarget({
      project: context.project,
      settings: context.broker,
      access: context.access,
      exceptions: context.exceptions,
      everybody: [...members.map((m) => ({ id: m.name, role: m.role })), ...canaryMembers(session, context.projectId)],
      blocked: blockedIds(session, context.projectId),
      sharers: sharersIn(session, context.projectId),
      users: usesPasswords(context.broker.kit) ? kitUsers(session, context.projectId) : undefined,
      observer: observerName(session, context.projectId),
      tls: {
        ca: pemOf(ca),
        certificate: pemOf([certificate, ...issuersBelowRoot(session, certificate)]),
        key: key && keyPem(key.pkcs8),
        crls: lists,
        leftOut,
        outsideAbove,
      },
      issuer: isForeign(certificate) ? nameText(readCertificate(certificate.der).issuer) : undefined,
      notAfter: certificate.not_after,
      crlNextUpdate: Number.isFinite(firstEnd) ? firstEnd : undefined,
    });
    return { files, keyId: key && certificate.key_id };
  } finally {
    key?.pkcs8.fill(0);
  }
}

/** Devices in use that show the certificate of another one. */
export function sharersIn(session: VaultSession, projectId: number): SharedUser[] {
  const named = (id: number) => {
    const row = session.tables.device.get(id);
    return row && row.retired_at === null ? { id: row.name, role: row.role } : undefined;
  };
  return session.tables.sharedCertificate.where('project_id = ? ORDER BY device_id', projectId).flatMap((row) => {
    const [device, holder] = [named(row.device_id), named(row.holder_id)];
    return device && holder ? [{ device, holder }] : [];
  });
}

/** A device with the certificate that its bundle holds. */
export interface Member {
  readonly device: DeviceRowStored;
  readonly certificate: CertificateRow;
}

/** PEM: the certificate, then its issuers without the root. */
export function chainPem(context: ProjectContext, certificate: Pick<CertificateRow, 'der' | 'issuer_id'>): string {
  return certificatePem(certificate.der) + (context.intermediates.get(certificate.issuer_id ?? 0) ?? '');
}

/** Of a member what its bundle's basis depends on. */
export interface BundleSubject {
  readonly device: Pick<DeviceRowStored, 'id' | 'name' | 'role'>;
  readonly certificate: Pick<CertificateRow, 'der' | 'issuer_id'>;
}

/** Everything a bundle says besides its key, as a SHA-256: as long as it is the same, the bundle on a stick is up to date. */
export function bundleBasis(context: ProjectContext, { device, certificate }: BundleSubject): Buffer {
  const { project, broker, access, brokerTrust } = context;
  const topics = [
    ...access.filter((rule) => rule.role === device.role),
    ...context.exceptions.filter((own) => own.device === device.name),
  ];
  // of the broker only what a device is told: its folders and its certificate's validity are none of a bundle's business
  const told = [brokerEndpoint(broker), broker.port];
  const said: unknown[] = [project, device.name, device.role, told, topics, brokerTrust, chainPem(context, certificate)];
  const others = context.shared.get(device.id);
  if (others !== undefined) said.push('shared', others);
  // never the password itself, nor anything that it could be guessed by
  if (usesPasswords(broker.kit)) said.push(broker.kit.identity, context.passwords.get(device.id) ?? 0);
  return createHash('sha256').update(JSON.stringify(said)).digest();
}

/** The files of `devices/<id>/`. @throws KEY_UNAVAILABLE, VAULT_LOCKED */
export async function bundleOf(
  session: VaultSession,
  context: ProjectContext,
  { device, certificate }: Member,
  passphrase: string | undefined,
): Promise<ExportFile[]> {
  return deviceBundle({
    project: context.project,
    device: { id: device.name, role: device.role },
    broker: context.broker,
    access: [{ role: device.role, ...deviceAccess(context.access, context.exceptions, { id: device.name, role: device.role }) }],
    ca: context.brokerTrust,
    certificateChain: chainPem(context, certificate),
    sharedWith: context.shared.get(device.id),
    login: usesPasswords(context.broker.kit) ? currentLogin(session, context.projectId, device.id) : undefined,
    key:
      certificate.key_id !== null && session.hasPrivateKey(certificate.key_id)
        ? await deviceKey(session, certificate.key_id, passphrase)
        : null,
    notAfter: certificate.not_after,
    serial: certificate.serial.toString('hex'),
    fingerprint: certificate.fingerprint.toString('hex'),
  });
}

async function deviceKey(
  session: VaultSession,
  keyId: number,
  passphrase: string | undefined,
): Promise<{ pem: string; encrypted: boolean; sec1?: string }> {
  const key = session.openKey(keyId);
  try {
    if (passphrase !== undefined)
      return { pem: await encryptKeyPem(key.pkcs8, passphrase, { randomBytes: steady(key.pkcs8, passphrase) }), encrypted: true };
    const elliptic = key.algorithm === 'p256' || key.algorithm === 'p384';
    return { pem: keyPem(key.pkcs8), encrypted: false, ...(elliptic ? { sec1: keyPem(key.pkcs8, { form: 'sec1' }) } : {}) };
  } finally {
    key.pkcs8.fill(0);
  }
}

/**
 * Salt and IV that depend on nothing but key and passphrase, so that exporting again gives the same bytes and a stick
 * can be told to be up to date. Both are HMACs under the private key itself: unpredictable, and different for every
 * key and passphrase.
 */
function steady(pkcs8: Buffer, passphrase: string): (count: number) => Buffer {
  let call = 0;
  return (count) =>
    createHmac('sha256', pkcs8)
      .update(`fieldkey export ${call++} ${passphrase.normalize('NFKC')}`)
      .digest()
      .subarray(0, count);
}
