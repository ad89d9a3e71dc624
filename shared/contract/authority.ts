import { z } from 'zod';
import { renewalModes, skipReasons } from '../model/authority.ts';
import { revocationReasons } from '../model/certificate.ts';
import { certificateDetail, jobId, rowId, secret, time } from './schemas.ts';

/** The key of an authority that is kept outside of the vault, for one act: the text of its file and its passphrase. */
export const broughtKey = z.strictObject({ pem: z.string().max(262_144).meta({ secret: true }), passphrase: secret });

const mode = z.enum(renewalModes);

/** What is revoked, on hold or released now; and the lists in force, with what is not on them yet (`pending`). */
const revocation = z.strictObject({
  certificates: z.array(z.strictObject({ id: rowId, kind: z.string(), commonName: z.string(), serial: z.string() })),
  crls: z.array(z.strictObject({ authority: z.string(), number: z.number(), pending: z.number() })),
});

/** What the authority does after issuing. Calls with a jobId report `job.progress` and can be cancelled. */
export const authorityCalls = {
  /** Same key or new key; the certificate before stays valid. Null = all devices, or all that end within so many days. */
  'certificate.renew': {
    input: z.strictObject({
      jobId,
      projectId: rowId,
      mode,
      deviceIds: z.array(rowId).min(1).max(100_000).nullable().default(null),
      withinDays: z.number().int().min(0).max(3650).nullable().default(null),
      days: z.number().int().min(90).max(3650).optional(),
    }),
    output: z.strictObject({
      done: z.array(
        z.strictObject({
          deviceId: rowId,
          id: z.string(),
          certificateId: rowId,
          predecessorId: rowId.nullable(),
          serial: z.string(),
          notAfter: time,
        }),
      ),
      skipped: z.array(z.strictObject({ deviceId: rowId, id: z.string(), why: z.enum(skipReasons) })),
    }),
  },
  /** With certificateHold it is put on hold. `at` = since when it is not to be trusted, now by default. */
  'certificate.revoke': {
    input: z.strictObject({
      certificateId: rowId,
      reason: z.enum(revocationReasons),
      at: time.optional(),
      publish: z.boolean().default(true),
      key: broughtKey.optional(),
    }),
    output: revocation,
  },
  /** Takes a hold back; nothing else can be taken back. */
  'certificate.release': {
    input: z.strictObject({ certificateId: rowId, publish: z.boolean().default(true), key: broughtKey.optional() }),
    output: revocation,
  },
  'broker.renew': {
    input: z.strictObject({ projectId: rowId, mode }),
    output: z.strictObject({ filesToCopy: z.array(z.string()) }),
  },
  'observer.renew': { input: z.strictObject({ projectId: rowId, mode }), output: certificateDetail },
} as const;
