import { z } from 'zod';
import { connectionCauses } from '../model/connection.ts';
import { largestIdentifier } from '../model/subscription.ts';
import { vaultSpeaker } from '../rules/own-connection.ts';
import { publishProperties } from './publish.ts';
import { nothing, rowId } from './schemas.ts';

const connectionId = z.string().min(8).max(64);
const qos = z.literal([0, 1, 2]);
const subscriptionOptions = z.strictObject({
  noLocal: z.boolean(),
  retainAsPublished: z.boolean(),
  retainHandling: z.literal([0, 1, 2]),
  identifier: z.number().int().min(1).max(largestIdentifier).nullable(),
});

const identity = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('observer') }),
  /** Only after the person accepted that the real device is thrown out, its will published, its session taken over. */
  z.strictObject({ kind: z.literal('device'), deviceId: rowId, takeoverAccepted: z.literal(true) }),
  /** A stored connection of one's own. One that would speak as a device of the vault asks as a device does. */
  z.strictObject({ kind: z.literal('own'), ownId: rowId, takeoverAccepted: z.literal(true).optional() }),
]);

export const connectionFailure = z.strictObject({
  cause: z.enum(connectionCauses),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  raw: z.string(),
  alert: z.number().nullable(),
  reasonCode: z.number().nullable(),
});

export const connectionState = z.strictObject({
  connectionId,
  phase: z.enum(['connecting', 'connected', 'waiting', 'closed']),
  /** 5, or 4 when the broker speaks only 3.1.1. */
  protocolVersion: z.literal([4, 5]).nullable(),
  tls: z.strictObject({ protocol: z.string(), cipher: z.string(), brokerFingerprint: z.string() }).nullable(),
  /** What CONNACK said besides yes (MQTT 5 §3.2.2), properties by the names of mqtt.js. */
  granted: z
    .strictObject({
      sessionPresent: z.boolean(),
      properties: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      userProperties: z.array(z.strictObject({ name: z.string(), value: z.string() })),
    })
    .nullable(),
  /** `waiting`: when the next try begins, ms since 1970. */
  retryAt: z.number().nullable(),
  failure: connectionFailure.nullable(),
});

export const messageBatch = z.strictObject({
  connectionId,
  /** See shared/model/packed-messages.ts. */
  packed: z.strictObject({
    first: z.number(),
    count: z.number(),
    topics: z.array(z.string()),
    texts: z.array(z.string()).optional(),
    bytes: z.instanceof(Uint8Array),
  }),
  received: z.number(),
  /** Counted, not shown: the window could not keep up and said so. */
  dropped: z.number(),
});

/** The MQTT tester. Keys and certificates go from the vault to the tester's process; the page names identities only. */
export const testerCalls = {
  /** The connections that live, for a page that was loaded again. Refused while the vault is locked. */
  'tester.list': {
    input: nothing,
    output: z.array(
      z.strictObject({
        projectId: rowId,
        /** `id`: the device's name. */
        identity: z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('observer') }),
          z.strictObject({ kind: z.literal('device'), deviceId: rowId, id: z.string() }),
          z.strictObject({ kind: z.literal('own'), ownId: rowId, id: z.string(), speaksAs: vaultSpeaker.nullable() }),
        ]),
        host: z.string(),
        port: z.number(),
        state: connectionState,
        subscriptions: z.array(
          z.strictObject({ filter: z.string(), qos, options: subscriptionOptions.optional(), reasonCode: z.number() }),
        ),
      }),
    ),
  },
  /** Of a connection of one's own, host and port are those that are stored. */
  'tester.connect': {
    input: z.strictObject({
      connectionId,
      projectId: rowId,
      identity,
      host: z.string().min(1).max(253),
      port: z.number().int().min(1).max(65_535),
    }),
    output: connectionState,
  },
  /** `cut`: without a word, so that the broker publishes the last will. */
  'tester.disconnect': { input: z.strictObject({ connectionId, cut: z.boolean().default(false) }), output: nothing },
  'tester.subscribe': {
    input: z.strictObject({
      connectionId,
      filter: z.string().min(1).max(65_535),
      qos,
      /** Of MQTT 5. */
      options: subscriptionOptions.optional(),
    }),
    /** Granted QoS, or the reason code (≥ 128) of a refusal. */
    output: z.strictObject({ reasonCode: z.number() }),
  },
  'tester.unsubscribe': { input: z.strictObject({ connectionId, filter: z.string() }), output: nothing },
  'tester.publish': {
    input: z.strictObject({
      connectionId,
      topic: z.string().min(1).max(65_535),
      payload: z.instanceof(Uint8Array).refine((bytes) => bytes.byteLength <= 1_048_576),
      qos,
      retain: z.boolean(),
      /** Not sent with MQTT 3.1.1. */
      properties: publishProperties.optional(),
    }),
    /** Reason code of PUBACK/PUBREC in MQTT 5; 0 for QoS 0 and 3.1.1. */
    output: z.strictObject({ reasonCode: z.number() }),
  },
  /** The page has the last batch of messages: the next one may follow. A page that hangs is not buried under them. */
  'tester.taken': { input: z.strictObject({ connectionId }), output: nothing },
} as const;
