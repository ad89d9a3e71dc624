import fc from 'fast-check';
import {
  byteForms,
  type OwnConnection,
  protocolChoices,
  reconnectChoices,
  tlsMinimums,
  transports,
} from '../../../../shared/model/own-connection.ts';
import { ownConnection } from '../../../../shared/rules/own-connection.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const level = fc.stringMatching(/^[a-z0-9ñ ]{1,6}$/);
const topic = fc.array(level, { minLength: 1, maxLength: 4 }).map((levels) => levels.join('/'));
const filter = fc.oneof(
  topic,
  topic.map((each) => `${each}/#`),
  topic.map((each) => `+/${each}`),
);
const number = (minimum: number, maximum: number) => fc.option(fc.integer({ min: minimum, max: maximum }), { nil: null });
const bytes = fc.oneof(
  text.map((each) => ({ form: byteForms[0], text: each })),
  fc.uint8Array({ maxLength: 20 }).map((each) => ({ form: byteForms[1], text: Buffer.from(each).toString('hex') })),
  fc.uint8Array({ maxLength: 20 }).map((each) => ({ form: byteForms[2], text: Buffer.from(each).toString('base64') })),
);
const properties = fc.array(fc.record({ name: text.map((each) => `n${each}`), value: text }), { maxLength: 4 });

/** Every connection that may be stored, without secrets. */
export const anyConnection: fc.Arbitrary<OwnConnection> = fc
  .record({
    name: text.map((each) => `c${each}`),
    speaksAs: fc.oneof(
      fc.constant(null),
      fc.constant({ kind: 'observer' as const }),
      text.map((each) => ({ kind: 'device' as const, device: `d${each}` })),
    ),
    transport: fc.constantFrom(...transports),
    host: fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()),
    port: fc.integer({ min: 1, max: 65_535 }),
    path: fc.webPath().map((path) => `/${path.replace(/^\//, '')}`),
    user: text,
    clientId: text.map((each) => `i${each}`),
    reconnect: fc.constantFrom(...reconnectChoices),
    tls: fc.record({
      trust: fc.constantFrom('project' as const, 'system' as const),
      ca: fc.constant(''),
      verify: fc.boolean(),
      minimum: fc.constantFrom(...tlsMinimums),
      serverName: fc.oneof(fc.constant(''), fc.domain()),
      alpn: fc.array(
        text.map((each) => `p${each}`),
        { maxLength: 3 },
      ),
      certificate: fc.constant(''),
    }),
    mqtt: fc.record({
      protocol: fc.constantFrom(...protocolChoices),
      cleanStart: fc.boolean(),
      keepAlive: fc.integer({ min: 0, max: 65_535 }),
      sessionExpiry: number(0, 4_294_967_295),
      receiveMaximum: number(1, 65_535),
      maximumPacketSize: number(1, 268_435_460),
      topicAliasMaximum: number(0, 65_535),
      requestResponseInformation: fc.boolean(),
      requestProblemInformation: fc.boolean(),
      userProperties: properties,
      authenticationMethod: text,
    }),
    will: fc.option(
      fc.record({
        topic,
        payload: bytes,
        qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
        retain: fc.boolean(),
        delay: number(0, 4_294_967_295),
        utf8: fc.boolean(),
        messageExpiry: number(0, 4_294_967_295),
        contentType: text,
        responseTopic: fc.oneof(fc.constant(''), topic),
        correlationData: bytes,
        userProperties: properties,
      }),
      { nil: null },
    ),
    subscriptions: fc.array(fc.record({ filter, qos: fc.constantFrom(0 as const, 1 as const, 2 as const) }), { maxLength: 4 }),
  })
  .filter((each) => ownConnection.safeParse(each).success);
