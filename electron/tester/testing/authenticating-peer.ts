import { createServer, type Socket } from 'node:net';
import { generate, type IAuthPacket, type IConnectPacket, type Packet, parser } from 'mqtt-packet';

/** A step of the peer's: what its AUTH says, and what it wants to hear. */
export interface AuthenticationStep {
  readonly data: Uint8Array | null;
  readonly wants: Uint8Array;
  /** Otherwise the one of CONNECT. */
  readonly method?: string;
}

export interface AuthenticatingPeer {
  readonly port: number;
  readonly connects: readonly IConnectPacket[];
  readonly answers: readonly IAuthPacket[];
  /** Reason codes of the DISCONNECTs that came. */
  readonly farewells: readonly number[];
  close(): Promise<void>;
}

/**
 * A peer that authenticates as MQTT 5 §4.12 has it: an AUTH for each step, CONNACK when every answer was right, and 135 (not
 * authorized) at the first wrong one. With `late` it sends one more AUTH after CONNACK, which no broker may.
 */
export async function startAuthenticatingPeer(
  steps: readonly AuthenticationStep[],
  { late = false }: { readonly late?: boolean } = {},
): Promise<AuthenticatingPeer> {
  const connects: IConnectPacket[] = [];
  const answers: IAuthPacket[] = [];
  const farewells: number[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const send = (packet: Packet) => socket.write(generate(packet, { protocolVersion: 5 }));
    let method = '';
    let at = 0;
    const ask = (step: AuthenticationStep) => {
      const properties = {
        authenticationMethod: step.method ?? method,
        ...(step.data ? { authenticationData: Buffer.from(step.data) } : {}),
      };
      send({ cmd: 'auth', reasonCode: 0x18, properties });
    };
    const next = () => {
      const step = steps[at];
      if (step) return ask(step);
      send({ cmd: 'connack', reasonCode: 0, sessionPresent: false, properties: { authenticationMethod: method } });
      if (late) ask({ data: null, wants: Buffer.from('') });
    };
    const incoming = parser({ protocolVersion: 5 });
    incoming.on('packet', (packet) => {
      if (packet.cmd === 'connect') {
        connects.push(packet);
        method = packet.properties?.authenticationMethod ?? '';
        next();
      } else if (packet.cmd === 'auth') {
        answers.push(packet);
        const { reasonCode, properties } = packet;
        const said = properties?.authenticationData ?? Buffer.from('');
        const right = reasonCode === 0x18 && properties?.authenticationMethod === method && steps[at]?.wants !== undefined;
        if (!right || Buffer.compare(said, Buffer.from(steps[at]?.wants ?? '')) !== 0) {
          send({ cmd: 'connack', reasonCode: 135, sessionPresent: false });
          socket.end();
          return;
        }
        at += 1;
        next();
      } else if (packet.cmd === 'disconnect') {
        farewells.push(packet.reasonCode ?? 0);
        socket.end();
      }
    });
    socket.on('data', (chunk) => incoming.parse(chunk));
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
  return {
    port,
    connects,
    answers,
    farewells,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
