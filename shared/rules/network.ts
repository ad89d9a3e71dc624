import { type Problem, problem } from '../problems.ts';
import { isIpAddress } from './host.ts';

/** A network as people write it in firewalls. */
export interface Network {
  readonly family: 4 | 6;
  readonly address: string;
  readonly prefix: number;
}

/** `192.168.100.0/24`, `fd00:1::/64`; an address alone is a network of one. Undefined when it is none. */
export function parseNetwork(text: string): Network | undefined {
  const found = /^([0-9A-Fa-f:.]+)(?:\/(\d{1,3}))?$/.exec(text);
  const address = found?.[1] ?? '';
  if (!isIpAddress(address)) return undefined;
  const family = address.includes(':') ? 6 : 4;
  const longest = family === 4 ? 32 : 128;
  const prefix = found?.[2] === undefined ? longest : Number(found[2]);
  return prefix <= longest ? { family, address, prefix } : undefined;
}

/**
 * Checks a network for the firewall: CIDR, no bits behind the prefix (`192.168.1.7/24` is a host that somebody took for its
 * network), and not everybody.
 */
export function checkNetwork(text: string): Problem[] {
  if (text === '') return [problem('missing', {})];
  const network = parseNetwork(text);
  if (!network) return [problem('network', { value: text })];
  if (network.prefix === 0) return [problem('network-everybody', { value: text })];
  const base = baseOf(network);
  return base === bitsOf(network) ? [] : [problem('network-host-bits', { value: text, network: writtenOf(network) })];
}

/** The address as a number of 32 or 128 bits. */
export function bitsOf({ family, address }: Network): bigint {
  if (family === 4) return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
  return groupsOf(address).reduce((sum, part) => (sum << 16n) | BigInt(part), 0n);
}

function groupsOf(address: string): number[] {
  // an IPv4 address may be the last 32 bits (RFC 4291 §2.2)
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const [a = 0, b = 0, c = 0, d = 0] = dotted?.slice(1).map(Number) ?? [];
  const plain = dotted
    ? `${address.slice(0, dotted.index)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
    : address;
  const [head = '', tail] = plain.split('::');
  const numbers = (text: string) => (text === '' ? [] : text.split(':').map((part) => Number.parseInt(part, 16)));
  const first = numbers(head);
  const last = numbers(tail ?? '');
  return tail === undefined ? first : [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}

function baseOf(network: Network): bigint {
  const rest = BigInt((network.family === 4 ? 32 : 128) - network.prefix);
  return (bitsOf(network) >> rest) << rest;
}

/** The network that was probably meant. */
function writtenOf(network: Network): string {
  const base = baseOf(network);
  if (network.family === 4) {
    const parts = [24n, 16n, 8n, 0n].map((shift) => (base >> shift) & 255n);
    return `${parts.join('.')}/${network.prefix}`;
  }
  const groups = Array.from({ length: 8 }, (_, index) => ((base >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  const text = groups.join(':').replace(/(^|:)(0(:|$))+$/, '::');
  return `${text}/${network.prefix}`;
}
