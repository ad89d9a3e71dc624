import { createHmac } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import type { AccessRule } from '../../shared/model/access.ts';
import type { BrokerSettings } from '../../shared/model/broker.ts';
import type { ExportFile, ExportResult } from '../../shared/model/bundle.ts';
import type { DeviceRequest } from '../../shared/model/device.ts';
import type { JobControl } from '../../shared/model/job.ts';
import {
  accessOf,
  authoritiesOf,
  authorityCertificate,
  brokerCertificate,
  brokerOf,
  chainOf,
  latestCrl,
  observerCertificate,
  projectById,
  trustOf,
} from '../authority/lookup.ts';
import { mosquittoKit } from '../broker/mosquitto/kit.ts';
import { deviceBundle } from '../bundle/device.ts';
import { writeExport } from '../bundle/write-export.ts';
import { encryptKeyPem } from '../pki/key-encryption.ts';
import { keyPem } from '../pki/key-pem.ts';
import { certificatePem, crlPem } from '../pki/pem.ts';
import type { CertificateRow, DeviceRowStored, ProjectRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';

export interface ExportOptions extends JobControl {
  /** The folder in which the project's folder is written: a stick, for example. */
  readonly directory: string;
  /** Encrypts every device key (PKCS#8, PBES2). The broker's key stays readable: a broker starts without anybody. */
  readonly keyPassphrase?: string | undefined;
}

export interface ProjectExport extends ExportResult {
  readonly devices: number;
  /** Ids without a usable certificate: nothing was written for them. */
  readonly leftOut: readonly string[];
  /** Where the audit log stands; noted outside of the vault, it proves later that the vault was not rolled back. */
  readonly auditHead: string;
}

/**
 * Writes the broker's kit and a bundle for every device, and notes it in the audit log.
 * @throws PROJECT_NOT_FOUND, KEY_UNAVAILABLE, and what `writeExport` throws
 */
export async function exportProject(session: VaultSession, projectId: number, options: ExportOptions): Promise<ProjectExport> {
  const project = projectById(session, projectId);
  const context = contextOf(session, project);
  const members = session.tables.device.where('project_id = ? AND retired_at IS NULL ORDER BY name_folded', projectId);
  const leftOut: string[] = [];
  const exported: { device: DeviceRowStored; certificate: CertificateRow }[] = [];
  for (const device of members) {
    const certificate = currentCertificate(session, device.id);
    if (certificate) exported.push({ device, certificate });
    else leftOut.push(device.name);
  }
  const kit = brokerKit(session, project, context, members);
  const sample = exported[0] ? await bundleOf(session, context, exported[0], options.keyPassphrase) : [];
  const size = (files: readonly ExportFile[]) => files.reduce((sum, file) => sum + file.content.byteLength, 0);
  const result = await writeExport({
    parent: options.directory,
    name: project.name,
    files: allFiles(session, kit, context, exported, options.keyPassphrase),
    // bundles of one project differ by the length of their ids only
    expected: { files: kit.length + sample.length * exported.length, bytes: size(kit) + (size(sample) + 256) * exported.length },
    control: options,
  });
  if (!result.unchanged) {
    session.write((log) =>
      log('export.write', {
        projectId,
        subject: result.directory,
        detail: { devices: exported.length, files: result.files, keysEncrypted: options.keyPassphrase !== undefined },
      }),
    );
  }
  return { ...result, devices: exported.length, leftOut, auditHead: session.audit.head.mac };
}

/** What all files of one project have in common. */
interface Context {
  readonly project: string;
  readonly broker: BrokerSettings;
  readonly brokerId: number;
  readonly access: readonly AccessRule[];
  readonly brokerTrust: string;
  /** The issuers between leaf and root by authority, PEM. */
  readonly intermediates: ReadonlyMap<number, string>;
}

function contextOf(session: VaultSession, project: ProjectRow): Context {
  const broker = brokerOf(session, project.id);
  if (!broker) throw new FieldkeyError('INTERNAL', { detail: `project ${project.name} has no broker` });
  return {
    project: project.name,
    broker: broker.parsed,
    brokerId: broker.id,
    access: accessOf(session, project.id),
    brokerTrust: pemOf(trustOf(session, project.id, 'broker')),
    intermediates: new Map(authoritiesOf(session, project.id).map((a) => [a.id, intermediatesOf(session, a.id)])),
  };
}

function pemOf(rows: readonly CertificateRow[]): string {
  return rows.map((row) => certificatePem(row.der)).join('');
}

/** The chain of an authority without its root, which whoever checks already has. */
function intermediatesOf(session: VaultSession, authorityId: number): string {
  return pemOf(
    chainOf(session, authorityId)
      .filter((authority) => authority.parent_id !== null)
      .map((authority) => authorityCertificate(session, authority.id)),
  );
}

/** The newest certificate that is neither revoked nor expired, or undefined. */
function currentCertificate(session: VaultSession, deviceId: number): CertificateRow | undefined {
  return session.tables.certificate.where(
    "device_id = ? AND status = 'valid' AND not_after > ? ORDER BY id DESC LIMIT 1",
    deviceId,
    session.now(),
  )[0];
}

async function* allFiles(
  session: VaultSession,
  kit: readonly ExportFile[],
  context: Context,
  exported: readonly { device: DeviceRowStored; certificate: CertificateRow }[],
  passphrase: string | undefined,
): AsyncGenerator<ExportFile> {
  yield* kit;
  for (const entry of exported) yield* await bundleOf(session, context, entry, passphrase);
}

function brokerKit(
  session: VaultSession,
  project: ProjectRow,
  context: Context,
  members: readonly DeviceRowStored[],
): ExportFile[] {
  const certificate = brokerCertificate(session, context.brokerId);
  if (!certificate?.key_id || certificate.issuer_id === null)
    throw new FieldkeyError('KEY_UNAVAILABLE', { key: 'of the broker' });
  const key = session.openKey(certificate.key_id);
  const crls = authoritiesOf(session, project.id)
    .map((authority) => latestCrl(session, authority.id))
    .filter((crl) => crl !== undefined);
  try {
    return mosquittoKit({
      project: project.name,
      settings: context.broker,
      access: context.access,
      members: members.filter((m) => m.role !== 'device').map((m) => ({ id: m.name, role: m.role as DeviceRequest['role'] })),
      deviceCount: members.length,
      observer: observerCertificate(session, project.id)?.common_name ?? 'observer',
      tls: {
        ca: pemOf(trustOf(session, project.id, 'clients')),
        certificate: certificatePem(certificate.der) + (context.intermediates.get(certificate.issuer_id) ?? ''),
        key: keyPem(key.pkcs8),
        crl: crls.map((crl) => crlPem(crl.der)).join(''),
      },
      notAfter: certificate.not_after,
      crlNextUpdate: Math.min(...crls.map((crl) => crl.next_update)),
    });
  } finally {
    key.pkcs8.fill(0);
  }
}

async function bundleOf(
  session: VaultSession,
  context: Context,
  { device, certificate }: { device: DeviceRowStored; certificate: CertificateRow },
  passphrase: string | undefined,
): Promise<ExportFile[]> {
  return deviceBundle({
    project: context.project,
    device: { id: device.name, role: device.role as DeviceRequest['role'] },
    broker: context.broker,
    access: context.access,
    ca: context.brokerTrust,
    certificateChain: certificatePem(certificate.der) + (context.intermediates.get(certificate.issuer_id ?? 0) ?? ''),
    key: certificate.key_id === null ? null : await deviceKey(session, certificate.key_id, passphrase),
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
