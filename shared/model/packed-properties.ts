import type { PublishProperties, UserProperty } from './publish-properties.ts';

/*
 * The properties of one message in a run of bytes; texts are places in a list that all messages share. Little-endian:
 *
 *     u8   what is there: 1 payload format, 2 its value, 4 expiry, 8 content type, 16 response topic,
 *          32 correlation data, 64 topic alias
 *     u16  number of user properties
 *     u16  number of subscription identifiers
 *     then, as far as there: u32 expiry, u32 content type, u32 response topic, u16 topic alias,
 *     u32 name and u32 value of each user property, u32 of each identifier, u32 length of the correlation data and its bytes
 */

const head = 5;

/** How many bytes `writeProperties` takes. */
export function propertiesLength(properties: PublishProperties): number {
  const { messageExpiry, contentType, responseTopic, correlationData, topicAlias } = properties;
  return (
    head +
    (messageExpiry === undefined ? 0 : 4) +
    (contentType === undefined ? 0 : 4) +
    (responseTopic === undefined ? 0 : 4) +
    (topicAlias === undefined ? 0 : 2) +
    counted(properties.userProperties) * 8 +
    counted(properties.subscriptionIdentifiers) * 4 +
    (correlationData === undefined ? 0 : 4 + correlationData.byteLength)
  );
}

/** Writes them at `start` and gives where they end. `place` finds or makes the place of a text. */
export function writeProperties(
  properties: PublishProperties,
  view: DataView,
  start: number,
  place: (text: string) => number,
): number {
  const { payloadFormat, messageExpiry, contentType, responseTopic, correlationData, topicAlias } = properties;
  const userProperties = (properties.userProperties ?? []).slice(0, counted(properties.userProperties));
  const identifiers = (properties.subscriptionIdentifiers ?? []).slice(0, counted(properties.subscriptionIdentifiers));
  view.setUint8(
    start,
    (payloadFormat === undefined ? 0 : 1) |
      (payloadFormat === 1 ? 2 : 0) |
      (messageExpiry === undefined ? 0 : 4) |
      (contentType === undefined ? 0 : 8) |
      (responseTopic === undefined ? 0 : 16) |
      (correlationData === undefined ? 0 : 32) |
      (topicAlias === undefined ? 0 : 64),
  );
  view.setUint16(start + 1, userProperties.length, true);
  view.setUint16(start + 3, identifiers.length, true);
  let at = start + head;
  const put = (value: number) => {
    view.setUint32(at, value, true);
    at += 4;
  };
  if (messageExpiry !== undefined) put(messageExpiry);
  if (contentType !== undefined) put(place(contentType));
  if (responseTopic !== undefined) put(place(responseTopic));
  if (topicAlias !== undefined) {
    view.setUint16(at, topicAlias, true);
    at += 2;
  }
  for (const [name, value] of userProperties) {
    put(place(name));
    put(place(value));
  }
  for (const identifier of identifiers) put(identifier);
  if (correlationData !== undefined) {
    put(correlationData.byteLength);
    new Uint8Array(view.buffer).set(correlationData, view.byteOffset + at);
    at += correlationData.byteLength;
  }
  return at;
}

/** Reads what `writeProperties` wrote. The correlation data are a view of the same bytes. */
export function readProperties(
  view: DataView,
  start: number,
  texts: readonly string[],
): { readonly properties: PublishProperties; readonly end: number } {
  const there = view.getUint8(start);
  const pairs = view.getUint16(start + 1, true);
  const identifiers = view.getUint16(start + 3, true);
  let at = start + head;
  const get = () => {
    const value = view.getUint32(at, true);
    at += 4;
    return value;
  };
  const text = () => texts[get()] ?? '';
  const properties: { -readonly [K in keyof PublishProperties]: PublishProperties[K] } = {};
  if (there & 1) properties.payloadFormat = there & 2 ? 1 : 0;
  if (there & 4) properties.messageExpiry = get();
  if (there & 8) properties.contentType = text();
  if (there & 16) properties.responseTopic = text();
  if (there & 64) {
    properties.topicAlias = view.getUint16(at, true);
    at += 2;
  }
  if (pairs > 0) properties.userProperties = Array.from({ length: pairs }, (): UserProperty => [text(), text()]);
  if (identifiers > 0) properties.subscriptionIdentifiers = Array.from({ length: identifiers }, get);
  if (there & 32) {
    const length = get();
    properties.correlationData = new Uint8Array(view.buffer, view.byteOffset + at, length);
    at += length;
  }
  return { properties, end: at };
}

/** Lists are counted in 16 bits: a hostile packet of more loses the rest of them, not the message. */
function counted(list: readonly unknown[] | undefined): number {
  return Math.min(list?.length ?? 0, 65_535);
}
