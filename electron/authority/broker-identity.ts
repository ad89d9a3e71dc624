import { createHash } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import { keyPem } from '../pki/key-pem.ts';
import { certificatePem, crlPem } from '../pki/pem.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import { issuersBelowRoot } from './broker-chain.ts';
import { clientTrust } from './broker-trust.ts';
import { brokerCertificate, brokerOf, projectById } from './lookup.ts';

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

interface BrokerTexts extends Omit<OpenedBrokerIdentity, 'key'> {
  readonly certificate: CertificateRow;
}

/** All of it but the key. @throws PROJECT_NOT_FOUND, KEY_UNAVAILABLE, VAULT_LOCKED */
function brokerTexts(session: VaultSession, projectId: number): BrokerTexts {
  projectById(session, projectId);
  const broker = brokerOf(session, projectId);
  const certificate = broker && brokerCertificate(session, broker.id);
  if (!certificate || !session.hasPrivateKey(certificate.key_id))
    throw new FieldkeyError('KEY_UNAVAILABLE', { key: 'of the broker' });
  const issuers = issuersBelowRoot(session, certificate);
  const { ca, lists } = clientTrust(session, projectId);
  return {
    certificate,
    certificateChain: [certificate, ...issuers].map((row) => certificatePem(row.der)).join(''),
    ca: ca.map((row) => certificatePem(row.der)).join(''),
    crl: lists.map((crl) => crlPem(crl.der)).join(''),
  };
}

/**
 * Which certificate a broker of the project would have now, and which revocation list and trusted authorities: two texts
 * that differ when something is to be exchanged. Nothing is opened, so nothing is noted.
 * @throws PROJECT_NOT_FOUND, KEY_UNAVAILABLE, VAULT_LOCKED
 */
export function brokerIdentityMarks(session: VaultSession, projectId: number): { certificate: string; list: string } {
  const { certificateChain, ca, crl } = brokerTexts(session, projectId);
  const mark = (text: string) => createHash('sha256').update(text).digest('hex');
  return { certificate: mark(certificateChain), list: mark(`${ca}\n${crl}`) };
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
  const { certificate, ...texts } = brokerTexts(session, projectId);
  const key = session.openKey(certificate.key_id ?? 0);
  try {
    session.write((log) =>
      log('broker.open', {
        projectId,
        subject: certificate.common_name,
        detail: { project: project.name, serial: certificate.serial.toString('hex'), host: place.host, port: place.port },
      }),
    );
    return { ...texts, key: new TextEncoder().encode(keyPem(key.pkcs8)) };
  } finally {
    key.pkcs8.fill(0);
  }
}

/** Notes that a broker on this computer has ended. `endedAt`: ms since 1970 UTC; the vault may have been locked then. */
export function noteBrokerClosed(
  session: VaultSession,
  projectId: number,
  place: { readonly host: string; readonly port: number },
  endedAt: number,
): void {
  const { name } = projectById(session, projectId);
  session.write((log) =>
    log('broker.close', {
      projectId,
      subject: name,
      detail: { host: place.host, port: place.port, endedAt: new Date(endedAt).toISOString() },
    }),
  );
}
