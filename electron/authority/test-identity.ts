import { FieldkeyError } from '../../shared/errors.ts';
import type { VaultIdentity } from '../../shared/model/connection.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { identityOf } from './certificate-identity.ts';
import type { Login } from './credentials.ts';
import { observerCertificate, projectById, requireObserver } from './lookup.ts';
import { holderOf } from './shared-certificate.ts';
import { deviceOf } from './succeed-devices.ts';
import { usableTestCertificate } from './test-certificate.ts';

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
  /** User name and password, where the broker asks for them. */
  readonly login?: Login | undefined;
}

/** Somebody whom the vault has the certificate of. */
export type Speaker = { readonly kind: 'observer' } | { readonly kind: 'device'; readonly deviceId: number };

export interface IdentityRequest {
  readonly projectId: number;
  readonly identity: VaultIdentity;
  /** Where it will be used, for the audit log. */
  readonly host: string;
  readonly port: number;
}

/**
 * Takes the observer's or a device's certificate and key out of the vault for a test connection, and notes it in the
 * audit log before anything is sent. A device's newest certificate, whatever its state: that a revoked one is refused
 * is worth testing too. Of a device whose key is not here, the test certificate that was issued for it.
 * @throws PROJECT_NOT_FOUND, DEVICE_NOT_FOUND, KEY_UNAVAILABLE, VAULT_LOCKED, what `requireObserver` throws
 */
export function openTestIdentity(session: VaultSession, request: IdentityRequest): OpenedIdentity {
  const { projectId, identity, host, port } = request;
  // first, so that nothing is noted of a key that cannot be opened
  const { opened, certificate } = takeIdentity(session, projectId, identity);
  session.write((log) =>
    log('tester.connect', {
      projectId,
      subject: opened.id,
      detail: { identity: identity.kind, serial: certificate.serial.toString('hex'), host, port },
    }),
  );
  return opened;
}

/** As `openTestIdentity`, and notes nothing: whoever uses it does. */
export function takeIdentity(
  session: VaultSession,
  projectId: number,
  identity: Speaker,
): { readonly opened: OpenedIdentity; readonly certificate: CertificateRow } {
  const certificate =
    certificateOf(session, projectId, identity) ??
    (identity.kind === 'observer' ? requireObserver(session, projectId) : undefined);
  if (!certificate) throw new FieldkeyError('CERTIFICATE_NOT_FOUND', { certificate: `of the ${identity.kind}` });
  if (certificate.key_id === null || !session.hasPrivateKey(certificate.key_id))
    throw new FieldkeyError('KEY_UNAVAILABLE', { key: certificate.common_name });
  if (identity.kind === 'observer') return { opened: identityOf(session, projectId, certificate), certificate };
  const { deviceId } = identity;
  const opened = identityOf(session, projectId, certificate, deviceId);
  // with another's certificate it is still a client of its own, as its bundle says
  const shared = holderOf(session, deviceId) !== deviceId;
  return { opened: shared ? { ...opened, id: deviceOf(session, projectId, deviceId).name } : opened, certificate };
}

/** With which certificate somebody would be tested. @throws PROJECT_NOT_FOUND, DEVICE_NOT_FOUND */
export function certificateOf(session: VaultSession, projectId: number, identity: Speaker): CertificateRow | undefined {
  projectById(session, projectId);
  if (identity.kind === 'observer') return observerCertificate(session, projectId);
  return withKey(session, deviceCertificate(session, projectId, identity.deviceId), identity.deviceId);
}

/** The valid certificate if there is one, otherwise the newest. A device of another project is not found. */
function deviceCertificate(session: VaultSession, projectId: number, deviceId: number): CertificateRow | undefined {
  deviceOf(session, projectId, deviceId);
  // of one that works with another's certificate, that one; what it had before is of no use any more
  const holder = holderOf(session, deviceId);
  return session.tables.certificate.where("device_id = ? ORDER BY status = 'valid' DESC, id DESC LIMIT 1", holder)[0];
}

/** A device that keeps its key itself is spoken for by its test certificate, while there is a valid one. */
function withKey(session: VaultSession, certificate: CertificateRow | undefined, deviceId: number): CertificateRow | undefined {
  if (!certificate || session.hasPrivateKey(certificate.key_id)) return certificate;
  return usableTestCertificate(session, deviceId) ?? certificate;
}
