import { z } from 'zod';
import { connectionCauses } from '../model/connection.ts';
import { payloadForms, payloadMaximum, savedMaximum } from '../model/publish-template.ts';
import { simulationLimits } from '../model/simulation.ts';
import { timedCount, timedInterval } from '../model/timed.ts';
import { nothing, rowId, time } from './schemas.ts';

/** MQTT 5 §1.5.4: at most 65,535 bytes of UTF-8, without U+0000 and without half of a surrogate pair. */
const text = z
  .string()
  .max(65_535)
  .refine((value) => !value.includes('\0') && value.isWellFormed());
const uint32 = z.number().int().min(0).max(0xffff_ffff);
const qos = z.literal([0, 1, 2]);

/** What a message is sent with (MQTT 5 §3.3.2.3). Subscription identifiers are the broker's word only. */
export const publishProperties = z.strictObject({
  payloadFormat: z.literal([0, 1]).optional(),
  messageExpiry: uint32.optional(),
  contentType: text.optional(),
  responseTopic: text
    .min(1)
    .refine((topic) => !/[+#]/.test(topic))
    .optional(),
  correlationData: z
    .instanceof(Uint8Array)
    .refine((bytes) => bytes.byteLength <= 65_535)
    .optional(),
  userProperties: z
    .array(z.tuple([text, text]).readonly())
    .max(1_000)
    .readonly()
    .optional(),
  topicAlias: z.number().int().min(1).max(65_535).optional(),
});

/** See shared/model/publish-template.ts. */
const template = z.strictObject({
  topic: z.string().min(1).max(65_535),
  form: z.enum(payloadForms),
  // base64 of the largest payload
  text: z.string().max(payloadMaximum * 1.5),
  variables: z.boolean(),
  qos,
  retain: z.boolean(),
  properties: z.strictObject({
    payloadFormat: z.literal([0, 1]).optional(),
    messageExpiry: uint32.optional(),
    contentType: text.optional(),
    responseTopic: text.optional(),
    correlation: z.strictObject({ form: z.enum(['text', 'hex']), text: z.string().max(131_072) }).optional(),
    userProperties: z
      .array(z.tuple([text, text]).readonly())
      .max(1_000)
      .readonly()
      .optional(),
    topicAlias: z.number().int().min(1).max(65_535).optional(),
  }),
});

const connectionId = z.string().min(8).max(64);

export const timedState = z.strictObject({
  connectionId,
  topic: z.string(),
  interval: z.number(),
  count: z.number().nullable(),
  startedAt: time,
  ended: z.enum(['done', 'stopped', 'connection', 'process', 'message']).nullable(),
  sent: z.number(),
  acknowledged: z.number(),
  failed: z.number(),
  skipped: z.number(),
  reasonCode: z.number().nullable(),
});

const roundTrip = z.strictObject({
  received: z.number(),
  missing: z.number(),
  median: z.number().nullable(),
  p95: z.number().nullable(),
  maximum: z.number().nullable(),
});

export const simulationReport = z.strictObject({
  projectId: rowId,
  host: z.string(),
  port: z.number(),
  interval: z.number(),
  ramp: z.number(),
  qos: z.literal([0, 1]),
  state: z.strictObject({
    runId: z.string(),
    phase: z.enum(['ramp', 'steady', 'stopping', 'ended']),
    end: z.enum(['stopped', 'nobody', 'observer', 'process']).nullable(),
    startedAt: time,
    endedAt: time.nullable(),
    planned: z.number(),
    keysEnded: z.boolean(),
    connecting: z.number(),
    connected: z.number(),
    peak: z.number(),
    refused: z.number(),
    lost: z.number(),
    causes: z
      .array(
        z.strictObject({
          cause: z.enum(connectionCauses),
          lost: z.boolean(),
          count: z.number(),
          device: z.string(),
          failure: z.strictObject({
            cause: z.enum(connectionCauses),
            params: z.record(z.string(), z.union([z.string(), z.number()])),
            raw: z.string(),
            alert: z.number().nullable(),
            reasonCode: z.number().nullable(),
          }),
        }),
      )
      .readonly(),
    sent: z.number(),
    acknowledged: z.number(),
    failed: z.number(),
    reasonCode: z.number().nullable(),
    skipped: z.number(),
    rate: z.number(),
    roundTrip: roundTrip.nullable(),
    samples: z
      .array(
        z.strictObject({
          at: z.number(),
          connected: z.number(),
          sent: z.number(),
          acknowledged: z.number(),
          received: z.number(),
        }),
      )
      .readonly(),
  }),
});

const choice = {
  projectId: rowId,
  search: z.string().max(253),
  limit: z.number().int().min(1).max(simulationLimits.connections).nullable(),
};

/** Messages that are kept, sent again and again, or sent by simulated meters. */
export const publishCalls = {
  'payload.list': {
    input: z.strictObject({ projectId: rowId }),
    output: z.array(z.strictObject({ payloadId: rowId, name: z.string(), template })),
  },
  /** In place of the one that has this name. */
  'payload.save': {
    input: z.strictObject({
      projectId: rowId,
      name: z.string().trim().min(1).max(80),
      template: template.extend({ text: z.string().max(savedMaximum) }),
    }),
    output: z.strictObject({ payloadId: rowId }),
  },
  'payload.remove': { input: z.strictObject({ projectId: rowId, payloadId: rowId }), output: nothing },
  /** Publishes on a connection that is open, in the tester's process, until its end. One at a time on each connection. */
  'timed.start': {
    input: z.strictObject({
      connectionId,
      template,
      device: z.string().max(253).nullable(),
      project: z.string().max(253),
      interval: z.number().min(timedInterval.minimum).max(timedInterval.maximum),
      count: z.number().int().min(timedCount.minimum).max(timedCount.maximum).nullable(),
    }),
    output: timedState,
  },
  'timed.stop': { input: z.strictObject({ connectionId }), output: nothing },
  /** Those that run, for a page that was loaded again. */
  'timed.list': { input: nothing, output: z.array(timedState) },
  /** How many devices a simulation would be. */
  'simulation.plan': {
    input: z.strictObject(choice),
    output: z.strictObject({
      usable: z.number(),
      first: z.string(),
      last: z.string(),
      noKey: z.number(),
      noCertificate: z.number(),
      noTopic: z.number(),
      shared: z.number(),
    }),
  },
  /** Connects devices of the vault and publishes readings as them. The real ones are thrown out: a person has agreed. */
  'simulation.start': {
    input: z.strictObject({
      ...choice,
      runId: connectionId,
      host: z.string().min(1).max(253),
      port: z.number().int().min(1).max(65_535),
      interval: z.number().min(simulationLimits.interval.minimum).max(simulationLimits.interval.maximum),
      ramp: z.number().int().min(simulationLimits.ramp.minimum).max(simulationLimits.ramp.maximum),
      qos: z.literal([0, 1]),
      observe: z.boolean(),
      maintenanceAccepted: z.literal(true),
    }),
    output: simulationReport,
  },
  'simulation.stop': { input: nothing, output: nothing },
  /** The run of this project that goes on, or the last one; null = none since the program was started. */
  'simulation.show': { input: z.strictObject({ projectId: rowId }), output: simulationReport.nullable() },
} as const;

export const publishEvents = {
  /** At most four a second for each run. */
  'timed.changed': timedState,
  /** At most two a second. */
  'simulation.changed': simulationReport,
} as const;
