import { X509Certificate } from 'node:crypto';
import { certificateShape } from './certificate-der.ts';
import type { CertificateFacts } from './signals.ts';

/** Facts of a certificate in PEM (the first of several) or DER; null when it cannot be read. */
export function certificateFacts(certificate: string | Uint8Array): CertificateFacts | null {
  try {
    const x509 = new X509Certificate(certificate);
    return {
      commonName: commonNameOf(x509.subject),
      issuer: commonNameOf(x509.issuer),
      notBefore: Date.parse(x509.validFrom),
      notAfter: Date.parse(x509.validTo),
      fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
      names: x509.subjectAltName ?? '',
      weak: certificateShape(x509.raw)?.weak ?? '',
    };
  } catch {
    return null;
  }
}

/** Node gives names as lines `CN=…`; a name without CN is given whole. */
export function commonNameOf(name: string): string {
  return /^CN=(.*)$/m.exec(name)?.[1] ?? name.replaceAll('\n', ', ');
}
