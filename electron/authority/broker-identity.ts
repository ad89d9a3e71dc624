import { FieldkeyError } from '../../shared/errors.ts';
import { keyPem } from '../pki/key-pem.ts';
import { certificatePem, crlPem } from '../pki/pem.ts';
import type { VaultSession } from '../vault/session.ts';
import {
  authoritiesOf,
  authorityCertificate,
  brokerCertificate,
  brokerOf,
  chainOf,
  latestCrl,
  projectById,
  trustOf,
} from './lookup.ts';

/** Everything that a broker of the project needs besides its access list. All PEM; whoever gets it wipes `key`. */
export interface OpenedBrokerIdentity {
  /** The broker's certificate, then its issuers without the root. */
  readonly certificateChain: string;
  /** Bytes of a PEM text (PKCS#8). */
  readonly key: Uint8Array;
  /** Whom clients are checked against. */
  readonly ca: string;
  /** One revocation list per authority, one after the other. */
  readonly crl: string;
}

/**
 * Takes the project's own server certificate and key out of the vault, for a broker on this computer, and notes it in
 * the audit log first. `place`: where the broker will listen, for the log.
 * @throws PROJECT_NOT_FOUND, KEY_UNAVAILABLE, VAULT_LOCKED
 */
export function openBrokerIdentity(
  session: VaultSession,
  projectId: number,
  place: { readonly host: string; readonly port: number },
): OpenedBrokerIdentity {
  const project = projectById(session, projectId);
  const broker = brokerOf(session, projectId);
  const certificate = broker && brokerCertificate(session, broker.id);
  if (!certificate?.key_id || certificate.issuer_id === null)
    throw new FieldkeyError('KEY_UNAVAILABLE', { key: 'of the broker' });
  const issuers = chainOf(session, certificate.issuer_id)
    .filter((authority) => authority.parent_id !== null)
    .map((authority) => authorityCertificate(session, authority.id));
  const crls = authoritiesOf(session, projectId)
    .map((authority) => latestCrl(session, authority.id))
    .filter((crl) => crl !== undefined);
  const key = session.openKey(certificate.key_id);
  try {
    session.write((log) =>
      log('broker.open', {
        projectId,
        subject: certificate.common_name,
        detail: { project: project.name, serial: certificate.serial.toString('hex'), host: place.host, port: place.port },
      }),
    );
    return {
      certificateChain: [certificate, ...issuers].map((row) => certificatePem(row.der)).join(''),
      key: new TextEncoder().encode(keyPem(key.pkcs8)),
      ca: trustOf(session, projectId, 'clients')
        .map((row) => certificatePem(row.der))
        .join(''),
      crl: crls.map((crl) => crlPem(crl.der)).join(''),
    };
  } finally {
    key.pkcs8.fill(0);
  }
}
