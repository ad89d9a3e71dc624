import type { BrokerSettings } from '../../../shared/model/broker.ts';

/** As typed. */
export interface Address {
  readonly host: string;
  readonly port: string;
}

type Found = Pick<BrokerSettings, 'names' | 'addresses' | 'port'>;

/** What can be connected to: a wildcard in the certificate is no address. */
export function hostsOf(broker: Found): string[] {
  return [...broker.names, ...broker.addresses].filter((host) => !host.includes('*'));
}

export function firstAddress(broker: Found): Address {
  return { host: hostsOf(broker)[0] ?? '', port: String(broker.port) };
}

/** Which of the two cannot be connected to. Whether the name exists is the network's to say. */
export function addressProblem({ host, port }: Address): 'host' | 'port' | null {
  if (host.trim() === '' || host.trim().length > 253 || /[\s/]/.test(host.trim())) return 'host';
  const number = Number(port);
  return /^\d{1,5}$/.test(port.trim()) && number >= 1 && number <= 65_535 ? null : 'port';
}
