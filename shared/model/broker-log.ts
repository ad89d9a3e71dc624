/** Why a connection did not come about, as far as a broker's log tells. The broker itself often says less than it knows. */
export const refusalCauses = [
  /** The client's certificate was not accepted: revoked, expired, of another authority, or the revocation list has expired. */
  'certificate',
  'no-certificate',
  /** The client refused the broker's certificate. */
  'broker-untrusted',
  /** Something else than TLS came: plain MQTT, a browser, a port scan. */
  'not-tls',
  /** No version or cipher of TLS that both have. */
  'tls-version',
  /** The connection ended in the middle of the handshake. */
  'cut',
  'credentials',
  /** TLS was fine, what came was not MQTT, or wrong MQTT. */
  'protocol',
  /** max_connections. */
  'full',
  'other',
] as const;
export type RefusalCause = (typeof refusalCauses)[number];

/** What a log is judged by (S3.8 of the hardening guide: more than ten a minute from one address). */
export interface LogLimits {
  readonly failuresPerMinute: number;
  /** Where devices are expected, as CIDR; empty = everywhere. */
  readonly networks: readonly string[];
}

export const standardLogLimits: LogLimits = { failuresPerMinute: 10, networks: [] };

export type CauseCounts = Readonly<Partial<Record<RefusalCause, number>>>;

/** Times are milliseconds since 1970, null where the log has none. */
export interface LogAddress {
  readonly address: string;
  readonly connected: number;
  readonly refused: number;
  /** Of `refused`: those that the log gives no address for, while several connections were open. */
  readonly guessed: number;
  /** Opened and closed without a word. */
  readonly silent: number;
  readonly causes: CauseCounts;
  /** Most refusals within 60 seconds, and when those ended. */
  readonly peak: number;
  readonly peakAt: number | null;
  readonly first: number | null;
  readonly last: number | null;
  readonly lastConnected: number | null;
  readonly firstRefused: number | null;
  readonly lastRefused: number | null;
  readonly clients: readonly string[];
  readonly moreClients: boolean;
}

export interface LogClient {
  /** The client identifier. */
  readonly client: string;
  /** User name (with certificates: the CN), empty when the broker asked for none. */
  readonly user: string;
  readonly connected: number;
  readonly takeovers: number;
  /** Refused although it said who it is: name, password, or not authorised. */
  readonly refused: number;
  readonly denied: number;
  readonly dropped: number;
  readonly timeouts: number;
  readonly oversize: number;
  /** Most connections within 60 seconds. */
  readonly connectPeak: number;
  readonly takeoverPeak: number;
  readonly takeoverPeakAt: number | null;
  readonly first: number | null;
  readonly last: number | null;
  /** Protocol level: 3, 4 (MQTT 3.1.1) or 5; 0 = not told. */
  readonly level: number;
  readonly online: boolean;
  readonly addresses: readonly string[];
  /** Topics that the access list denied, the first few. */
  readonly topics: readonly string[];
}

/** Counts by time, cells of equal width. */
export interface LogTimeLine {
  readonly start: number;
  /** Of one cell, ms. */
  readonly width: number;
  readonly connected: readonly number[];
  readonly refused: readonly number[];
  readonly denied: readonly number[];
}

export type LogSeverity = 'alarm' | 'warning' | 'note';

/** What a finding is about, with what its sentence needs. */
export type LogFindingKind =
  | 'everyone-refused'
  | 'address-failures'
  | 'address-refused'
  | 'unexpected-address'
  | 'same-identity'
  | 'spike'
  | 'reconnecting'
  | 'probe'
  | 'client-refused'
  | 'denied'
  | 'dangerous-name'
  | 'dropped'
  | 'oversize'
  | 'timeouts'
  | 'max-connections'
  | 'sockets'
  | 'crash'
  | 'restarts'
  | 'broker-error'
  | 'broker-warning';

export interface LogFinding {
  readonly kind: LogFindingKind;
  readonly severity: LogSeverity;
  /** How often. */
  readonly count: number;
  readonly first: number | null;
  readonly last: number | null;
  readonly address?: string;
  readonly client?: string;
  readonly user?: string;
  readonly cause?: RefusalCause;
  /** Most within a minute. */
  readonly peak?: number;
  /** It was true at the end of the log. */
  readonly ongoing?: boolean;
  /** Addresses, topics, or the broker's own words. */
  readonly detail?: readonly string[];
  /** Of `count`, those of which the address is a guess. */
  readonly guessed?: number;
}

export interface LogReport {
  readonly files: readonly string[];
  readonly lines: number;
  readonly bytes: number;
  /** Lines of other programs, in a file that several write to. */
  readonly foreign: number;
  /** Lines that were too long to be a broker's, and were passed over. */
  readonly overlong: number;
  readonly from: number | null;
  readonly to: number | null;
  /** Times without a zone were taken as this computer's. */
  readonly zoneUnknown: boolean;
  readonly versions: readonly string[];
  /** Whether the log says what the access list denied: it was written with `log_type debug` or `all`. */
  readonly debug: boolean;
  readonly totals: {
    readonly connected: number;
    readonly refused: number;
    readonly denied: number;
    readonly silent: number;
    readonly starts: number;
  };
  readonly causes: CauseCounts;
  readonly timeLine: LogTimeLine | null;
  /** The most serious first. */
  readonly findings: readonly LogFinding[];
  /** Findings that are not listed, there were too many. */
  readonly moreFindings: number;
  readonly addresses: readonly LogAddress[];
  readonly moreAddresses: number;
  readonly clients: readonly LogClient[];
  readonly moreClients: number;
}
