import { z } from 'zod';
import { type Problem, problem } from '../problems.ts';

const label = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const ipv4 = z.ipv4();
const ipv6 = z.ipv6();

export function isIpAddress(value: string): boolean {
  return ipv4.safeParse(value).success || ipv6.safeParse(value).success;
}

/**
 * Checks a DNS name for the broker certificate's SAN: LDH labels of at most 63, 253 in all (RFC 1034 §3.5,
 * RFC 1123 §2.1). A wildcard may only be the whole left-most label of a name with two more (RFC 9525 §6.3).
 */
export function checkHostName(name: string): Problem[] {
  if (name === '') return [problem('missing', {})];
  // a dotted number is an address that was put into the wrong list, or a typing error in one; no resolver takes it as a name
  if (isIpAddress(name) || /^[0-9.]+$/.test(name)) return [problem('host-is-address', { value: name })];
  const wildcard = name.startsWith('*.');
  const rest = wildcard ? name.slice(2) : name;
  if (name.includes('*') && (!wildcard || rest.includes('*') || !rest.includes('.')))
    return [problem('host-wildcard', { value: name })];
  if (name.length > 253 || !rest.split('.').every((part) => label.test(part))) return [problem('host-name', { value: name })];
  return [];
}

/**
 * Whether a DNS name is one of those that are kept for examples and tests (RFC 2606 §2 and §3): in the public DNS no broker is
 * ever found by it, though a name server of one's own may answer for it. `localhost` is none of them: it leads somewhere.
 */
export function isReservedName(name: string): boolean {
  return /(^|\.)(example|invalid|test|example\.(com|net|org))$/i.test(name);
}

/** Checks an IPv4 or IPv6 address for SAN. The unspecified address is where a broker listens, never where it is found. */
export function checkIpAddress(address: string): Problem[] {
  if (address === '') return [problem('missing', {})];
  if (!isIpAddress(address)) return [problem('ip-address', { value: address })];
  if (/^[0.:]+$/.test(address)) return [problem('ip-unspecified', { value: address })];
  return [];
}
