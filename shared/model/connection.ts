import type { PublishProperties } from './publish-properties.ts';

/**
 * Why a connection is not there, as far as signals can tell (the table in rules/… turns a signal into one of these).
 * Window and command line hold an exhaustive table cause → title, explanation, remedy.
 */
export const connectionCauses = [
  'name-not-found',
  'name-server-silent',
  'refused',
  'unreachable',
  'no-answer',
  'plain-port',
  'tls-port',
  'not-tls',
  'not-mqtt',
  'websocket-refused',
  'broker-untrusted',
  'broker-other-root',
  'broker-authority-recreated',
  'broker-chain-incomplete',
  'broker-self-signed',
  'broker-expired',
  'broker-not-yet-valid',
  'broker-name-mismatch',
  'broker-purpose',
  'broker-key-usage',
  'client-certificate-required',
  'client-certificate-unknown-authority',
  'client-certificate-expired',
  'client-certificate-not-yet-valid',
  'client-certificate-weak',
  'broker-list-ended',
  'client-certificate-revoked',
  'client-certificate-unsupported',
  'client-certificate-rejected',
  'handshake-failure',
  'no-common-cipher',
  'protocol-version',
  'alpn',
  'server-name-refused',
  'closed-during-tls',
  'file-unreadable',
  'key-unsupported',
  'key-mismatch',
  'passphrase-missing',
  'passphrase-wrong',
  'authority-unreadable',
  'authority-is-no-authority',
  'no-connack',
  'closed-before-connack',
  'mqtt-version',
  'credentials',
  'authentication-method',
  'authentication-unanswered',
  'not-authorized',
  'banned',
  'client-id-rejected',
  'taken-over',
  'packet-too-large',
  'quota-exceeded',
  'rate-limited',
  'server-busy',
  'server-moved',
  'shutting-down',
  'protocol-error',
  'closed-by-broker',
  'keep-alive-timeout',
  'vault-locked',
  'resting',
  'tester-ended',
  'unknown',
] as const;
export type ConnectionCause = (typeof connectionCauses)[number];

/*
 * The parameters of each cause besides `host` and `port`, which all have but `tester-ended`, after a crash. Times are ms since
 * 1970 UTC (0 = not known), fingerprints SHA-256 in lower-case hexadecimal, texts empty when not known.
 *
 * unreachable, no-answer, no-connack,
 * closed-during-tls, closed-before-connack,
 * closed-by-broker                           stage: lookup | tcp | tls | connack | connected, how far it had come
 * not-tls, not-mqtt                          answer: first line that the peer sent, at most 80 printable characters
 * websocket-refused                          status: of HTTP, 0 = no HTTP answer; answer: as above
 * broker-untrusted, broker-other-root,
 * broker-authority-recreated,
 * broker-chain-incomplete,
 * broker-self-signed                         broker (its CN), fingerprint, notBefore, notAfter, issuer (CN); authority
 *                                            and authorityFingerprint: ours
 * broker-expired, broker-not-yet-valid       broker, fingerprint, notBefore, notAfter, now (this computer's clock)
 * broker-name-mismatch                       broker, fingerprint, notBefore, notAfter, names (`DNS:a, IP Address:b`)
 * broker-purpose, broker-key-usage           broker, fingerprint, notBefore, notAfter
 * client-certificate-*, broker-list-ended,
 * key-mismatch                               client (CN), issuer (CN), notBefore, notAfter, now. `-weak`: weak, such as
 *                                            `RSA 1024`. broker-list-ended: refused as expired while notAfter lies ahead
 * file-unreadable, key-unsupported,
 * passphrase-missing, passphrase-wrong       file: certificate | key | authority, where it is known
 * authentication-unanswered                  method; step: which AUTH of the broker nobody has an answer to, from 1; said: its
 *                                            data as text, or in hexadecimal
 * credentials, not-authorized,
 * client-id-rejected, taken-over             client (CN)
 */

/** A failed or ended connection: the cause, what a sentence needs, and the raw text for "details". */
export interface ConnectionFailure {
  readonly cause: ConnectionCause;
  readonly params: Readonly<Record<string, string | number>>;
  /** Technical text of the library or broker; shown folded only. */
  readonly raw: string;
  /** TLS alert, or MQTT reason code, where there was one. */
  readonly alert: number | null;
  readonly reasonCode: number | null;
}

/** Whose certificate a test connection uses. A device only after the person accepted that it is thrown out. */
export type TestIdentity =
  | { readonly kind: 'observer' }
  | { readonly kind: 'device'; readonly deviceId: number; readonly takeoverAccepted: true }
  | OwnIdentity;

/** A stored connection of one's own, see own-connection.ts. */
export interface OwnIdentity {
  readonly kind: 'own';
  readonly ownId: number;
  /** Where it would speak as a device of the vault. */
  readonly takeoverAccepted?: true | undefined;
}

/** Whom the vault has certificate and key of. */
export type VaultIdentity = Exclude<TestIdentity, OwnIdentity>;

export type ConnectionPhase = 'connecting' | 'connected' | 'waiting' | 'closed';

/** A message as the window shows it. */
export interface TestMessage {
  /** Rising per connection, without gaps: a gap would be a lost message. */
  readonly seq: number;
  readonly at: number;
  readonly direction: 'in' | 'out';
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  /** MQTT 5 reason code of the acknowledgement, for sent messages. */
  readonly reasonCode: number | null;
  /** Absent when there are none, as always with MQTT 3.1.1. */
  readonly properties?: PublishProperties | undefined;
}
