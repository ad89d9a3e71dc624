import { X509Certificate } from 'node:crypto';
import { checkServerIdentity, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import type { DoctorCertificate } from '../../../shared/model/doctor-evidence.ts';
import { certificateShape } from '../certificate-der.ts';
import { commonNameOf } from '../certificate-facts.ts';

const purposeNames: Readonly<Record<string, string>> = {
  '1.3.6.1.5.5.7.3.1': 'serverAuth',
  '1.3.6.1.5.5.7.3.2': 'clientAuth',
};

/** A certificate as the report shows it; null when it cannot be read. */
export function doctorCertificate(x509: X509Certificate): DoctorCertificate {
  const shape = certificateShape(x509.raw);
  return {
    subject: commonNameOf(x509.subject),
    issuer: commonNameOf(x509.issuer),
    serial: x509.serialNumber.toLowerCase(),
    notBefore: Date.parse(x509.validFrom),
    notAfter: Date.parse(x509.validTo),
    fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
    keyFingerprint: shape?.keyFingerprint ?? '',
    names: namesOf(x509.subjectAltName),
    key: shape?.key ?? '',
    signature: shape?.signature ?? '',
    // Node calls the extended key usage so
    purposes: (x509.keyUsage ?? []).map((oid) => purposeNames[oid] ?? oid),
    isAuthority: x509.ca,
    selfSigned: x509.subject === x509.issuer,
  };
}

/** `DNS:a, IP Address:b` as names and addresses alone. */
function namesOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(', ')
    .map((part) => part.replace(/^(DNS|IP Address|URI|email):/, ''))
    .filter((part) => part !== '');
}

/** Every certificate of a PEM text; broken ones are left out. */
export function certificatesOf(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN (?:TRUSTED )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED )?CERTIFICATE-----/g) ?? [];
  return blocks.flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });
}

/** True when `authority` signed it; false also for keys that this library does not know. */
export function signedBy(certificate: X509Certificate, authority: X509Certificate): boolean {
  try {
    return certificate.issuer === authority.subject && certificate.verify(authority.publicKey);
  } catch {
    return false;
  }
}

/**
 * The chain that the broker presented, its own certificate first. The TLS library goes on from there with the authorities that are
 * trusted here; those at the end are left out, as the broker need not have sent them.
 */
export function presentedChain(socket: TLSSocket, trusted: readonly X509Certificate[]): X509Certificate[] {
  const chain: X509Certificate[] = [];
  const seen = new Set<string>();
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (next?.raw && !seen.has(next.fingerprint256)) {
    seen.add(next.fingerprint256);
    try {
      chain.push(new X509Certificate(next.raw));
    } catch {
      break;
    }
    next = next.issuerCertificate;
  }
  const known = new Set(trusted.map(({ fingerprint256 }) => fingerprint256));
  while (chain.length > 1 && known.has(chain.at(-1)?.fingerprint256 ?? '')) chain.pop();
  return chain;
}

/** Whether a certificate is made for a name or address, as TLS judges it (RFC 9525). */
export function madeFor(socket: TLSSocket, name: string): boolean {
  return checkServerIdentity(name, socket.getPeerCertificate(true)) === undefined;
}
