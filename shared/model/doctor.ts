import type { ConnectionCause } from './connection.ts';
import type { ObservedRefusal, ProofCheck, RefusalTest } from './proof.ts';

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

/** Whose identity is tried. A device only after the person accepted that the real one is thrown out. */
export const doctorIdentities = ['observer', 'device', 'files', 'password', 'none'] as const;
export type DoctorIdentityKind = (typeof doctorIdentities)[number];

/*
 * Findings that are no cause of a failed connection; the causes themselves stand in connection.ts. Parameters: times are ms since
 * 1970 UTC, fingerprints SHA-256 in lower-case hexadecimal.
 */
export const doctorRemarks = [
  // files
  /** form: `DER`; file: certificate, key or authority */
  'file-converted',
  /** No authority was given: the public ones of this program are used. */
  'public-authorities',
  /** issuer (CN): the chain that is sent ends below it */
  'chain-short',
  // predicted
  /** client, notAfter, days */
  'client-ends-soon',
  /** client, notAfter */
  'client-ended',
  /** client, notBefore */
  'client-not-begun',
  /** client: it lacks clientAuth */
  'client-purpose',
  /** client, key (such as `RSA 1024`), signature (such as `sha1WithRSAEncryption`) */
  'client-weak',
  /** client, serial, revokedAt; hold: 1 when it is held only */
  'client-revoked',
  /** client, issuer, authority (CN of ours): no authority that was given issued it, the broker may know it all the same */
  'client-other-authority',
  /** authority, notAfter */
  'authority-ended',
  /** nextUpdate: the newest revocation list of the project has ended, whoever has it refuses everybody */
  'list-ended',
  /** nextUpdate, days */
  'list-ends-soon',
  /** broker, notAfter: the certificate that the project has for its broker has ended */
  'own-broker-ended',
  /** host, names: the certificate that the project has for its broker lacks this name */
  'own-broker-lacks-name',
  /** now, known: this computer's clock is behind a time that has certainly passed, or years ahead of it */
  'clock-wrong',
  // network
  /** address, error: one address of several does not answer */
  'address-dead',
  /** the transport is not encrypted */
  'unencrypted',
  // tls
  /** broker, notAfter, days */
  'broker-ends-soon',
  /** fingerprint (presented), own (of the project): signed by a trusted authority, and not the one that was issued last */
  'broker-other-certificate',
  /** broker: keyUsage lacks digitalSignature, Chromium's TLS library refuses it */
  'broker-key-usage-lax',
  /** host: verified for another name, which was asked for (`servername`) */
  'server-name-overridden',
  // admission
  /** The broker let in a client that sent no certificate. */
  'no-certificate-asked',
  // connack
  /** asked, given: seconds */
  'keep-alive-lowered',
  /** bytes */
  'packet-limit',
  /** id */
  'client-id-assigned',
  /** The broker speaks only 3.1.1: it does not tell what it can do, nor when it refuses a topic. */
  'older-protocol',
  /** qos: the highest */
  'qos-limited',
  'no-retained',
  'no-wildcards',
  'no-shared',
  /** asked, given: seconds */
  'session-expiry-changed',
  // subscribe
  /** topic, reasonCode */
  'subscription-refused',
  // loopback
  /** topic, reasonCode */
  'publish-refused',
  /** topic, milliseconds: how long it was waited for */
  'not-delivered',
  /** milliseconds: the slowest way there and back */
  'slow',
  /** tested: who took part. Only one identity took part: what goes from devices to the observer, and back, was not seen. */
  'one-identity-only',
  // access
  /** count, total */
  'access-differs',
  /** at */
  'access-older-list',
  'access-everything-allowed',
  'access-nothing-allowed',
  'access-other-rule',
  /** count: could not be tried */
  'access-untried',
  // negative: the broker let somebody in whom it has to refuse
  'let-in-no-certificate',
  'let-in-foreign-authority',
  'let-in-revoked',
  'let-in-expired',
  /** Without a password, or with a wrong one, in the observer's name; where the broker asks for passwords. */
  'let-in-no-password',
  'let-in-wrong-password',
  /** port */
  'let-in-plain',
  /** test: a name of `refusalTests` */
  'refusal-untried',
] as const;
export type DoctorRemark = (typeof doctorRemarks)[number];
export type DoctorCode = ConnectionCause | DoctorRemark;

/**
 * What helps. Window: a button or a link; command line: a command. Parameters:
 * - `reissue-broker`: name, what to add to the names and addresses of the broker
 * - `renew-device`, `rekey-device`, `replace-device`: deviceId, device
 * - `use-port`: port, transport; `use-address`: address; `server-name`: name
 * The others have none. `export-kit`: the broker's folder is exported and brought to the broker.
 */
export const doctorFixes = [
  'reissue-broker',
  'renew-broker',
  'export-kit',
  'publish-list',
  'renew-device',
  'rekey-device',
  'replace-device',
  'renew-observer',
  'other-device',
  'as-observer',
  'as-device',
  'enter-passphrase',
  'choose-files',
  'choose-authority',
  'enter-login',
  'other-client-id',
  'use-port',
  'use-address',
  'server-name',
  'set-clock',
  'compare-log',
] as const;
export type DoctorFixKind = (typeof doctorFixes)[number];

export type DoctorParams = Readonly<Record<string, string | number>>;

export interface DoctorFix {
  readonly fix: DoctorFixKind;
  readonly params: DoctorParams;
}

export const findingWeights = ['error', 'warning', 'note'] as const;

/** One thing that was found. The words for `code` stand with the causes of connections, or with the remarks. */
export interface DoctorFinding {
  readonly code: DoctorCode;
  /** `error`: the step failed because of it. `note`: good to know, nothing to do. */
  readonly weight: (typeof findingWeights)[number];
  readonly params: DoctorParams;
  /** Causes that look exactly the same from here; empty = it is certain. */
  readonly alternatives: readonly DoctorCode[];
  readonly fixes: readonly DoctorFix[];
  /** Technical text, shown folded; empty when there is none. */
  readonly raw: string;
  readonly alert: number | null;
  readonly reasonCode: number | null;
}

/** A certificate as the doctor shows it beside others. */
export interface DoctorCertificate {
  /** CN, or the whole name where there is none. */
  readonly subject: string;
  readonly issuer: string;
  /** Lower-case hexadecimal. */
  readonly serial: string;
  readonly notBefore: number;
  readonly notAfter: number;
  /** SHA-256 of the DER. */
  readonly fingerprint: string;
  /** SHA-256 of the public key (SubjectPublicKeyInfo): differs when an authority was made anew under the same name. */
  readonly keyFingerprint: string;
  /** Names and addresses (SAN). */
  readonly names: readonly string[];
  /** Such as `EC P-256`, `RSA 2048`, `Ed25519`. */
  readonly key: string;
  /** Such as `ecdsa-with-SHA256`; the object identifier when it has no name here. */
  readonly signature: string;
  /** Extended key usage: `serverAuth`, `clientAuth` or object identifiers; empty = not restricted. */
  readonly purposes: readonly string[];
  readonly isAuthority: boolean;
  readonly selfSigned: boolean;
}

export interface AddressTried {
  readonly address: string;
  readonly family: 4 | 6;
  readonly milliseconds: number;
  /** Code of the system; null = it answered. */
  readonly error: string | null;
}

/** A message that went out and came back. */
export interface RoundTrip {
  readonly from: string;
  readonly to: string;
  readonly topic: string;
  /** Null = it did not arrive. */
  readonly milliseconds: number | null;
  /** Of the acknowledgement; null where the protocol has none. */
  readonly reasonCode: number | null;
}

/** What the broker says of itself in CONNACK (MQTT 5 §3.2.2.3), with the standard's defaults where it is silent. */
export interface BrokerCapabilities {
  readonly protocolVersion: 4 | 5;
  /** Bytes; null = no limit told. */
  readonly maximumPacketSize: number | null;
  readonly maximumQos: 0 | 1 | 2;
  readonly retained: boolean;
  readonly wildcardSubscriptions: boolean;
  readonly sharedSubscriptions: boolean;
  readonly subscriptionIdentifiers: boolean;
  readonly topicAliasMaximum: number;
  readonly receiveMaximum: number;
  /** Seconds; null = as asked. */
  readonly serverKeepAlive: number | null;
  /** Seconds; null = as asked. */
  readonly sessionExpiry: number | null;
  readonly assignedClientId: string | null;
  /** `$SYS/broker/version`; null = not told, or this identity may not read it. */
  readonly software: string | null;
}

/** What was seen in each step. */
export interface DoctorEvidence {
  readonly files: {
    /** The client's chain, its own certificate first; empty = none. */
    readonly chain: readonly DoctorCertificate[];
    readonly authorities: readonly DoctorCertificate[];
    /** Null = there is no certificate, so no key is needed. */
    readonly keyMatches: boolean | null;
    readonly login: boolean;
  };
  readonly predicted: {
    /** End of the newest revocation list of the project; null = there is none, or no project. */
    readonly nextUpdate: number | null;
    /** The certificate that the project has for its broker. */
    readonly ownBroker: DoctorCertificate | null;
  };
  readonly dns: { readonly addresses: readonly { readonly address: string; readonly family: 4 | 6 }[] };
  readonly tcp: { readonly tried: readonly AddressTried[]; readonly used: string | null };
  readonly tls: {
    readonly protocol: string | null;
    readonly cipher: string | null;
    /** As the broker presented it, its own certificate first. */
    readonly presented: readonly DoctorCertificate[];
    /** What would be right: the project's certificate of the broker where there is one, then whom we trust. */
    readonly expected: readonly DoctorCertificate[];
    /** The name or address that the certificate was checked for, and whether it has it; null = no certificate was seen. */
    readonly name: string;
    readonly nameMatches: boolean | null;
    /** Where the broker presents an authority of the same name and another key than ours. */
    readonly recreated: boolean;
    readonly clocks: DoctorClocks;
  };
  readonly admission: {
    readonly sent: boolean;
    /** What proves it: CONNACK in TLS 1.3, the handshake in TLS 1.2. */
    readonly provenBy: 'connack' | 'handshake' | null;
  };
  readonly connack: { readonly clientId: string; readonly capabilities: BrokerCapabilities };
  readonly subscribe: {
    readonly filters: readonly { readonly who: string; readonly filter: string; readonly reasonCode: number | null }[];
  };
  readonly loopback: {
    readonly trips: readonly RoundTrip[] /** ms that the connection was watched for */;
    readonly held: number;
  };
  readonly access: { readonly checks: readonly ProofCheck[] };
  readonly negative: { readonly refusals: readonly ObservedRefusal[] };
}

/** Both clocks. What is not known is said to be not known. */
export interface DoctorClocks {
  /** This computer's, ms since 1970 UTC, when the broker's was read (or the step ran). */
  readonly own: number;
  readonly broker: number | null;
  readonly source: 'sys-topic' | 'http-date' | null;
  /**
   * Between these the broker's clock has to be, since it accepted a certificate with these dates (only where it is known to look
   * at them: the ended canary was refused); null = not known.
   */
  readonly after: number | null;
  readonly before: number | null;
}

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

/** Told while it runs: a step begins, or has ended. */
export interface DoctorProgress {
  readonly runId: string;
  readonly step: DoctorStep;
  /** Null = it begins. */
  readonly report: DoctorStepReport | null;
}

/** The negative test that a remark is about. */
export const letIn: Readonly<Record<RefusalTest, DoctorRemark>> = {
  'no-certificate': 'let-in-no-certificate',
  'foreign-authority': 'let-in-foreign-authority',
  revoked: 'let-in-revoked',
  expired: 'let-in-expired',
  'no-password': 'let-in-no-password',
  'wrong-password': 'let-in-wrong-password',
  plain: 'let-in-plain',
  'plain-1883': 'let-in-plain',
};

/** The step of a report by its name, with its own kind of evidence. */
export function stepOf<S extends DoctorStep>(
  report: Pick<DoctorReport, 'steps'>,
  step: S,
): Extract<DoctorStepReport, { step: S }> {
  const found = report.steps.find((each) => each.step === step);
  if (!found) throw new Error(`the report has no step ${step}`);
  return found as Extract<DoctorStepReport, { step: S }>;
}
