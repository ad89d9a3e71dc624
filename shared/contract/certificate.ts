import { z } from 'zod';
import { revokeSkipReasons } from '../model/authority.ts';
import { revocationReasons } from '../model/certificate.ts';
import { lintFinding } from './intake.ts';
import { broughtKey, jobId, rowId, time } from './schemas.ts';

const report = z.strictObject({
  /** What is revoked, on hold or released now; `deviceId` null = of no device. */
  certificates: z.array(z.strictObject({ id: rowId, deviceId: rowId.nullable(), commonName: z.string(), serial: z.string() })),
  skipped: z.array(z.strictObject({ deviceId: rowId.nullable(), id: z.string(), why: z.enum(revokeSkipReasons) })),
  /** The lists in force; `pending` = certificates that a list does not tell the truth about yet. */
  crls: z.array(z.strictObject({ authority: z.string(), number: z.number(), nextUpdate: time.nullable(), pending: z.number() })),
});

/** Of the devices everything that is not revoked, or exactly these certificates; at least one of the two. */
const many = z.strictObject({
  jobId,
  projectId: rowId,
  deviceIds: z.array(rowId).max(100_000).default([]),
  certificateIds: z.array(rowId).max(100_000).default([]),
  /** Of an authority whose key is kept elsewhere: without it the list that says so waits. */
  key: broughtKey.optional(),
});

/** Acts on many certificates at once, and what is told about single ones. */
export const certificateCalls = {
  /** With certificateHold they are put on hold. `at` = since when, now by default. One list at the end. */
  'certificate.revokeMany': {
    input: many.extend({ reason: z.enum(revocationReasons), at: time.optional() }),
    output: report,
  },
  /** Takes the holds back. */
  'certificate.releaseMany': { input: many, output: report },
  /** The linter's judgement of the stored bytes. `rules` = what was looked at, with the document that says so. */
  'certificate.lint': {
    input: z.strictObject({ certificateId: rowId }),
    output: z.strictObject({
      findings: z.array(lintFinding),
      rules: z.array(z.strictObject({ rule: z.string(), source: z.string() })),
    }),
  },
  /** Every list that an authority published, newest first. */
  'crl.history': {
    input: z.strictObject({ authorityId: rowId }),
    output: z.array(
      z.strictObject({ number: z.number(), publishedAt: time, thisUpdate: time, nextUpdate: time, entries: z.number() }),
    ),
  },
} as const;
