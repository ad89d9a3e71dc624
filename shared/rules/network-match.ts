import { bitsOf, parseNetwork } from './network.ts';

interface Range {
  readonly base: bigint;
  readonly shift: bigint;
}

/**
 * Gives the check whether an address lies in one of these networks (CIDR; one that cannot be read holds nobody). The broker's own
 * computer always does. What is no address does not.
 */
export function networkMatcher(networks: readonly string[]): (address: string) => boolean {
  const ranges: Record<4 | 6, Range[]> = { 4: [], 6: [] };
  for (const text of [...networks, '127.0.0.0/8', '::1/128']) {
    const network = parseNetwork(text);
    if (!network) continue;
    const shift = BigInt((network.family === 4 ? 32 : 128) - network.prefix);
    ranges[network.family].push({ base: bitsOf(network) >> shift, shift });
  }
  return (address) => {
    // a zone (`%eth0`, RFC 4007 §11) does not count
    const host = parseNetwork(address.split('%', 1)[0] ?? '');
    if (!host) return false;
    const bits = bitsOf(host);
    return ranges[host.family].some(({ base, shift }) => bits >> shift === base);
  };
}
