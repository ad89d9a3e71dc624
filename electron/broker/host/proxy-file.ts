import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { parseNetwork } from '../../../shared/rules/network.ts';
import { brokerPort } from '../mosquitto/config.ts';
import { haproxyConfig } from './haproxy.ts';

/** haproxy.cfg for a broker with these settings. `sendProxy`: the broker is told the address of each device. */
export function proxyFile(project: string, settings: BrokerSettings, maxConnections: number, sendProxy: boolean): string {
  const { kit, port, addresses } = settings;
  const isIpv6 = (address: string) => parseNetwork(address)?.family === 6;
  return haproxyConfig({
    project,
    port,
    // also of a container: the compose file gives it to this machine only
    brokerPort: brokerPort({ port, kit: { ...kit, form: 'whole' } }),
    rate: kit.connectionRate ?? 0,
    maxConnections,
    ipv6: [...addresses, ...kit.networks].some(isIpv6),
    sendProxy,
  });
}
