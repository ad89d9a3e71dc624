import { ipToOctets } from './ip.ts';
import type { CertificateInfo } from './read.ts';

/**
 * Whether a certificate is valid for the host that a client connects to (RFC 9525 §6.3): an address among its addresses, a
 * name among its names, where `*` stands for exactly one whole left-most label. The CN does not count.
 */
export function isValidForHost({ alternativeNames }: Pick<CertificateInfo, 'alternativeNames'>, host: string): boolean {
  const octets = ipToOctets(host);
  if (octets) return alternativeNames.ip.some((each) => ipToOctets(each)?.equals(octets) === true);
  const wanted = host.toLowerCase();
  return alternativeNames.dns.some((each) => {
    const name = each.toLowerCase();
    if (!name.startsWith('*.')) return name === wanted;
    const dot = wanted.indexOf('.');
    return dot > 0 && wanted.slice(dot) === name.slice(1);
  });
}
