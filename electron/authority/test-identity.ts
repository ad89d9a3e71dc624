import { FieldkeyError } from '../../shared/errors.ts';
import type { TestIdentity } from '../../shared/model/connection.ts';
import { keyPem } from '../pki/key-pem.ts';
import { certificatePem } from '../pki/pem.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { authorityCertificate, chainOf, observerCertificate, projectById, trustOf } from './lookup.ts';

/** Everything that a connection as somebody needs. Whoever gets it wipes `key` when it is handed on. */
export interface OpenedIdentity {
  /** The certificate's CN: client id and user name on the broker. */
  readonly id: string;
  /** PEM: the certificate, then its issuers without the root. */
  readonly certificateChain: string;
  /** Bytes of a PEM text (PKCS#8). */
  readonly key: Uint8Array;
  /** PEM: whom the broker's certificate is checked against. */
  readonly ca: string;
}

export interface IdentityRequest {
  readonly projectId: number;
  readonly identity: TestIdentity;
  /** Where it will be used, for the audit log. */
  readonly host: string;
  readonly port: number;
}

/**
 * Takes the observer's or a device's certificate and key out of the vault for a test connection, and notes it in the
 * audit log before anything is sent. A device's newest certificate, whatever its state: that a revoked one is refused
 * is worth testing too.
 * @throws PROJECT_NOT_FOUND, DEVICE_NOT_FOUND, CERTIFICATE_NOT_FOUND, KEY_UNAVAILABLE, VAULT_LOCKED
 */
export function openTestIdentity(session: VaultSession, request: IdentityRequest): OpenedIdentity {
  const { projectId, identity, host, port } = request;
  projectById(session, projectId);
  const certificate =
    identity.kind === 'observer'
      ? observerCertificate(session, projectId)
      : deviceCertificate(session, projectId, identity.deviceId);
  if (!certificate) throw new FieldkeyError('CERTIFICATE_NOT_FOUND', { certificate: `of the ${identity.kind}` });
  if (certificate.key_id === null) throw new FieldkeyError('KEY_UNAVAILABLE', { key: certificate.common_name });
  const key = session.openKey(certificate.key_id);
  try {
    session.write((log) =>
      log('tester.connect', {
        projectId,
        subject: certificate.common_name,
        detail: { identity: identity.kind, serial: certificate.serial.toString('hex'), host, port },
      }),
    );
    return {
      id: certificate.common_name,
      certificateChain: [certificate, ...issuersOf(session, certificate)].map((row) => certificatePem(row.der)).join(''),
      key: new TextEncoder().encode(keyPem(key.pkcs8)),
      ca: trustOf(session, projectId, 'broker')
        .map((row) => certificatePem(row.der))
        .join(''),
    };
  } finally {
    key.pkcs8.fill(0);
  }
}

/** The valid certificate if there is one, otherwise the newest. A device of another project is not found. */
function deviceCertificate(session: VaultSession, projectId: number, deviceId: number): CertificateRow | undefined {
  const device = session.tables.device.get(deviceId);
  if (device?.project_id !== projectId) throw new FieldkeyError('DEVICE_NOT_FOUND', { device: String(deviceId) });
  return session.tables.certificate.where("device_id = ? ORDER BY status = 'valid' DESC, id DESC LIMIT 1", deviceId)[0];
}

/** The certificates between leaf and root, which the broker may not have. */
function issuersOf(session: VaultSession, certificate: CertificateRow): CertificateRow[] {
  if (certificate.issuer_id === null) return [];
  return chainOf(session, certificate.issuer_id)
    .filter((authority) => authority.parent_id !== null)
    .map((authority) => authorityCertificate(session, authority.id));
}
