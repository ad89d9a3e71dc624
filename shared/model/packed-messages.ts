import type { TestMessage } from './connection.ts';
import { propertiesLength, readProperties, writeProperties } from './packed-properties.ts';

/**
 * Many messages in one piece: a list of topics and one run of bytes, which crosses two processes as fast as it can be
 * copied. As objects, 20,000 messages a second would be cloned one by one on each bridge.
 *
 * `bytes` is a record of 24 bytes for each message, then their payloads one after the other, each followed by the properties
 * of that message if there are any (packed-properties.ts); numbers are little-endian:
 *
 *     0  f64  at, ms since 1970
 *     8  u32  place of the topic in `topics`
 *    12  u32  length of the payload
 *    16  u8   direction: 0 in, 1 out
 *    17  u8   QoS
 *    18  u8   retain: 0, 1
 *    19  u8   1 = there is a reason code, 2 = there are properties
 *    20  u32  reason code
 */
export interface PackedMessages {
  /** `seq` of the first message; the others follow without a gap. */
  readonly first: number;
  readonly count: number;
  readonly topics: string[];
  /** The texts of properties, each once; absent when no message has any. */
  readonly texts?: string[] | undefined;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const recordBytes = 24;

/** Packs messages whose `seq` rises by one from each to the next. */
export function packMessages(messages: readonly TestMessage[]): PackedMessages {
  let payloads = 0;
  for (const { payload, properties } of messages) {
    payloads += payload.byteLength;
    if (properties) payloads += propertiesLength(properties);
  }
  const bytes = new Uint8Array(messages.length * recordBytes + payloads);
  const view = new DataView(bytes.buffer);
  const places = new Map<string, number>();
  const texts = new Map<string, number>();
  let record = 0;
  let end = messages.length * recordBytes;
  for (const { at, direction, topic, payload, qos, retain, reasonCode, properties } of messages) {
    view.setFloat64(record, at, true);
    view.setUint32(record + 8, placeIn(places, topic), true);
    view.setUint32(record + 12, payload.byteLength, true);
    bytes[record + 16] = direction === 'out' ? 1 : 0;
    bytes[record + 17] = qos;
    bytes[record + 18] = retain ? 1 : 0;
    bytes[record + 19] = (reasonCode === null ? 0 : 1) | (properties ? 2 : 0);
    view.setUint32(record + 20, reasonCode ?? 0, true);
    bytes.set(payload, end);
    end += payload.byteLength;
    if (properties) end = writeProperties(properties, view, end, (text) => placeIn(texts, text));
    record += recordBytes;
  }
  const packed = { first: messages[0]?.seq ?? 0, count: messages.length, topics: [...places.keys()], bytes };
  return texts.size > 0 ? { ...packed, texts: [...texts.keys()] } : packed;
}

function placeIn(places: Map<string, number>, text: string): number {
  const there = places.get(text);
  if (there !== undefined) return there;
  const place = places.size;
  places.set(text, place);
  return place;
}

/** The messages again. Their payloads and correlation data are views of `bytes`, which lives as long as one of them does. */
export function unpackMessages({ first, count, topics, texts = [], bytes }: PackedMessages): TestMessage[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const messages: TestMessage[] = [];
  let start = count * recordBytes;
  for (let index = 0, record = 0; index < count; index++, record += recordBytes) {
    const end = start + view.getUint32(record + 12, true);
    const message: TestMessage = {
      seq: first + index,
      at: view.getFloat64(record, true),
      direction: bytes[record + 16] === 1 ? 'out' : 'in',
      topic: topics[view.getUint32(record + 8, true)] ?? '',
      payload: bytes.subarray(start, end),
      qos: bytes[record + 17] as 0 | 1 | 2,
      retain: bytes[record + 18] === 1,
      reasonCode: (bytes[record + 19] as number) & 1 ? view.getUint32(record + 20, true) : null,
    };
    start = end;
    if ((bytes[record + 19] as number) & 2) {
      const read = readProperties(view, end, texts);
      messages.push({ ...message, properties: read.properties });
      start = read.end;
    } else messages.push(message);
  }
  return messages;
}
