import { implicit, sequence, toDer } from './der.ts';
import { ipToOctets, octetsToIp } from './ip.ts';
import { refuse } from './refusal.ts';

/** Subject alternative names, as people write them. */
export interface AlternativeNames {
  /** Host names in ASCII (IDNs as `xn--…`); a wildcard may only be the whole left-most label. */
  readonly dns?: readonly string[] | undefined;
  /** IPv4 and IPv6 addresses. */
  readonly ip?: readonly string[] | undefined;
  readonly uri?: readonly string[] | undefined;
  /**
   * Also write each IPv4 address as dNSName, for mbedTLS before 3.5, which compares addresses with nothing else
   * (mbedtls#5082). IPv6 is left out: it has many spellings, and colons are no part of a host name.
   */
  readonly ipAsDns?: boolean | undefined;
}

const hostLabel = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** RFC 1034 §3.5 with RFC 1123 §2.1; the wildcard rule is RFC 9525 §6.3. A dotted number is an address, not a name. */
function isHostName(name: string): boolean {
  const labels = name.split('.');
  if (labels[0] === '*') {
    labels.shift();
    if (labels.length < 2) return false;
  }
  return name.length <= 253 && labels.every((label) => hostLabel.test(label)) && !/^[0-9]+$/.test(labels.at(-1) ?? '');
}

/** An absolute URI (RFC 5280 §4.2.1.6): scheme, colon, something, ASCII without blanks. */
function isAbsoluteUri(uri: string): boolean {
  return uri.length <= 255 && /^[A-Za-z][A-Za-z0-9+.-]*:[!-~]+$/.test(uri) && !/["<>\\^`{|}]/.test(uri);
}

/** True when there is no name at all. */
export function isEmpty(names: AlternativeNames): boolean {
  return (names.dns?.length ?? 0) + (names.ip?.length ?? 0) + (names.uri?.length ?? 0) === 0;
}

const generalName = { dns: 2, uri: 6, ip: 7 } as const;

/**
 * Gives the DER of GeneralNames (RFC 5280 §4.2.1.6): DNS, IP, URI in this order, repeated ones once.
 * Throws PROFILE_REFUSED for a host name, address or URI that is none.
 */
export function encodeAlternativeNames(names: AlternativeNames): Buffer {
  const found = new Map<string, [type: number, content: Buffer]>();
  // of two spellings of a host name the first one stays
  const add = (key: string, type: number, content: Buffer): void => {
    if (!found.has(key)) found.set(key, [type, content]);
  };
  const addresses: Buffer[] = (names.ip ?? []).map((text) => ipToOctets(text) ?? refuse('san-address'));
  for (const name of names.dns ?? []) {
    if (!isHostName(name)) refuse('san-host-name');
    add(`dns ${name.toLowerCase()}`, generalName.dns, Buffer.from(name, 'latin1'));
  }
  if (names.ipAsDns === true) {
    for (const octets of addresses) {
      const text = octets.length === 4 ? octetsToIp(octets) : undefined;
      if (text !== undefined) add(`dns ${text}`, generalName.dns, Buffer.from(text, 'latin1'));
    }
  }
  for (const octets of addresses) add(`ip ${octets.toString('hex')}`, generalName.ip, octets);
  for (const uri of names.uri ?? []) {
    if (!isAbsoluteUri(uri)) refuse('san-uri');
    add(`uri ${uri}`, generalName.uri, Buffer.from(uri, 'latin1'));
  }
  return toDer(sequence(...[...found.values()].map(([type, content]) => implicit(type, content))));
}

/**
 * The common name of a broker: its first name or address that fits into 64 characters. Clients must not look at it
 * (RFC 9525 §6.4); it is there for people, and so may not say anything that the SAN does not.
 */
export function brokerCommonName(names: AlternativeNames): string | undefined {
  return [...(names.dns ?? []), ...(names.ip ?? [])].find((name) => name.length <= 64);
}

/** Whether `commonName` is one of the DNS names or addresses. */
export function namesInclude(names: AlternativeNames, commonName: string): boolean {
  const octets = ipToOctets(commonName);
  if (octets !== undefined) return (names.ip ?? []).some((text) => ipToOctets(text)?.equals(octets) === true);
  return (names.dns ?? []).some((name) => name.toLowerCase() === commonName.toLowerCase());
}
