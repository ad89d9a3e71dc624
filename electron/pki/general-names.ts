import { octetsToIp } from './ip.ts';
import { hexOf } from './lint/der-values.ts';
import { type GeneralName, generalNameType } from './lint/extensions.ts';
import { ascii } from './lint/name.ts';

/** Alternative names as text, by type; what is neither is only counted. */
export interface NameSummary {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
  readonly uri: readonly string[];
  readonly email: readonly string[];
  /** How many there are of other types (directory names, other names). */
  readonly others: number;
}

/** Control characters and what is no ASCII are written as `\xNN`: a name may not forge a line on a screen. */
function visible(content: Uint8Array): string {
  return ascii(content).replace(/[^ -~]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** Sorts GeneralNames (RFC 5280 §4.2.1.6) by type. */
export function summariseNames(names: readonly GeneralName[]): NameSummary {
  const contents = (type: number) => names.filter((name) => name.type === type).map((name) => name.content);
  const dns = contents(generalNameType.dns).map(visible);
  const ip = contents(generalNameType.ip).map((octets) => octetsToIp(octets) ?? hexOf(octets));
  const uri = contents(generalNameType.uri).map(visible);
  const email = contents(1).map(visible);
  return { dns, ip, uri, email, others: names.length - dns.length - ip.length - uri.length - email.length };
}
