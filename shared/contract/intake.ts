import { z } from 'zod';
import { answerRefusals } from '../model/answer.ts';
import { authorityStates } from '../model/authority.ts';
import { brokerTargets } from '../model/broker.ts';
import { revocationReasons } from '../model/certificate.ts';
import { importSources, leaveReasons } from '../model/import.ts';
import { intakeRefusals } from '../model/request.ts';
import { rules } from '../rules/lint-catalogue.ts';
import { broughtKey, jobId, roleName, rowId, secret, time } from './schemas.ts';

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
const inspectFileMaximum = 24 * 1024 * 1024;

export const answerFiles = z.strictObject({
  projectId: rowId,
  files: z
    .array(dropped(1024 * 1024))
    .min(1)
    .max(20),
});

/** `asGiven`: no request of ours is answered; it is what a broker of somebody else has, and the key stays there. */
const brokerAnswer = answerFiles.extend({ asGiven: z.boolean().default(false) });

/** What another authority sent back: from the certificate for us to the root. */
export const answerReview = z.strictObject({
  refusal: z.enum(answerRefusals).nullable(),
  chain: z.array(
    z.strictObject({
      name: z.string(),
      issuer: z.string(),
      serial: z.string(),
      fingerprint: z.string(),
      notAfter: time,
      findings: z.array(lintFinding),
    }),
  ),
  missing: z.array(z.string()),
});

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
  role: roleName,
  refusal: z.enum(intakeRefusals).nullable(),
  existing: z.enum(['renew', 'rekey']).nullable(),
});

const leftOut = z.strictObject({ place: z.string(), name: z.string(), why: z.enum(leaveReasons) });
const importReview = z.strictObject({
  source: z.enum(importSources),
  digest: z.string(),
  project: z.string(),
  authorities: z.array(
    z.strictObject({
      place: z.string(),
      name: z.string(),
      key: z.string(),
      notAfter: time,
      keyHere: z.boolean(),
      issues: z.boolean(),
      revoked: z.number(),
      state: z.enum(authorityStates),
      withdrawn: z.strictObject({ at: time, reason: z.enum(revocationReasons) }).nullable(),
      listEnds: time.nullable(),
      findings: z.array(lintFinding),
    }),
  ),
  broker: z.strictObject({
    places: z.array(z.string()),
    names: z.array(z.string()),
    addresses: z.array(z.string()),
    findings: z.array(lintFinding),
  }),
  devices: z.array(
    z.strictObject({
      id: z.string(),
      role: roleName,
      places: z.array(z.string()),
      key: z.string(),
      keyHere: z.boolean(),
      notAfter: time,
      revoked: z.boolean(),
      password: z.boolean(),
      findings: z.array(lintFinding),
    }),
  ),
  leftOut: z.array(leftOut),
});

const inspectedKinds = ['certificate', 'crl', 'request', 'private-key', 'pkcs12', 'unknown'] as const;

/** What others made: signing requests, whole authorities, files of any kind. */
export const intakeCalls = {
  /** Stores nothing. The page reads files that were dropped on it and sends them, a few at a time. */
  'request.review': {
    input: z.strictObject({
      projectId: rowId,
      files: z.array(dropped(requestFileMaximum)).max(500),
      role: roleName.default('device'),
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
            role: roleName,
            existing: z.boolean().default(false),
          }),
        )
        .min(1)
        .max(5_000),
      key: broughtKey.optional(),
    }),
    output: z.strictObject({
      issued: z.array(
        z.strictObject({ id: z.string(), deviceId: rowId, certificateId: rowId, serial: z.string(), notAfter: time }),
      ),
      refused: z.array(z.strictObject({ id: z.string(), reason: z.enum(intakeRefusals) })),
    }),
  },
  /** Our request for the broker's certificate, for another authority; its key stays in the vault. `name` = of the file. */
  'broker.request': {
    input: z.strictObject({ projectId: rowId, newKey: z.boolean().default(false) }),
    output: z.strictObject({ pem: z.string(), name: z.string() }),
  },
  /** What the other authority sent back. Stores nothing. */
  'broker.reviewAnswer': {
    input: brokerAnswer,
    output: answerReview,
  },
  /** The kit holds that certificate from then on, and devices trust its root as well. */
  'broker.takeAnswer': { input: brokerAnswer, output: z.strictObject({ filesToCopy: z.array(z.string()) }) },
  /** The request of whoever runs the broker and keeps its key. Stores nothing. */
  'broker.reviewRequest': {
    input: z.strictObject({ projectId: rowId, file: dropped(requestFileMaximum) }),
    output: z.strictObject({
      pem: z.string(),
      subject: z.string(),
      key: z.string(),
      extensions: z.array(z.string()),
      wantsCa: z.boolean(),
      findings: z.array(lintFinding),
      names: z.array(
        z.strictObject({ value: z.string(), kind: z.enum(['dns', 'ip']), inProject: z.boolean(), inRequest: z.boolean() }),
      ),
      refusal: z.enum(intakeRefusals).nullable(),
      days: z.number(),
      authority: z.string(),
    }),
  },
  /** Only names that the project or the request has. The kit has no key from then on. */
  'broker.signRequest': {
    input: z.strictObject({
      projectId: rowId,
      pem: z.string().max(131_072),
      names: z.array(z.string()).max(100),
      addresses: z.array(z.string()).max(100),
      key: broughtKey.optional(),
    }),
    output: z.strictObject({ filesToCopy: z.array(z.string()) }),
  },
  /** Key and certificate of the broker made here again. */
  'broker.own': {
    input: z.strictObject({ projectId: rowId, key: broughtKey.optional() }),
    output: z.strictObject({ filesToCopy: z.array(z.string()) }),
  },
  /** Asks for a folder or a file; null when nobody chose one. */
  'import.choose': {
    input: z.strictObject({ what: z.enum(['folder', 'file']) }),
    output: z.strictObject({ path: z.string() }).nullable(),
  },
  /** What an import would take. Stores nothing. */
  'import.review': { input: z.strictObject({ jobId, path: z.string(), passphrase: secret.optional() }), output: importReview },
  /** Makes a project of it, in one transaction; only of what was reviewed (`digest`). Cancelled = nothing of it was stored. */
  'import.run': {
    input: z.strictObject({
      jobId,
      path: z.string(),
      passphrase: secret.optional(),
      digest: z.string(),
      project: z.string(),
      /** `directory`, `data`, `log`: folders on the broker's machine. */
      broker: z.strictObject({
        names: z.array(z.string()).max(100),
        addresses: z.array(z.string()).max(100),
        port: z.number(),
        target: z.enum(brokerTargets),
        directory: z.string(),
        data: z.string(),
        log: z.string(),
      }),
      /** By device id, where they are other than proposed. */
      roles: z.record(z.string(), roleName).default({}),
    }),
    output: z.strictObject({
      projectId: rowId,
      authorities: z.number(),
      devices: z.number(),
      certificates: z.number(),
      revoked: z.number(),
      keys: z.number(),
    }),
  },
  /** What files are, and what is wrong with them. Stores nothing; never gives a key. */
  'files.inspect': {
    input: z.strictObject({ files: z.array(dropped(inspectFileMaximum)).max(200), passphrase: secret.optional() }),
    output: z.array(
      z.strictObject({
        file: z.string(),
        kind: z.enum(inspectedKinds),
        name: z.string(),
        notAfter: time.nullable(),
        serial: z.string().nullable(),
        issuer: z.string().nullable(),
        /** Entries of a list. */
        entries: z.number().nullable(),
        /** Of a key or PKCS#12: it is encrypted and was not opened. */
        closed: z.boolean(),
        refusal: z.enum(intakeRefusals).nullable(),
        findings: z.array(lintFinding),
      }),
    ),
  },
} as const;
