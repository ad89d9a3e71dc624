import { z } from 'zod';
import { fileProblems } from '../model/connection-files.ts';
import { connectionFileMaximum, connectionFileRefusals, connectionSources, lostParts } from '../model/connection-import.ts';
import { authenticationAnswersMaximum, byteForms, speakerStates } from '../model/own-connection.ts';
import { checkTypedBytes, ownConnection } from '../rules/own-connection.ts';
import { ruled } from '../rules/zod-problems.ts';
import { rowId, secret, time } from './schemas.ts';

/** Chains and keys stay far below. */
export const connectionPartMaximum = 1024 * 1024;
const given = z
  .array(
    z.strictObject({
      name: z.string().max(255),
      bytes: z.instanceof(Uint8Array<ArrayBufferLike>).refine((bytes) => bytes.length <= connectionPartMaximum),
    }),
  )
  .max(20);

const certificateLine = z.strictObject({
  name: z.string(),
  issuer: z.string(),
  notBefore: time,
  notAfter: time,
  fingerprint: z.string(),
});
/** Which secrets there are; they themselves never come. */
const has = z.strictObject({
  password: z.boolean(),
  key: z.boolean(),
  authenticationData: z.boolean(),
  authenticationAnswers: z.number(),
});
const secretBytes = ruled(
  z.strictObject({ form: z.enum(byteForms), text: z.string().max(262_144).meta({ secret: true }) }),
  checkTypedBytes,
);
const stored = z.strictObject({
  id: rowId,
  settings: ownConnection,
  has,
  certificate: certificateLine.nullable(),
  /** How it stands with whom of the vault it speaks as. */
  speaker: z.enum(speakerStates).nullable(),
  authorities: z.array(certificateLine),
  /** Connecting throws this device out; asked for each time. */
  device: z.strictObject({ deviceId: rowId, id: z.string() }).nullable(),
});
const wrongFile = z.strictObject({ problem: z.enum(fileProblems), file: z.string() });
const lost = z.array(z.strictObject({ what: z.enum(lostParts), detail: z.string() }));
const importedFile = z.strictObject({
  projectId: rowId,
  bytes: z.instanceof(Uint8Array<ArrayBufferLike>).refine((bytes) => bytes.length <= connectionFileMaximum),
});

/** Connections of one's own, to any broker. */
export const connectionCalls = {
  'connection.list': { input: z.strictObject({ projectId: rowId }), output: z.array(stored) },
  /** What files are, before they are stored: whether they belong together, and whether the passphrase opens them. */
  'connection.files': {
    input: z.strictObject({ identity: given, authorities: given, keyPassphrase: secret.optional() }),
    output: z.strictObject({
      wrong: wrongFile.nullable(),
      /** The client certificate and its issuers. */
      certificates: z.array(certificateLine),
      authorities: z.array(certificateLine),
    }),
  },
  /**
   * Adds (`id` null) or changes. `identity` and `authorities` take the place of what is stored; certificates in `settings` count
   * only where no files come. Of a secret that is left out, what is stored stays, or what `like` has; an empty one is taken away.
   */
  'connection.put': {
    input: z.strictObject({
      projectId: rowId,
      id: rowId.nullable(),
      like: rowId.nullable().default(null),
      settings: ownConnection,
      identity: given.optional(),
      authorities: given.optional(),
      keyPassphrase: secret.optional(),
      password: secret.optional(),
      authenticationData: secretBytes.optional(),
      /** To the broker's AUTH packets, in their order; an empty list takes those away that are stored. */
      authenticationAnswers: z.array(secretBytes).max(authenticationAnswersMaximum).optional(),
    }),
    output: z.discriminatedUnion('done', [
      z.strictObject({ done: z.literal(true), connection: stored }),
      z.strictObject({ done: z.literal(false), wrong: wrongFile }),
    ]),
  },
  'connection.remove': { input: z.strictObject({ projectId: rowId, id: rowId }), output: z.strictObject({}) },
  /** For a file; null = all of the project. Nothing secret is in it. */
  'connection.export': {
    input: z.strictObject({ projectId: rowId, ids: z.array(rowId).max(1_000).nullable() }),
    output: z.strictObject({ name: z.string(), text: z.string() }),
  },
  /** What is in a file of MQTTX, MQTT Explorer or this program. Stores nothing, opens no other file. */
  'connection.review': {
    input: importedFile,
    output: z.discriminatedUnion('source', [
      z.strictObject({ source: z.literal('none'), refusal: z.enum(connectionFileRefusals) }),
      z.strictObject({
        source: z.enum(connectionSources),
        lost,
        connections: z.array(
          z.strictObject({ settings: ownConnection, has, certificate: z.string().nullable(), lost, nameTaken: z.boolean() }),
        ),
      }),
    ]),
  },
  /** `chosen`: places in the file. */
  'connection.import': {
    input: importedFile.extend({ chosen: z.array(z.number().int().min(0)).max(5_000) }),
    output: z.strictObject({ ids: z.array(rowId) }),
  },
} as const;
