import { createServer, type Server } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { generate, type IConnackPacket, type IConnectPacket, parser } from 'mqtt-packet';

/** A peer that writes down what CONNECT says and lets everybody in: brokers do not tell all that they were told. */
export interface RecordingPeer {
  readonly port: number;
  readonly connects: readonly IConnectPacket[];
  /** Of each TLS handshake: what the client asked for. */
  readonly handshakes: readonly { serverName: string | false; alpn: string | false | null; protocol: string | null }[];
  close(): Promise<void>;
}

export async function startRecordingPeer(
  options: { readonly tls?: TlsOptions; readonly connack?: Partial<IConnackPacket> } = {},
): Promise<RecordingPeer> {
  const connects: IConnectPacket[] = [];
  const handshakes: RecordingPeer['handshakes'][number][] = [];
  const sockets = new Set<import('node:net').Socket>();
  const serve = (socket: import('node:net').Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    if ('servername' in socket) {
      const { servername, alpnProtocol } = socket as TLSSocket & { servername: string | false };
      handshakes.push({ serverName: servername, alpn: alpnProtocol, protocol: (socket as TLSSocket).getProtocol() });
    }
    const incoming = parser();
    let protocolVersion = 5;
    incoming.on('packet', (packet) => {
      if (packet.cmd === 'connect') {
        connects.push(packet);
        protocolVersion = packet.protocolVersion ?? 4;
        const answer = { cmd: 'connack', returnCode: 0, reasonCode: 0, sessionPresent: false, ...options.connack };
        socket.write(generate(answer as IConnackPacket, { protocolVersion }));
      } else if (packet.cmd === 'disconnect') socket.end();
      else if (packet.cmd === 'pingreq') socket.write(generate({ cmd: 'pingresp' }));
      else if (packet.cmd === 'subscribe') {
        const { messageId, subscriptions } = packet;
        socket.write(
          generate(
            { cmd: 'suback', messageId: messageId ?? 0, granted: subscriptions.map(({ qos }) => qos) },
            { protocolVersion },
          ),
        );
      }
    });
    socket.on('data', (chunk) => incoming.parse(chunk));
  };
  const server: Server = options.tls ? createTlsServer(options.tls, serve) : createServer(serve);
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  return {
    port,
    connects,
    handshakes,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
