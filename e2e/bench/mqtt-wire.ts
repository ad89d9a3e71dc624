/**
 * The few packets of MQTT 3.1.1 that a load generator needs, made as cheaply as can be: with a complete client the
 * measurement would say more about the client than about the broker.
 */

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
}

/** §2.2: the fixed header, then the rest; a body of less than 2 MB. */
function packet(type: number, body: Buffer): Buffer {
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
    rest >>= 7;
  } while (rest > 0);
  return Buffer.concat([Buffer.from([type, ...length]), body]);
}

/** §3.1: a clean session without keep-alive. */
export function connectPacket(clientId: string): Buffer {
  return packet(0x10, Buffer.concat([text('MQTT'), Buffer.from([4, 2, 0, 0]), text(clientId)]));
}

/** §3.8: one filter with QoS 1. */
export function subscribePacket(filter: string): Buffer {
  return packet(0x82, Buffer.concat([Buffer.from([0, 1]), text(filter), Buffer.from([1])]));
}

/** §3.3: QoS 1, topic and payload in ASCII. */
export function publishPacket(topic: string, payload: string, id: number): Buffer {
  const body = 4 + topic.length + payload.length;
  const header = body > 0x7f ? 3 : 2;
  const bytes = Buffer.allocUnsafe(header + body);
  bytes[0] = 0x32;
  bytes[1] = header === 3 ? (body & 0x7f) | 0x80 : body;
  if (header === 3) bytes[2] = body >> 7;
  let at = bytes.writeUInt16BE(topic.length, header);
  at += bytes.write(topic, at, 'latin1');
  at = bytes.writeUInt16BE(id, at);
  bytes.write(payload, at, 'latin1');
  return bytes;
}

export function pubackPacket(id: number): Buffer {
  return Buffer.from([0x40, 2, id >> 8, id & 0xff]);
}

export const disconnectPacket = Buffer.from([0xe0, 0]);

/** Cuts a stream into packets: the first byte of each (type and flags) and its body. */
export class PacketReader {
  readonly #onPacket: (type: number, body: Buffer) => void;
  #rest: Buffer = Buffer.alloc(0);

  constructor(onPacket: (type: number, body: Buffer) => void) {
    this.#onPacket = onPacket;
  }

  take(chunk: Buffer): void {
    const bytes = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    let at = 0;
    while (at < bytes.length) {
      let length = 0;
      let header = at + 1;
      for (let shift = 0; ; shift += 7, header++) {
        const byte = bytes[header];
        if (byte === undefined) {
          this.#rest = bytes.subarray(at);
          return;
        }
        length += (byte & 0x7f) << shift;
        if (byte < 0x80) break;
      }
      const end = header + 1 + length;
      if (end > bytes.length) break;
      this.#onPacket(bytes[at] ?? 0, bytes.subarray(header + 1, end));
      at = end;
    }
    this.#rest = bytes.subarray(at);
  }
}
