import type { TestMessage } from '../../../shared/model/connection.ts';
import { propertiesBytes, readPropertiesBytes } from './stored-properties.ts';

/**
 * Messages as they lie on the disk: a block of them in two parts. The head is small and answers searches for topics and
 * times by itself; the body holds what the messages carried. This is a format of its own: what crosses the bridge to
 * the window may change, files of years ago may not.
 *
 * Head, numbers little-endian: u32 number of messages, u32 length of the topics, then the topics as UTF-8 with a byte 0xff
 * between them (which is in no UTF-8), then a record of 24 bytes for each message:
 *
 *     0  f64  at, ms since 1970
 *     8  u32  place of the topic
 *    12  u32  length of the payload
 *    16  u32  length of the MQTT 5 properties
 *    20  u16  reason code; 0xffff = none
 *    22  u8   1 = out, 2 = retain, QoS shifted by 2
 *    23  u8   0
 *
 * Body: all payloads one after the other, then all properties (JSON, see stored-properties.ts).
 */
export interface Block {
  readonly head: Buffer;
  readonly body: Buffer;
}

/** A message before it has its place in a recording. */
export type Incoming = Omit<TestMessage, 'seq'>;

export const recordBytes = 24;
const noReason = 0xffff;
const between = Buffer.from([0xff]);

/** Packs messages. `messages` must not be empty. */
export function encodeBlock(messages: readonly Incoming[]): Block {
  const places = new Map<string, number>();
  const properties = messages.map((message) => propertiesBytes(message));
  let payloads = 0;
  let tail = 0;
  for (const [index, { topic, payload }] of messages.entries()) {
    if (!places.has(topic)) places.set(topic, places.size);
    payloads += payload.byteLength;
    tail += properties[index]?.byteLength ?? 0;
  }
  const topics = Buffer.concat(
    [...places.keys()].flatMap((topic, index) => [...(index > 0 ? [between] : []), Buffer.from(topic)]),
  );
  // memory of their own, not of Node's pool: they are handed over to another thread
  const head = Buffer.from(new ArrayBuffer(8 + topics.byteLength + messages.length * recordBytes));
  const body = Buffer.from(new ArrayBuffer(payloads + tail));
  head.writeUInt32LE(messages.length, 0);
  head.writeUInt32LE(topics.byteLength, 4);
  topics.copy(head, 8);
  let record = 8 + topics.byteLength;
  let payloadAt = 0;
  let propertiesAt = payloads;
  for (const [index, { at, direction, topic, payload, qos, retain, reasonCode }] of messages.entries()) {
    const own = properties[index];
    head.writeDoubleLE(at, record);
    head.writeUInt32LE(places.get(topic) as number, record + 8);
    head.writeUInt32LE(payload.byteLength, record + 12);
    head.writeUInt32LE(own?.byteLength ?? 0, record + 16);
    head.writeUInt16LE(reasonCode ?? noReason, record + 20);
    head.writeUInt8((direction === 'out' ? 1 : 0) | (retain ? 2 : 0) | (qos << 2), record + 22);
    head.writeUInt8(0, record + 23);
    body.set(payload, payloadAt);
    payloadAt += payload.byteLength;
    if (own) {
      body.set(own, propertiesAt);
      propertiesAt += own.byteLength;
    }
    record += recordBytes;
  }
  return { head, body };
}

/** The head of a block, read without its body. */
export class BlockHead {
  readonly count: number;
  readonly #head: Buffer;
  readonly #records: number;
  #topics: string[] | null = null;

  constructor(head: Buffer) {
    this.#head = head;
    this.count = head.readUInt32LE(0);
    this.#records = 8 + head.readUInt32LE(4);
  }

  /** All topics as one text, for a first look whether something is in one of them. */
  get topicText(): string {
    return this.#head.toString('utf8', 8, this.#records);
  }

  get topics(): readonly string[] {
    if (this.#topics) return this.#topics;
    const topics: string[] = [];
    for (let start = 8; ; ) {
      const found = this.#head.indexOf(0xff, start);
      const end = found < 0 || found > this.#records ? this.#records : found;
      topics.push(this.#head.toString('utf8', start, end));
      if (end === this.#records) break;
      start = end + 1;
    }
    this.#topics = topics;
    return topics;
  }

  at(index: number): number {
    return this.#head.readDoubleLE(this.#record(index));
  }
  topicPlace(index: number): number {
    return this.#head.readUInt32LE(this.#record(index) + 8);
  }
  payloadLength(index: number): number {
    return this.#head.readUInt32LE(this.#record(index) + 12);
  }
  propertiesLength(index: number): number {
    return this.#head.readUInt32LE(this.#record(index) + 16);
  }
  isOut(index: number): boolean {
    return (this.#head.readUInt8(this.#record(index) + 22) & 1) === 1;
  }

  /** From the earliest message to the latest. */
  get span(): { readonly fromAt: number; readonly toAt: number } {
    let fromAt = Number.POSITIVE_INFINITY;
    let toAt = Number.NEGATIVE_INFINITY;
    for (let index = 0; index < this.count; index++) {
      const at = this.at(index);
      if (at < fromAt) fromAt = at;
      if (at > toAt) toAt = at;
    }
    return { fromAt, toAt };
  }

  /** Where the payloads end and the properties begin in the body. */
  get payloadBytes(): number {
    let bytes = 0;
    for (let index = 0; index < this.count; index++) bytes += this.payloadLength(index);
    return bytes;
  }

  /** The message at a place of the block; `payloadStart` and `propertiesStart`: where its parts begin in the body. */
  message(index: number, body: Buffer, payloadStart: number, propertiesStart: number): Incoming {
    const record = this.#record(index);
    const reason = this.#head.readUInt16LE(record + 20);
    const flags = this.#head.readUInt8(record + 22);
    const properties = readPropertiesBytes(body.subarray(propertiesStart, propertiesStart + this.propertiesLength(index)));
    return {
      at: this.at(index),
      direction: flags & 1 ? 'out' : 'in',
      topic: this.topics[this.topicPlace(index)] ?? '',
      payload: new Uint8Array(body.subarray(payloadStart, payloadStart + this.payloadLength(index))),
      qos: ((flags >> 2) & 3) as 0 | 1 | 2,
      retain: (flags & 2) === 2,
      reasonCode: reason === noReason ? null : reason,
      ...properties,
    };
  }

  #record(index: number): number {
    return this.#records + index * recordBytes;
  }
}

/** All messages of a block, or those from one place up to another. */
export function decodeBlock({ head, body }: Block, from = 0, to = Number.POSITIVE_INFINITY): Incoming[] {
  const read = new BlockHead(head);
  const messages: Incoming[] = [];
  let payload = 0;
  let properties = read.payloadBytes;
  const end = Math.min(to, read.count);
  for (let index = 0; index < end; index++) {
    if (index >= from) messages.push(read.message(index, body, payload, properties));
    payload += read.payloadLength(index);
    properties += read.propertiesLength(index);
  }
  return messages;
}
