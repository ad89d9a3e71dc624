import type { ConnectionCause } from './connection.ts';
import type { RefusalTest } from './proof.ts';

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
  /** host, name: verified for another name, which was asked for (`servername`) */
  'server-name-overridden',
  /** The connection takes any certificate: whoever stands between can pretend to be the broker. */
  'not-verified',
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
  'let-in-revoked-password',
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
 * - `change-connection`: connectionId, connection
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
  'change-connection',
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

/** The negative test that a remark is about. */
export const letIn: Readonly<Record<RefusalTest, DoctorRemark>> = {
  'no-certificate': 'let-in-no-certificate',
  'foreign-authority': 'let-in-foreign-authority',
  revoked: 'let-in-revoked',
  expired: 'let-in-expired',
  'no-password': 'let-in-no-password',
  'wrong-password': 'let-in-wrong-password',
  'revoked-password': 'let-in-revoked-password',
  plain: 'let-in-plain',
  'plain-1883': 'let-in-plain',
};
