import { connect, createSecureContext, type TLSSocket } from 'node:tls';
import type { MeterIdentity } from '../../electron/broker/practice/channel.ts';
import { characterOf, readingAt } from '../../shared/rules/load-curve.ts';
import { connectPacket, disconnectPacket, PacketReader, pubackPacket, publishPacket, subscribePacket } from './mqtt-wire.ts';

/** What the process is sent, once. */
export interface ClientsOrder {
  readonly host: string;
  readonly port: number;
  readonly project: string;
  readonly observer: MeterIdentity;
  readonly meters: readonly MeterIdentity[];
  /** Readings of one meter that may be on their way: sent, and not yet acknowledged and delivered. */
  readonly window: number;
  readonly seconds: number;
}

/** What it says when all are connected and begin to publish, and what it answers in the end. */
export const begin = 'begin';
export interface ClientsResult {
  readonly connectSeconds: number;
  /** Readings delivered per second, without the first second. */
  readonly perSecond: number;
  readonly sent: number;
  readonly delivered: number;
  /** Delivered once more, or behind a later one of the same meter. */
  readonly outOfTurn: number;
}

interface Meter {
  readonly socket: TLSSocket;
  readonly topic: string;
  readonly reading: string;
  sent: number;
  acknowledged: number;
  /** Number of the last reading that the subscriber got; they come in turn (MQTT 3.1.1 §4.6). */
  delivered: number;
}

const warmUp = 1_000;
const settled = 3_000;

async function run(order: ClientsOrder): Promise<ClientsResult> {
  const began = performance.now();
  const byTopic = new Map<string, Meter>();
  let [sent, delivered, outOfTurn] = [0, 0, 0];
  let publishing = true;

  const fill = (meter: Meter) => {
    // slowest of both: a broker acknowledges what it then keeps for the subscriber, and that queue has an end
    while (publishing && meter.sent - Math.min(meter.acknowledged, meter.delivered) < order.window) {
      meter.sent++;
      sent++;
      const id = ((meter.sent - 1) % 65_535) + 1;
      meter.socket.write(publishPacket(meter.topic, `${meter.reading},"n":${meter.sent}}`, id));
    }
  };
  const observer = await session(order, order.observer, (type, body, socket) => {
    if (type >> 4 !== 3) return;
    const length = body.readUInt16BE(0);
    const meter = byTopic.get(body.toString('latin1', 2, 2 + length));
    const id = type & 0x06 ? body.readUInt16BE(2 + length) : 0;
    if (id) socket.write(pubackPacket(id));
    if (!meter) return;
    const number = Number(body.toString('latin1', body.lastIndexOf(':') + 1, body.length - 1));
    delivered++;
    if (number <= meter.delivered) outOfTurn++;
    else meter.delivered = number;
    fill(meter);
  });
  await new Promise<void>((resolve) => {
    observer.subscribed = resolve;
    observer.socket.write(subscribePacket(`${order.project}/energy/#`));
  });
  const now = Date.now();
  await Promise.all(
    order.meters.map(async (identity, index) => {
      const topic = `${order.project}/energy/${identity.id}`;
      const { socket } = await session(order, identity, (type) => {
        if (type >> 4 !== 4 || !meter) return;
        meter.acknowledged++;
        fill(meter);
      });
      const reading = JSON.stringify(readingAt(characterOf(index), now)).slice(0, -1);
      const meter: Meter = { socket, topic, reading, sent: 0, acknowledged: 0, delivered: 0 };
      byTopic.set(topic, meter);
    }),
  );
  const connectSeconds = (performance.now() - began) / 1_000;
  process.send?.(begin);
  for (const meter of byTopic.values()) fill(meter);
  await pause(warmUp);
  const [start, before] = [performance.now(), delivered];
  await pause(order.seconds * 1_000);
  const perSecond = (delivered - before) / ((performance.now() - start) / 1_000);
  publishing = false;
  // what is still on its way has time until nothing has come for a while
  for (
    let [last, since] = [delivered, performance.now()];
    delivered - outOfTurn < sent && performance.now() - since < settled;
    await pause(20)
  ) {
    if (last === delivered) continue;
    [last, since] = [delivered, performance.now()];
  }
  for (const { socket } of [...byTopic.values(), observer]) socket.end(disconnectPacket);
  return { connectSeconds, perSecond, sent, delivered: delivered - outOfTurn, outOfTurn };
}

interface Session {
  readonly socket: TLSSocket;
  subscribed: () => void;
}

/** Connects over mutual TLS; a connection that ends while it is needed ends the measurement. */
function session(
  { host, port }: ClientsOrder,
  { id, ca, certificateChain: cert, key }: MeterIdentity,
  onPacket: (type: number, body: Buffer, socket: TLSSocket) => void,
): Promise<Session> {
  return new Promise((resolve, reject) => {
    const secureContext = createSecureContext({ ca, cert, key: Buffer.from(key), minVersion: 'TLSv1.2' });
    const socket = connect({ host, port, secureContext }, () => socket.write(connectPacket(id)));
    socket.setNoDelay(true);
    const made: Session = { socket, subscribed: () => undefined };
    const reader = new PacketReader((type, body) => {
      if (type >> 4 === 2 && body[1] === 0) resolve(made);
      else if (type >> 4 === 9) made.subscribed();
      else onPacket(type, body, socket);
    });
    socket.on('data', (bytes) => reader.take(bytes));
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`${id} was thrown out`)));
  });
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

process.once('message', (order) => {
  run(order as ClientsOrder).then(
    (result) => process.send?.(result, () => process.exit(0)),
    (error: Error) => {
      console.error(error.message);
      process.exit(1);
    },
  );
});
