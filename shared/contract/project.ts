import { z } from 'zod';
import { certificateStates, revocationReasons } from '../model/certificate.ts';
import { deviceNames } from '../model/kit.ts';
import { proofOutcomes } from '../model/proof.ts';
import { planSchema } from '../rules/plan.ts';
import {
  accessException,
  accessRule,
  brokerSettings,
  broughtKey,
  certificateDetail,
  certificateSummary,
  deviceRow,
  jobId,
  nothing,
  projectSubject,
  projectSummary,
  roleName,
  rowId,
  time,
} from './schemas.ts';

const projectOverview = projectSummary.extend({
  subject: projectSubject,
  fleet: z.record(z.enum(certificateStates), z.number()),
  authorities: z.array(
    z.strictObject({
      authorityId: rowId,
      name: z.string(),
      parentId: rowId.nullable(),
      /** Of somebody else, above ours: only its certificate is here. */
      outside: z.boolean(),
      certificate: certificateSummary,
      crl: z
        .strictObject({ number: z.number(), thisUpdate: time, nextUpdate: time, entries: z.number(), pending: z.number() })
        .nullable(),
    }),
  ),
  broker: brokerSettings
    .extend({
      certificate: certificateSummary.nullable(),
      /**
       * Who made its key and certificate; `issuer` = the authority of somebody else; a request of ours waits since then; `awaits` = there
       * is no certificate yet, and whoever runs the broker still has to send a request or a certificate.
       */
      origin: z.strictObject({
        keyHere: z.boolean(),
        issuer: z.string().nullable(),
        requestedAt: time.nullable(),
        awaits: z.enum(['request', 'given']).nullable(),
      }),
    })
    .nullable(),
  access: z.array(accessRule),
  exceptions: z.array(accessException),
  /** Devices in use by role. */
  roleCounts: z.record(z.string(), z.number()),
  observer: certificateSummary.nullable(),
  lastBackup: time.nullable(),
  /** What was seen of the running broker last: the proof of the access rules, and the project's own checks; null = never. */
  tested: z.strictObject({
    proof: z.strictObject({ at: time, outcome: z.enum(proofOutcomes) }).nullable(),
    checks: z.strictObject({ at: time, passed: z.number(), failed: z.number(), untried: z.number() }).nullable(),
  }),
  /** How many days before its end a certificate counts as due. */
  warnDays: z.number(),
  expiryWeeks: z.array(z.strictObject({ weekStart: time, count: z.number() })),
});

const provisionReport = z.strictObject({
  projectId: rowId,
  project: z.enum(['created', 'unchanged']),
  broker: z.enum(['created', 'unchanged', 'changed', 'reissued']),
  access: z.enum(['created', 'unchanged', 'changed']),
  issued: z.number(),
  alreadyThere: z.number(),
  rolesChanged: z.number(),
  notInPlan: z.number(),
});

const inProject = z.strictObject({ projectId: rowId });

/** Projects, their devices and certificates. Calls with a jobId report `job.progress` and can be cancelled. */
export const projectCalls = {
  'project.list': { input: nothing, output: z.array(projectSummary) },
  'project.overview': { input: inProject, output: projectOverview },
  /** Makes a project be as the plan says; checked again in main, whatever the page has checked. */
  'project.provision': { input: z.strictObject({ jobId, plan: planSchema }), output: provisionReport },
  /** The wizard's answers so far, as the page stored them; kept in the vault. */
  'draft.load': { input: nothing, output: z.strictObject({ draft: z.string().nullable() }) },
  'draft.save': { input: z.strictObject({ draft: z.string().max(4_000_000).nullable() }), output: nothing },
  'job.cancel': { input: z.strictObject({ jobId }), output: nothing },
  'broker.change': {
    input: z.strictObject({ projectId: rowId, settings: brokerSettings, key: broughtKey.optional() }),
    /** Which files of the kit the operator has to copy to the broker now. */
    output: z.strictObject({ reissued: z.boolean(), filesToCopy: z.array(z.string()) }),
  },
  'access.change': {
    /** What is left out stays as it is. `deviceIs`: what stands for a device in its topics. */
    input: z.strictObject({
      projectId: rowId,
      access: z.array(accessRule).max(200),
      exceptions: z.array(accessException).max(10_000).optional(),
      deviceIs: z.enum(deviceNames).optional(),
    }),
    output: z.strictObject({ filesToCopy: z.array(z.string()) }),
  },
  'crl.publish': {
    /** When the next one is due at the latest; see `crlEnd` unless told. */
    input: inProject.extend({ nextUpdate: time.optional(), key: broughtKey.optional() }),
    output: z.strictObject({
      /** Names of authorities whose key is kept elsewhere: their list stays as it is. */
      offline: z.array(z.string()),
      /** Names of authorities that have ended: they have no list any more. */
      ended: z.array(z.string()),
      published: z.array(z.strictObject({ authority: z.string(), number: z.number(), nextUpdate: time, entries: z.number() })),
    }),
  },
  'device.add': {
    input: z.strictObject({
      jobId,
      projectId: rowId,
      devices: z.array(z.strictObject({ id: z.string(), role: roleName })).max(100_000),
      key: broughtKey.optional(),
    }),
    output: z.strictObject({ issued: z.number() }),
  },
  /** The search runs in the vault's thread; rows come a page at a time. */
  'device.list': {
    input: z.strictObject({
      projectId: rowId,
      search: z.string().max(200).default(''),
      state: z.enum(certificateStates).optional(),
      /** Only those whose certificate ends in this span: from (inclusive) to before; revoked ones end nothing. */
      endsFrom: time.optional(),
      endsBefore: time.optional(),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    output: z.strictObject({ total: z.number(), rows: z.array(deviceRow) }),
  },
  'device.show': {
    input: z.strictObject({ deviceId: rowId }),
    output: z.strictObject({
      device: deviceRow,
      /** Newest first. */
      certificates: z.array(certificateDetail),
      write: z.array(z.string()),
      read: z.array(z.string()),
      deny: z.array(z.string()),
      /** How it stands with its password; null where the broker asks for none. `before`: the user name that is still taken. */
      password: z
        .strictObject({
          state: z.enum(['none', 'one', 'changing']),
          user: z.string().nullable(),
          before: z.string().nullable(),
          since: time.nullable(),
        })
        .nullable(),
      /** Others that work with the same certificate; `holder` is whom it names. Null = it is the only one. */
      shared: z.strictObject({ holderId: rowId, holder: z.string(), others: z.array(z.string()) }).nullable(),
    }),
  },
  /** Same id, new key and certificate, the old certificate revoked, a new revocation list: one act. */
  'device.replace': {
    input: z.strictObject({
      jobId,
      projectId: rowId,
      deviceIds: z.array(rowId).min(1).max(100_000),
      reason: z.enum(revocationReasons).default('superseded'),
      key: broughtKey.optional(),
    }),
    /** `waiting`: authorities whose list could not be signed, because their key is kept elsewhere. */
    output: z.strictObject({ replaced: z.number(), crlNumber: z.number(), crlNextUpdate: time, waiting: z.array(z.string()) }),
  },
  /** A certificate for a day, with which the tester speaks as a device that keeps its key itself. */
  'device.issueTest': {
    input: z.strictObject({ projectId: rowId, deviceId: rowId, key: broughtKey.optional() }),
    output: z.strictObject({ certificateId: rowId, serial: z.string(), notAfter: time }),
  },
  'certificate.show': { input: z.strictObject({ certificateId: rowId }), output: certificateDetail },
} as const;
