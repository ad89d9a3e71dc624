import { createRequire } from 'node:module';
import type { IPublishPacket } from 'mqtt';
import type { PublishProperties, UserProperty } from '../../shared/model/publish-properties.ts';

type Written = NonNullable<IPublishPacket['properties']>;
/** A packet as the parser below leaves it. */
type Parsed = { userPropertyPairs?: UserProperty[] };
interface Parser {
  packet: Parsed;
  _parseStringPair(): { name: string | null; value: string | null };
}

keepOrderOfUserProperties();

/**
 * mqtt.js reads user properties into an object by name: their order, and of a name with an empty value all further ones,
 * would be lost. Here each packet keeps them as they came. mqtt.js hides its parser, so the one class of all of them is
 * extended; it is found where mqtt.js itself finds it.
 */
function keepOrderOfUserProperties(): void {
  const ours = createRequire(import.meta.url);
  const { parser } = createRequire(ours.resolve('mqtt'))('mqtt-packet') as { parser: () => Parser };
  const prototype = Object.getPrototypeOf(parser()) as Parser;
  const parsePair = prototype._parseStringPair;
  prototype._parseStringPair = function (this: Parser) {
    const pair = parsePair.call(this);
    this.packet.userPropertyPairs ??= [];
    this.packet.userPropertyPairs.push([pair.name ?? '', pair.value ?? '']);
    return pair;
  };
}

/** The properties of a received message; undefined when there are none, as with most messages. */
export function propertiesOf(packet: IPublishPacket): PublishProperties | undefined {
  const { properties } = packet;
  if (!properties) return undefined;
  const found: { -readonly [K in keyof PublishProperties]: PublishProperties[K] } = {};
  const { payloadFormatIndicator, messageExpiryInterval, contentType, responseTopic, correlationData, topicAlias } = properties;
  // what is there twice is a list, and no packet that MQTT allows
  if (typeof payloadFormatIndicator === 'boolean') found.payloadFormat = payloadFormatIndicator ? 1 : 0;
  if (typeof messageExpiryInterval === 'number') found.messageExpiry = messageExpiryInterval;
  if (typeof contentType === 'string') found.contentType = contentType;
  if (typeof responseTopic === 'string') found.responseTopic = responseTopic;
  // a copy of its own: a view would carry the whole buffer of the socket across the channel
  if (correlationData instanceof Uint8Array) found.correlationData = new Uint8Array(correlationData);
  if (typeof topicAlias === 'number') found.topicAlias = topicAlias;
  const pairs = (packet as Parsed).userPropertyPairs;
  if (pairs) found.userProperties = pairs;
  const identifiers = properties.subscriptionIdentifier as number | number[] | undefined;
  if (identifiers !== undefined) found.subscriptionIdentifiers = Array.isArray(identifiers) ? identifiers : [identifiers];
  for (const _some in found) return found;
  return undefined;
}

/** The properties as mqtt.js writes them: user properties one by one, so that their order stays. */
export function writtenProperties(properties: PublishProperties): Written {
  const { payloadFormat, messageExpiry, contentType, responseTopic, correlationData, topicAlias, userProperties } = properties;
  return {
    ...(payloadFormat !== undefined && { payloadFormatIndicator: payloadFormat === 1 }),
    ...(messageExpiry !== undefined && { messageExpiryInterval: messageExpiry }),
    ...(contentType !== undefined && { contentType }),
    ...(responseTopic !== undefined && { responseTopic }),
    ...(correlationData !== undefined && { correlationData: Buffer.from(correlationData) }),
    ...(topicAlias !== undefined && { topicAlias }),
    // fromEntries makes a property of its own of any name, __proto__ too
    ...(userProperties?.length && {
      userProperties: userProperties.map((pair) => Object.fromEntries([pair])) as unknown as Record<string, string>,
    }),
  };
}

/** Bytes that they take in a PUBLISH, without the length before them (MQTT 5 §3.3.2.3). */
export function propertiesSize(properties: PublishProperties): number {
  const { payloadFormat, messageExpiry, contentType, responseTopic, correlationData, topicAlias, userProperties } = properties;
  const text = (value: string) => 2 + Buffer.byteLength(value);
  return (
    (payloadFormat === undefined ? 0 : 2) +
    (messageExpiry === undefined ? 0 : 5) +
    (contentType === undefined ? 0 : 1 + text(contentType)) +
    (responseTopic === undefined ? 0 : 1 + text(responseTopic)) +
    (correlationData === undefined ? 0 : 3 + correlationData.byteLength) +
    (topicAlias === undefined ? 0 : 3) +
    (userProperties ?? []).reduce((sum, [name, value]) => sum + 1 + text(name) + text(value), 0)
  );
}

/** MQTT 5 §1.5.4, §3.3.2.3: every text can be sent, and the response topic is a topic name. */
export function validProperties(properties: PublishProperties): boolean {
  const { messageExpiry, contentType = '', responseTopic, correlationData, topicAlias, userProperties = [] } = properties;
  const texts = [contentType, responseTopic ?? '', ...userProperties.flat()];
  return (
    texts.every((text) => !text.includes('\0') && text.isWellFormed() && Buffer.byteLength(text) <= 65_535) &&
    (responseTopic === undefined || (responseTopic !== '' && !/[+#]/.test(responseTopic))) &&
    (correlationData === undefined || correlationData.byteLength <= 65_535) &&
    (messageExpiry === undefined || (Number.isInteger(messageExpiry) && messageExpiry >= 0 && messageExpiry <= 0xffff_ffff)) &&
    (topicAlias === undefined || (Number.isInteger(topicAlias) && topicAlias >= 1 && topicAlias <= 65_535))
  );
}
