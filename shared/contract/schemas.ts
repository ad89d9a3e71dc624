import { z } from 'zod';
import { brokerTargets } from '../model/broker.ts';
import { certificateKinds, certificateStates, revocationReasons } from '../model/certificate.ts';
import { keyAlgorithms } from '../model/key.ts';
import { deviceNames, identityModes, kitForms, logDetails, logShippings, tlsVersions } from '../model/kit.ts';
import { roleNamePattern } from '../rules/role-name.ts';

/** What calls of several topics speak of. */

/** Marks an inbound secret: never logged, cached or echoed. Capped, so that nobody can feed scrypt a gigabyte. */
export const secret = z.string().max(1024).meta({ secret: true });
export const nothing = z.strictObject({}).optional();
/** Milliseconds since 1970 UTC. */
export const time = z.number();
export const rowId = z.number().int();
/** Chosen by the caller, so that progress that arrives before the answer can be told apart. */
export const jobId = z.string().min(8).max(64);
const optionalText = z.string().optional();

const vaultTrouble = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('protected'), reason: z.string() }),
  z.strictObject({ kind: z.literal('damaged'), detail: z.string() }),
  z.strictObject({ kind: z.literal('gone') }),
  z.strictObject({ kind: z.literal('clock'), clock: time, known: time }),
]);

/** The key of an authority that is kept outside of the vault, for one act: the text of its file and its passphrase. */
export const broughtKey = z.strictObject({ pem: z.string().max(262_144).meta({ secret: true }), passphrase: secret });

export const vaultState = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('none'), file: z.string() }),
  z.strictObject({
    state: z.literal('locked'),
    file: z.string(),
    lastOperator: z.string(),
    keychain: z.boolean(),
  }),
  z.strictObject({
    state: z.literal('unlocked'),
    file: z.string(),
    operator: z.string(),
    readOnly: z.boolean(),
    trouble: vaultTrouble.nullable(),
    practice: z.boolean(),
  }),
]);

export const certificateSummary = z.strictObject({
  id: rowId,
  kind: z.enum(certificateKinds),
  state: z.enum(certificateStates),
  serial: z.string(),
  commonName: z.string(),
  issuerId: rowId.nullable(),
  issuedAt: time,
  notBefore: time,
  notAfter: time,
  renewFrom: time,
  revokedAt: time.nullable(),
  revocationReason: z.enum(revocationReasons).nullable(),
});

export const certificateDetail = certificateSummary.extend({
  issuerName: z.string(),
  subjectName: z.string(),
  keyAlgorithm: z.enum([...keyAlgorithms, 'other']),
  fingerprint: z.string(),
  names: z.array(z.string()),
  addresses: z.array(z.string()),
  predecessorId: rowId.nullable(),
  pem: z.string(),
});

/** Built-in or of a project's own. */
export const roleName = z.string().regex(roleNamePattern);

const topics = z.array(z.string()).readonly();
export const accessRule = z.strictObject({ role: roleName, write: topics, read: topics, deny: topics.optional() });
export const accessException = z.strictObject({ device: z.string(), write: topics, read: topics, deny: topics });

const kitSettings = z.strictObject({
  form: z.enum(kitForms),
  identity: z.enum(identityModes),
  deviceIs: z.enum(deviceNames),
  tlsMinimum: z.enum(tlsVersions),
  ciphers: z.string(),
  ciphersTls13: z.string(),
  maxConnections: z.number().nullable(),
  maxPacketSize: z.number(),
  maxInflightMessages: z.number(),
  maxQueuedMessages: z.number(),
  connectionRate: z.number().nullable(),
  logDetail: z.enum(logDetails),
  connectionMessages: z.boolean(),
  logWeeks: z.number(),
  networks: z.array(z.string()).readonly(),
  shipping: z.enum(logShippings),
  shippingTarget: z.string(),
});

export const brokerSettings = z.strictObject({
  names: z.array(z.string()),
  addresses: z.array(z.string()),
  port: z.number(),
  target: z.enum(brokerTargets),
  directory: z.string(),
  data: z.string(),
  log: z.string(),
  days: z.number(),
  kit: kitSettings,
});

export const projectSubject = z.strictObject({
  country: optionalText,
  state: optionalText,
  city: optionalText,
  organisation: optionalText,
  organisationalUnit: optionalText,
});

export const projectSummary = z.strictObject({ projectId: rowId, name: z.string(), createdAt: time, devices: z.number() });

export const deviceRow = z.strictObject({
  deviceId: rowId,
  id: z.string(),
  role: roleName,
  state: z.enum(certificateStates),
  certificateId: rowId.nullable(),
  serial: z.string().nullable(),
  notBefore: time.nullable(),
  notAfter: time.nullable(),
  renewFrom: time.nullable(),
  revokedAt: time.nullable(),
  shared: z.number(),
  trusted: z.boolean(),
});
