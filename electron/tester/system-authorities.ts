import { readFileSync } from 'node:fs';
import * as tls from 'node:tls';

/** Where Linux distributions keep their list (the default of OpenSSL, Debian, Fedora, SUSE). */
const linuxFiles = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/ca-bundle.pem'];

/** Since Node 22.15: asks Windows, macOS or OpenSSL's folder. */
type Newer = { getCACertificates?: (type: 'system' | 'default') => string[] };

/** The certificates that this computer trusts, and those that come with the program, as PEM. */
export function systemAuthorities(): readonly string[] {
  const { getCACertificates } = tls as Newer;
  const own = getCACertificates ? getCACertificates('system') : fromFile();
  return [...new Set([...tls.rootCertificates, ...own])];
}

function fromFile(): string[] {
  const named = process.env['SSL_CERT_FILE'];
  for (const file of named === undefined ? linuxFiles : [named]) {
    try {
      return readFileSync(file, 'latin1').match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    } catch {
      // another distribution
    }
  }
  return [];
}
