import type { DoctorClocks, DoctorEvidence } from './doctor-evidence.ts';
import type { DoctorFinding } from './doctor-findings.ts';

/**
 * What the connection doctor does, in this order. After the first one that failed the later ones are skipped.
 *
 * files       what was given can be read and belongs together
 * predicted   what is going to fail, told before any packet
 * dns, tcp, tls
 * admission   the broker takes the client certificate: certain only after CONNACK in TLS 1.3
 * connack     MQTT, and what this broker can do
 * subscribe, loopback (publish and see it arrive), access (what the project promises for this identity)
 * negative    connections that have to fail
 */
export const doctorSteps = [
  'files',
  'predicted',
  'dns',
  'tcp',
  'tls',
  'admission',
  'connack',
  'subscribe',
  'loopback',
  'access',
  'negative',
] as const;
export type DoctorStep = (typeof doctorSteps)[number];

/** `warned`: it works, and something should be looked at. */
export const stepOutcomes = ['passed', 'warned', 'failed', 'skipped'] as const;
export type StepOutcome = (typeof stepOutcomes)[number];

/**
 * Why a step was not done: a step before failed; it was not asked for (`quick`); the host is an address already; the transport
 * has no TLS; there is no client certificate; no project says what is allowed; the observer is not here to listen; nothing
 * could be tried; it was cancelled.
 */
export const skipReasons = [
  'failed-before',
  'not-asked',
  'address-given',
  'no-tls',
  'no-certificate',
  'no-project',
  'not-possible',
  'cancelled',
] as const;
export type SkipReason = (typeof skipReasons)[number];

export const doctorTransports = ['mqtts', 'mqtt', 'wss', 'ws'] as const;
export type DoctorTransport = (typeof doctorTransports)[number];

/**
 * Whose identity is tried. A device only after the person accepted that the real one is thrown out. `own`: a connection that the
 * project keeps, with all that it says.
 */
export const doctorIdentities = ['observer', 'device', 'own', 'files', 'password', 'none'] as const;
export type DoctorIdentityKind = (typeof doctorIdentities)[number];

/** One step with its outcome. `evidence` is null where nothing was seen, as in steps that were skipped. */
export type DoctorStepReport = {
  readonly [S in DoctorStep]: {
    readonly step: S;
    readonly outcome: StepOutcome;
    /** Only when skipped. */
    readonly skipped: SkipReason | null;
    /** ms since 1970 UTC, and how long it took. */
    readonly startedAt: number;
    readonly milliseconds: number;
    readonly findings: readonly DoctorFinding[];
    readonly evidence: DoctorEvidence[S] | null;
  };
}[DoctorStep];

/**
 * `healthy`: every step that was done passed. `remarks`: it works, and something should be looked at. `failed`: `cause` says why.
 * `cancelled`: before anything had failed.
 */
export const doctorOutcomes = ['healthy', 'remarks', 'failed', 'cancelled'] as const;
export type DoctorOutcome = (typeof doctorOutcomes)[number];

/** The one cause. */
export interface DoctorVerdict {
  readonly outcome: DoctorOutcome;
  /** Where it failed; null unless `failed`. */
  readonly step: DoctorStep | null;
  readonly cause: DoctorFinding | null;
}

/** The acceptance report: everything that was seen and what it means. Holds no secret. */
export interface DoctorReport {
  readonly version: 1;
  /** Null = without a vault. */
  readonly project: string | null;
  readonly operator: string | null;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly place: { readonly host: string; readonly port: number; readonly transport: DoctorTransport };
  readonly identity: {
    readonly kind: DoctorIdentityKind;
    /** The certificate's CN, the user name, or empty. */
    readonly id: string;
    readonly deviceId: number | null;
    /** The connection of one's own that was tried, by the name that it had; null = another identity. */
    readonly connection: { readonly connectionId: number; readonly name: string } | null;
    /** Of the client certificate, lower-case hexadecimal; null = none was sent. */
    readonly serial: string | null;
    readonly fingerprint: string | null;
  };
  /** The tests that have to fail, and what takes long, were left out. */
  readonly quick: boolean;
  readonly clocks: DoctorClocks;
  /** One for each of `doctorSteps`, in their order. */
  readonly steps: readonly DoctorStepReport[];
  readonly verdict: DoctorVerdict;
}

/** What is kept of the last time, without what was seen. */
export interface KeptDiagnosis extends Pick<DoctorReport, 'place' | 'identity' | 'quick' | 'verdict'> {
  readonly diagnosisId: number;
  /** When it ended, ms since 1970 UTC. */
  readonly at: number;
}

/** Told while it runs: a step begins, or has ended. */
export interface DoctorProgress {
  readonly runId: string;
  readonly step: DoctorStep;
  /** Null = it begins. */
  readonly report: DoctorStepReport | null;
}

/** The step of a report by its name, with its own kind of evidence. */
export function stepOf<S extends DoctorStep>(
  report: Pick<DoctorReport, 'steps'>,
  step: S,
): Extract<DoctorStepReport, { step: S }> {
  const found = report.steps.find((each) => each.step === step);
  if (!found) throw new Error(`the report has no step ${step}`);
  return found as Extract<DoctorStepReport, { step: S }>;
}
