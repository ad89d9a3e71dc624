import { isWebSocket, type OwnConnection } from '../../../../../shared/model/own-connection.ts';

/** Where a connection goes, as an address: `wss://broker.example:8084/mqtt`. */
export function placeOf({ transport, host, port, path }: Pick<OwnConnection, 'transport' | 'host' | 'port' | 'path'>): string {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return `${transport}://${name}:${port}${isWebSocket(transport) ? path : ''}`;
}
