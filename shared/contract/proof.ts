import { z } from 'zod';
import { brokerTargets } from '../model/broker.ts';
import { proofDevices, proofOutcomes, refusalTests, seenBy, seenStates } from '../model/proof.ts';
import { rowId, time } from './schemas.ts';
import { connectionFailure } from './tester.ts';

const seen = { seen: z.enum(seenStates), by: z.enum(seenBy).nullable(), reasonCode: z.number().nullable() };

const report = z.strictObject({
  version: z.literal(1),
  project: z.string(),
  operator: z.string(),
  host: z.string(),
  port: z.number(),
  target: z.enum(brokerTargets),
  brokerVersion: z.string().nullish(),
  startedAt: time,
  finishedAt: time,
  outcome: z.enum(proofOutcomes),
  connections: z
    .array(
      z.strictObject({
        who: z.string(),
        protocolVersion: z.union([z.literal(4), z.literal(5)]).nullable(),
        tls: z.strictObject({ protocol: z.string(), cipher: z.string(), brokerFingerprint: z.string() }).nullable(),
        failure: connectionFailure.nullable(),
        lost: z.number(),
      }),
    )
    .readonly(),
  checks: z
    .array(
      z.strictObject({
        who: z.string(),
        verb: z.enum(['write', 'read']),
        topic: z.string(),
        expected: z.boolean(),
        rule: z.string().nullable(),
        ...seen,
      }),
    )
    .readonly(),
  refusals: z
    .array(
      z.strictObject({
        test: z.enum(refusalTests),
        seen: z.enum(['refused', 'accepted', 'untried']),
        cause: connectionFailure.shape.cause.nullable(),
        alert: z.number().nullable(),
      }),
    )
    .readonly(),
  explanations: z
    .array(
      z.strictObject({
        kind: z.enum(['older-list', 'everything-allowed', 'nothing-allowed', 'other-rule']),
        at: time.nullable(),
        checks: z.array(z.number()).readonly(),
      }),
    )
    .readonly(),
});

const proof = z.strictObject({ proofId: rowId, report });

/** Access rules, and whom the broker refuses, tried on a live broker. */
export const proofCalls = {
  /**
   * Connects as the observer and as these devices, which the person has accepted: each is thrown off the broker meanwhile. Progress
   * comes as `job.progress` with `runId`. The result is kept.
   */
  'proof.run': {
    input: z.strictObject({
      runId: z.string().min(8).max(64),
      projectId: rowId,
      host: z.string().min(1).max(253),
      port: z.number().int().min(1).max(65_535),
      deviceIds: z.array(rowId).max(proofDevices),
      takeoverAccepted: z.literal(true),
    }),
    output: proof,
  },
  /** Ends a proof that runs: `proof.run` then answers PROOF_CANCELLED, and the audit log says that it was broken off. */
  'proof.cancel': { input: z.strictObject({ runId: z.string().min(8).max(64) }), output: z.strictObject({}) },
  /** The newest one; null = there was none. */
  'proof.latest': { input: z.strictObject({ projectId: rowId }), output: proof.nullable() },
} as const;
