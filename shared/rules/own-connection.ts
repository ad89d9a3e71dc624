import { z } from 'zod';
import {
  byteForms,
  isEncrypted,
  isWebSocket,
  type OwnConnection,
  protocolChoices,
  reconnectChoices,
  type TypedBytes,
  tlsMinimums,
  transports,
  trustChoices,
} from '../model/own-connection.ts';
import { type Problem, problem } from '../problems.ts';
import { utf8Length } from './topic.ts';
import { ruled, whole } from './zod-problems.ts';

/** MQTT 5 §1.5.4 and §1.5.6: a string or binary data has at most this many bytes. */
const mqttMaximum = 65_535;
/** MQTT 5 §1.5.3. */
const fourBytes = 4_294_967_295;
/** Enough for a chain of RSA-4096 certificates, and for the list of all authorities of a company. */
const pemMaximum = 262_144;

function checkText(text: string): Problem[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for (MQTT 5 §1.5.4)
  if (/[\u0000-\u001f\u007f-\u009f\ufeff\ufffe\uffff]/.test(text)) return [problem('control-character', {})];
  const length = utf8Length(text);
  return length > mqttMaximum ? [problem('too-long', { maximum: mqttMaximum, length })] : [];
}
/** A string of MQTT, possibly empty. */
const text = ruled(z.string(), checkText);

/** MQTT 5 §4.7.1: a message goes to one topic. */
export function checkTopicName(topic: string): Problem[] {
  if (topic === '') return [problem('missing', {})];
  return /[+#]/.test(topic) ? [problem('topic-wildcard', { value: topic })] : checkText(topic);
}

function checkFilter(filter: string): Problem[] {
  if (filter === '') return [problem('missing', {})];
  const levels = filter.split('/');
  const plus = levels.some((level) => level.includes('+') && level !== '+');
  const hash = levels.some((level, i) => level.includes('#') && (level !== '#' || i !== levels.length - 1));
  return [
    ...(plus ? [problem('topic-plus', { value: filter })] : []),
    ...(hash ? [problem('topic-hash', { value: filter })] : []),
    ...checkText(filter),
  ];
}

/** Hexadecimal in pairs, with spaces or colons between them if one likes; base64 with or without its padding. */
export function checkTypedBytes({ form, text: typed }: TypedBytes): Problem[] {
  const bare = typed.replace(/[\s:]/g, '');
  if (form === 'hex' && !/^([0-9a-f]{2})*$/i.test(bare)) return [problem('bytes-hex', {}, 'text')];
  if (
    form === 'base64' &&
    (!/^[A-Za-z0-9+/]*={0,2}$/.test(typed.replace(/\s/g, '')) || typed.replace(/[\s=]/g, '').length % 4 === 1)
  )
    return [problem('bytes-base64', {}, 'text')];
  return [];
}
const typedBytes = ruled(z.strictObject({ form: z.enum(byteForms), text: z.string().max(1_400_000) }), checkTypedBytes);

/** Of at most 65,535 bytes. */
const shortBytes = ruled(typedBytes, (typed) => {
  const { length } = typed.form === 'text' ? { length: utf8Length(typed.text) } : { length: estimated(typed) };
  return length > mqttMaximum ? [problem('too-long', { maximum: mqttMaximum, length }, 'text')] : [];
});

function estimated({ form, text: typed }: TypedBytes): number {
  const bare = typed.replace(/[\s:=]/g, '').length;
  return form === 'hex' ? bare / 2 : Math.floor((bare * 3) / 4);
}

/** A name or address to connect to; whether it exists is the network's to say. */
export const connectHost = ruled(z.string(), (host) => {
  if (host === '') return [problem('missing', {})];
  const bare = /^\[.*\]$/.test(host) ? host.slice(1, -1) : host;
  return bare.length > 253 || !/^[^\s/\\?#@[\]]+$/.test(bare) ? [problem('host-name', { value: host })] : [];
});

const userProperties = z
  .array(z.strictObject({ name: ruled(text, (name) => (name === '' ? [problem('missing', {})] : [])), value: text }))
  .max(100)
  .readonly();
const qos = z.literal([0, 1, 2]);
const optional = (maximum: number, minimum = 0) => whole(minimum, maximum).nullable();

const will = z.strictObject({
  topic: ruled(z.string(), checkTopicName),
  payload: shortBytes,
  qos,
  retain: z.boolean(),
  delay: optional(fourBytes),
  utf8: z.boolean(),
  messageExpiry: optional(fourBytes),
  contentType: text,
  responseTopic: ruled(z.string(), (topic) => (topic === '' ? [] : checkTopicName(topic))),
  correlationData: shortBytes,
  userProperties,
});

/** The name of a connection, as people call it. */
export const connectionName = ruled(z.string().max(100), (name) =>
  name.trim() === '' ? [problem('missing', {})] : checkText(name),
);

/** Whom of the vault a connection speaks as. */
export const vaultSpeaker = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('observer') }),
  z.strictObject({
    kind: z.literal('device'),
    device: ruled(z.string().max(255), (device) => (device === '' ? [problem('missing', {})] : checkText(device))),
  }),
]);

/** A connection of one's own, as it may be stored: what it says is what a broker can be told. */
export const ownConnection = ruled(
  z.strictObject({
    name: connectionName,
    speaksAs: vaultSpeaker.nullable(),
    transport: z.enum(transports),
    host: connectHost,
    port: whole(1, 65_535),
    path: z.string().max(2_000),
    user: text,
    clientId: text,
    reconnect: z.enum(reconnectChoices),
    tls: z.strictObject({
      trust: z.enum(trustChoices),
      ca: z.string().max(pemMaximum),
      verify: z.boolean(),
      minimum: z.enum(tlsMinimums),
      serverName: ruled(z.string(), (name) =>
        name !== '' && (name.length > 253 || !/^[A-Za-z0-9._-]+$/.test(name)) ? [problem('host-name', { value: name })] : [],
      ),
      alpn: z
        .array(ruled(z.string().max(255), (name) => (name === '' ? [problem('missing', {})] : checkText(name))))
        .max(20)
        .readonly(),
      certificate: z.string().max(pemMaximum),
    }),
    mqtt: z.strictObject({
      protocol: z.enum(protocolChoices),
      cleanStart: z.boolean(),
      keepAlive: whole(0, 65_535),
      sessionExpiry: optional(fourBytes),
      receiveMaximum: optional(65_535, 1),
      maximumPacketSize: optional(268_435_460, 1),
      topicAliasMaximum: optional(65_535),
      requestResponseInformation: z.boolean(),
      requestProblemInformation: z.boolean(),
      userProperties,
      authenticationMethod: text,
    }),
    will: will.nullable(),
    subscriptions: z
      .array(z.strictObject({ filter: ruled(z.string(), checkFilter), qos }))
      .max(200)
      .readonly(),
  }),
  (connection) => [
    ...(isWebSocket(connection.transport) && !/^\/[^\s#]*$/.test(connection.path)
      ? [problem('url-path', { value: connection.path }, 'path')]
      : []),
    // MQTT 3.1.1 §3.1.3.1: without a client id a session cannot be found again
    ...(!connection.mqtt.cleanStart && connection.clientId === '' && connection.speaksAs === null
      ? [problem('session-needs-id', {}, 'clientId')]
      : []),
    ...(connection.speaksAs !== null && !isEncrypted(connection.transport)
      ? [problem('identity-needs-tls', {}, 'speaksAs')]
      : []),
    ...(connection.tls.trust === 'file' && connection.tls.ca === '' ? [problem('missing', {}, 'tls.ca')] : []),
  ],
);

// what people store is what the model says
const _: z.ZodType<OwnConnection> = ownConnection;
void _;
