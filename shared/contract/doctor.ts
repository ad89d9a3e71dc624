import { z } from 'zod';
import { type DoctorProgress, type DoctorReport, doctorTransports, type KeptDiagnosis } from '../model/doctor.ts';
import { nothing, rowId, secret } from './schemas.ts';

const path = z.string().min(1).max(4096);
const runId = z.string().min(8).max(64);
const text = z.string().min(1).max(65_535);

/** Whom the broker's certificate is checked against: the project's authorities, those of a file, or the public ones. */
const trust = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('project') }),
  z.strictObject({ kind: z.literal('file'), path }),
  z.strictObject({ kind: z.literal('public') }),
]);
const login = z.strictObject({ username: text, password: secret });

const identity = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('observer') }),
  /** Only after the person accepted that the real device is thrown out, its will published, its session taken over. */
  z.strictObject({ kind: z.literal('device'), deviceId: rowId, takeoverAccepted: z.literal(true) }),
  /** A connection that the project keeps; `takeoverAccepted` as above where it speaks as a device of the vault. */
  z.strictObject({ kind: z.literal('own'), ownId: rowId, takeoverAccepted: z.literal(true).optional() }),
  /** PEM or DER; a PKCS#12 file is the certificate and has the key in it. Read in main, at most 1 MiB each. */
  z.strictObject({
    kind: z.literal('files'),
    certificate: path,
    key: path.nullable(),
    passphrase: secret.nullable(),
    trust,
    clientId: z.string().max(65_535).nullable(),
    login: login.nullable(),
  }),
  z.strictObject({ kind: z.literal('password'), login, trust, clientId: z.string().max(65_535).nullable() }),
  z.strictObject({ kind: z.literal('none'), trust, clientId: z.string().max(65_535).nullable() }),
]);

/** The connection doctor: every step towards a broker, what was seen, and the one cause. */
export const doctorCalls = {
  /**
   * `doctor.progress` comes for each step while it runs. What it came to is in the audit log of the project. A run that was cancelled
   * answers with the steps that it had done.
   */
  'doctor.run': {
    input: z.strictObject({
      runId,
      projectId: rowId,
      host: z.string().min(1).max(253),
      port: z.number().int().min(1).max(65_535),
      transport: z.enum(doctorTransports),
      identity,
      /** Without the connections that have to fail, and without access rules. */
      quick: z.boolean(),
      /** Another name than `host` for SNI and for the check of the certificate, for this run. */
      serverName: z.string().min(1).max(253).nullable(),
    }),
    output: z.custom<DoctorReport>(),
  },
  /** Ends the step at hand; `doctor.run` answers. */
  'doctor.cancel': { input: z.strictObject({ runId }), output: nothing },
  /** What came of the last time, newest first: of one device, or the newest of the project. */
  'doctor.kept': {
    input: z.strictObject({ projectId: rowId, deviceId: rowId.nullable() }),
    output: z.custom<readonly KeptDiagnosis[]>(),
  },
  /** The report of one of them; null when there is none (any more). */
  'doctor.report': {
    input: z.strictObject({ projectId: rowId, diagnosisId: rowId }),
    output: z.custom<DoctorReport | null>(),
  },
} as const;

export const doctorEvents = { 'doctor.progress': z.custom<DoctorProgress>() } as const;
