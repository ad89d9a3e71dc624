import { z } from 'zod';
import { brokerPurposes, brokerRefusals, practiceAttempts } from '../model/local-broker.ts';
import { nothing, rowId, time, vaultState } from './schemas.ts';

const host = z.string().min(1).max(253);

/** Somebody who was not let in; the same one trying again and again is one entry. */
export const refusedConnection = z.strictObject({
  /** The latest time. */
  at: time,
  count: z.number(),
  address: z.string(),
  reason: z.enum(brokerRefusals),
  /** CN and serial of the certificate that was shown; empty when there was none. */
  name: z.string(),
  serial: z.string(),
  raw: z.string(),
});

/** A message that the access rules let nobody have; equal ones are one entry. */
export const deniedMessage = z.strictObject({
  at: time,
  count: z.number(),
  name: z.string(),
  topic: z.string(),
  reason: z.enum(['line', 'no-line', 'dangerous-name', 'broker-topic', 'subscribing']),
});

/** A broker on this computer. While the vault is locked the lists and the project's name are empty: they come from the vault. */
export const localBroker = z.strictObject({
  /** `crashed`: its process ended by itself; nothing is lost, it can be started again. */
  phase: z.enum(['running', 'crashed']),
  purpose: z.enum(brokerPurposes),
  projectId: rowId,
  project: z.string(),
  host: z.string(),
  port: z.number(),
  since: time,
  /** How many are connected; `connections` are the newest of them. */
  connected: z.number(),
  connections: z.array(
    z.strictObject({
      connectionId: z.number(),
      name: z.string(),
      serial: z.string(),
      address: z.string(),
      tls: z.string(),
      since: time,
    }),
  ),
  /** Newest first. */
  refused: z.array(refusedConnection),
  denied: z.array(deniedMessage),
  meters: z.array(
    z.strictObject({
      deviceId: rowId,
      id: z.string(),
      phase: z.enum(['connecting', 'connected', 'refused', 'stopped']),
      readings: z.number(),
      /** Seconds between two readings. */
      interval: z.number(),
    }),
  ),
  totals: z.strictObject({ connections: z.number(), published: z.number(), refused: z.number(), denied: z.number() }),
  /** Refusals and denials that came too fast to be listed. */
  dropped: z.number(),
  /** What it was given last while it ran; `ended`: how many connections were ended for it. */
  applied: z
    .strictObject({
      at: time,
      certificate: z.boolean(),
      list: z.boolean(),
      access: z.boolean(),
      clients: z.boolean(),
      ended: z.number(),
    })
    .nullable(),
});

/** Practising, and the broker of a project on this computer. */
export const practiceCalls = {
  /** Leaves the vault that is open, makes a throw-away one and starts broker and meters. Nothing when practising already. */
  'practice.begin': { input: nothing, output: vaultState },
  /** Ends everything, throws the vault away, and turns to the one that was used before. */
  'practice.leave': { input: nothing, output: vaultState },
  /** Tries what the broker has to refuse. `said`: what the broker noted about it, null when it noted nothing. */
  'practice.attempt': {
    input: z.strictObject({ kind: z.enum(practiceAttempts) }),
    output: z.strictObject({
      kind: z.enum(practiceAttempts),
      name: z.string(),
      topic: z.string(),
      connected: z.boolean(),
      acknowledged: z.boolean(),
      raw: z.string(),
      refused: refusedConnection.nullable(),
      denied: deniedMessage.nullable(),
    }),
  },
  /** Gives a simulated meter the certificate that its device has now, as carrying the bundle to it would. */
  'practice.install': { input: z.strictObject({ deviceId: rowId }), output: nothing },
  'localBroker.state': { input: nothing, output: localBroker.nullable() },
  /** The addresses of this computer that a broker could listen on. */
  'localBroker.addresses': {
    input: nothing,
    output: z.array(z.strictObject({ name: z.string(), address: z.string(), family: z.literal([4, 6]), internal: z.boolean() })),
  },
  /** Starts a temporary broker with the project's certificates and rules. `host`: an address, or 0.0.0.0 for all. */
  'localBroker.start': {
    input: z.strictObject({ projectId: rowId, host, port: z.number().int().min(1).max(65_535) }),
    output: localBroker.nullable(),
  },
  /** After a crash, as it was. */
  'localBroker.restart': { input: nothing, output: localBroker.nullable() },
  /** Also while the vault is locked: whoever sees it running may stop it. */
  'localBroker.stop': { input: nothing, output: nothing },
} as const;
