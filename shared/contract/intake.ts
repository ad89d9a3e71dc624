import { z } from 'zod';
import { roles } from '../model/access.ts';
import { intakeRefusals } from '../model/request.ts';
import { rules } from '../rules/lint-catalogue.ts';
import { jobId, rowId, time } from './schemas.ts';

const ruleIds = Object.keys(rules) as (keyof typeof rules)[];

/** What the linter found: rule and parameters, no words. */
export const lintFinding = z.strictObject({
  rule: z.enum(ruleIds),
  severity: z.enum(['error', 'warning']),
  source: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

/** A file that was dropped on the window: the page has no paths, so its bytes come. */
const dropped = (maximum: number) =>
  z.strictObject({
    name: z.string().max(255),
    bytes: z.instanceof(Uint8Array<ArrayBufferLike>).refine((bytes) => bytes.length <= maximum),
  });
const requestFileMaximum = 4 * 1024 * 1024;

const reviewedRequest = z.strictObject({
  file: z.string(),
  position: z.number(),
  pem: z.string(),
  fingerprint: z.string(),
  subject: z.string(),
  key: z.string(),
  names: z.array(z.string()),
  addresses: z.array(z.string()),
  extensions: z.array(z.string()),
  wantsCa: z.boolean(),
  findings: z.array(lintFinding),
  id: z.string(),
  role: z.enum(roles),
  refusal: z.enum(intakeRefusals).nullable(),
  existing: z.enum(['renew', 'rekey']).nullable(),
});

/** What others made: signing requests. */
export const intakeCalls = {
  /** Stores nothing. The page reads files that were dropped on it and sends them, a few at a time. */
  'request.review': {
    input: z.strictObject({
      projectId: rowId,
      files: z.array(dropped(requestFileMaximum)).max(500),
      role: z.enum(roles).default('device'),
    }),
    output: z.strictObject({
      policy: z.strictObject({ subject: z.string(), days: z.number(), authority: z.string() }),
      requests: z.array(reviewedRequest),
    }),
  },
  /** Issues those that were accepted; each is judged once more. */
  'request.sign': {
    input: z.strictObject({
      jobId,
      projectId: rowId,
      requests: z
        .array(
          z.strictObject({
            pem: z.string().max(131_072),
            id: z.string().max(64),
            role: z.enum(roles),
            existing: z.boolean().default(false),
          }),
        )
        .min(1)
        .max(5_000),
    }),
    output: z.strictObject({
      issued: z.array(
        z.strictObject({ id: z.string(), deviceId: rowId, certificateId: rowId, serial: z.string(), notAfter: time }),
      ),
      refused: z.array(z.strictObject({ id: z.string(), reason: z.enum(intakeRefusals) })),
    }),
  },
} as const;
