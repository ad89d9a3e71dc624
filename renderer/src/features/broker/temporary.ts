/** Every IPv4 address of this computer. */
export const everywhere = '0.0.0.0';

interface Address {
  readonly address: string;
  readonly family: 4 | 6;
  readonly internal: boolean;
}

/**
 * Addresses under which devices could call and which the broker's certificate does not name; they would break off
 * (RFC 9525 §6.5: an address is compared with the certificate's addresses, byte for byte, never with its names). Whoever
 * listens on all of them is asked about those that lead somewhere.
 */
export function notNamed(host: string, found: readonly Address[], named: readonly string[]): string[] {
  const places = host === everywhere ? found.filter(({ family, internal }) => family === 4 && !internal) : [{ address: host }];
  const known = new Set(named.map((address) => address.toLowerCase()));
  return [...new Set(places.map(({ address }) => address.toLowerCase()))].filter((address) => !known.has(address));
}

/** Null when it is none. */
export function portOf(text: string): number | null {
  const port = Number(text.trim());
  return /^\d{1,5}$/.test(text.trim()) && port >= 1 && port <= 65_535 ? port : null;
}
