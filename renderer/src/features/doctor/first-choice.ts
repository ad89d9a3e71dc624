import type { BrokerSettings } from '../../../../shared/model/broker.ts';
import { doctorIdentities, doctorTransports } from '../../../../shared/model/doctor.ts';
import { firstAddress } from '../../ui/address.ts';
import { type Choice, emptyChoice, type StoredConnection, withConnection } from './choice.ts';

const loopback = '127.0.0.1';

/**
 * What the page begins with: what the link that led here names (`device`, `connection`, `host`, `port`, `transport`, `as`), what was
 * tried the last time, or the observer at the broker of the project; one that runs in this program comes first.
 */
export function firstChoice(
  broker: Pick<BrokerSettings, 'names' | 'addresses' | 'port'> | null,
  local: { readonly host: string; readonly port: number } | null,
  before: Choice | null,
  { device, connection }: { readonly device: Choice['device']; readonly connection: StoredConnection | null },
  params: Readonly<Record<string, string>>,
): Choice {
  if (before) return before;
  const found = local
    ? { host: local.host === '0.0.0.0' || local.host === '::' ? loopback : local.host, port: String(local.port) }
    : broker
      ? firstAddress(broker)
      : { host: '', port: emptyChoice.port };
  const transport = doctorTransports.find((each) => each === params['transport']) ?? emptyChoice.transport;
  const place = { host: params['host'] ?? found.host, port: params['port'] ?? found.port };
  if (connection) return withConnection(emptyChoice, connection);
  return {
    ...emptyChoice,
    kind: device ? 'device' : (doctorIdentities.find((each) => each === params['as']) ?? 'observer'),
    device,
    transport,
    ...place,
  };
}
