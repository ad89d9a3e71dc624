import { z } from 'zod';
import type { CallName, EventName } from './bridge.ts';
import type { ErrorReport } from './errors.ts';
import { roles } from './model/access.ts';
import { brokerTargets } from './model/broker.ts';
import { certificateKinds, certificateStates, revocationReasons } from './model/certificate.ts';
import { jobSteps } from './model/job.ts';
import { keyAlgorithms } from './model/key.ts';
import { autoLockMinutesChoices } from './model/vault.ts';

/**
 * Every call and event between window and main, typed in one place. Main parses each input with these schemas; its
 * handler table is a mapped type over `calls`, so a forgotten handler does not compile.
 */

/** Marks an inbound secret: never logged, cached or echoed. Capped, so that nobody can feed scrypt a gigabyte. */
const secret = z.string().max(1024).meta({ secret: true });
const nothing = z.strictObject({}).optional();
const time = z.number();

const settingsFields = {
  theme: z.enum(['system', 'light', 'dark']),
  language: z.enum(['system', 'en', 'de']),
  autoLockMinutes: z.literal([...autoLockMinutesChoices]),
};
export const settingsSchema = z.strictObject({
  theme: settingsFields.theme.default('system'),
  language: settingsFields.language.default('system'),
  autoLockMinutes: settingsFields.autoLockMinutes.default(15),
});
export type Settings = z.output<typeof settingsSchema>;

const vaultState = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('none'), file: z.string() }),
  z.strictObject({ state: z.literal('locked'), file: z.string(), lastOperator: z.string() }),
  z.strictObject({ state: z.literal('unlocked'), file: z.string(), operator: z.string(), readOnly: z.boolean() }),
]);

const certificateSummary = z.strictObject({
  id: z.number(),
  kind: z.enum(certificateKinds),
  state: z.enum(certificateStates),
  serial: z.string(),
  commonName: z.string(),
  notBefore: time,
  notAfter: time,
  renewFrom: time,
  revokedAt: time.nullable(),
  revocationReason: z.enum(revocationReasons).nullable(),
});

const certificateDetail = certificateSummary.extend({
  issuerName: z.string(),
  subjectName: z.string(),
  keyAlgorithm: z.enum([...keyAlgorithms, 'other']),
  fingerprint: z.string(),
  names: z.array(z.string()),
  addresses: z.array(z.string()),
  predecessorId: z.number().nullable(),
  pem: z.string(),
});

const projectSummary = z.strictObject({ projectId: z.number(), name: z.string(), createdAt: time, devices: z.number() });
const accessRule = z.strictObject({ role: z.enum(roles), write: z.array(z.string()), read: z.array(z.string()) });
const optionalText = z.string().optional();

const projectOverview = projectSummary.extend({
  subject: z.strictObject({
    country: optionalText,
    state: optionalText,
    city: optionalText,
    organisation: optionalText,
    organisationalUnit: optionalText,
  }),
  fleet: z.record(z.enum(certificateStates), z.number()),
  authorities: z.array(
    z.strictObject({
      authorityId: z.number(),
      name: z.string(),
      parentId: z.number().nullable(),
      certificate: certificateSummary,
      crl: z.strictObject({ number: z.number(), thisUpdate: time, nextUpdate: time, entries: z.number() }).nullable(),
    }),
  ),
  broker: z
    .strictObject({
      names: z.array(z.string()),
      addresses: z.array(z.string()),
      port: z.number(),
      target: z.enum(brokerTargets),
      directory: z.string(),
      data: z.string(),
      log: z.string(),
      days: z.number(),
      certificate: certificateSummary.nullable(),
    })
    .nullable(),
  access: z.array(accessRule),
  observer: certificateSummary.nullable(),
  expiryWeeks: z.array(z.strictObject({ weekStart: time, count: z.number() })),
});

const deviceRow = z.strictObject({
  deviceId: z.number(),
  id: z.string(),
  role: z.enum(roles),
  state: z.enum(certificateStates),
  certificateId: z.number().nullable(),
  serial: z.string().nullable(),
  notBefore: time.nullable(),
  notAfter: time.nullable(),
  renewFrom: time.nullable(),
});

/** Whoever unlocks says who they are: the name stands in every audit entry. */
const operator = z.string().trim().min(1).max(64);

export const calls = {
  /** Everything that the first paint needs, as one snapshot. */
  'app.start': {
    input: nothing,
    output: z.strictObject({
      vault: vaultState,
      settings: settingsSchema,
      systemLanguage: z.string(),
      platform: z.enum(['win32', 'darwin', 'linux', 'other']),
      version: z.string(),
    }),
  },
  'settings.change': { input: z.strictObject(settingsFields).partial(), output: settingsSchema },
  'vault.create': { input: z.strictObject({ passphrase: secret, operator }), output: vaultState },
  'vault.unlock': { input: z.strictObject({ passphrase: secret, operator }), output: vaultState },
  'vault.lock': { input: nothing, output: vaultState },
  /** Asks for an existing vault file with the system's dialog; null = the person cancelled. */
  'vault.choose': { input: nothing, output: vaultState.nullable() },
  /** Asks where a new vault shall lie (a USB drive for example); null = cancelled. */
  'vault.createAt': { input: nothing, output: vaultState.nullable() },
  'project.list': { input: nothing, output: z.array(projectSummary) },
  'project.overview': { input: z.strictObject({ projectId: z.number().int() }), output: projectOverview },
  /** All rows of a project that match; 100,000 rows are about 15 MB, so the search runs in the vault worker. */
  'device.list': {
    input: z.strictObject({
      projectId: z.number().int(),
      search: z.string().max(200).default(''),
      state: z.enum(certificateStates).optional(),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    output: z.strictObject({ total: z.number(), rows: z.array(deviceRow) }),
  },
  'device.show': {
    input: z.strictObject({ deviceId: z.number().int() }),
    output: z.strictObject({
      device: deviceRow,
      /** Newest first. */
      certificates: z.array(certificateDetail),
      write: z.array(z.string()),
      read: z.array(z.string()),
    }),
  },
  'certificate.show': { input: z.strictObject({ certificateId: z.number().int() }), output: certificateDetail },
  'audit.verify': {
    input: nothing,
    output: z.strictObject({
      sound: z.boolean(),
      entries: z.number(),
      /** Hexadecimal; printed on exports, so that a rolled back vault can be recognised. */
      head: z.string(),
      findings: z.array(z.string()),
    }),
  },
  /** The page has no clipboard permission: all permissions are denied. */
  'clipboard.write': { input: z.strictObject({ text: z.string().max(100_000) }), output: nothing },
  /** The person did something: restarts the auto-lock clock. At most one call every few seconds. */
  activity: { input: nothing, output: nothing },
} as const satisfies Record<CallName, { readonly input: z.ZodType; readonly output: z.ZodType }>;

export const events = {
  'vault.changed': vaultState,
  'settings.changed': settingsSchema,
  'project.changed': z.strictObject({ projectId: z.number() }),
  'job.progress': z.strictObject({ jobId: z.string(), step: z.enum(jobSteps), done: z.number(), total: z.number() }),
} as const satisfies Record<EventName, z.ZodType>;

export type CallInput<N extends CallName> = z.input<(typeof calls)[N]['input']>;
export type ParsedInput<N extends CallName> = z.output<(typeof calls)[N]['input']>;
export type CallOutput<N extends CallName> = z.output<(typeof calls)[N]['output']>;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>;

/** What every call answers. Never a stack, never a raw library text as the message. */
export type Reply<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorReport };
