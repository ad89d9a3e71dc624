/** In what form the broker's files are written. */
export const kitForms = ['whole', 'drop-in', 'container', 'fragments'] as const;
/**
 * `whole`: one configuration that includes nothing; `drop-in`: a file for the conf.d of the distribution's configuration;
 * `container`: a folder with a compose file; `fragments`: pieces for a configuration that somebody else keeps.
 */
export type KitForm = (typeof kitForms)[number];

/** By what the broker tells its clients apart. */
export const identityModes = ['certificate', 'certificate-password', 'password'] as const;
/**
 * `certificate`: its CN is the user, passwords do not count; `certificate-password`: a certificate opens the door, user name and
 * password say who it is; `password`: user name and password over TLS, clients need no certificate.
 */
export type IdentityMode = (typeof identityModes)[number];

/** What stands for a device in the topics of the role `device`. */
export const deviceNames = ['user', 'client'] as const;
/**
 * `user`: the user name that was proved, by certificate or password (Mosquitto's `%u`); `client`: the client id (`%c`), which is
 * proved only where the broker makes the user name the client id.
 */
export type DeviceName = (typeof deviceNames)[number];

/** Oldest version of TLS that is spoken, in Mosquitto's words. */
export const tlsVersions = ['tlsv1.2', 'tlsv1.3'] as const;
export type TlsVersion = (typeof tlsVersions)[number];

/** The suites of TLS 1.3 (RFC 8446 §B.4). */
export const tls13Suites = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_128_CCM_SHA256',
  'TLS_AES_128_CCM_8_SHA256',
] as const;

/** `debug` also logs subscriptions, and which messages the access list has denied. */
export const logDetails = ['usual', 'debug'] as const;
export type LogDetail = (typeof logDetails)[number];

/** Where else the log goes. */
export const logShippings = ['none', 'loki', 'syslog'] as const;
export type LogShipping = (typeof logShippings)[number];

/** How the broker's kit is written: what a project decides about its broker besides where it is. */
export interface KitSettings {
  readonly form: KitForm;
  readonly identity: IdentityMode;
  readonly deviceIs: DeviceName;
  readonly tlsMinimum: TlsVersion;
  /** OpenSSL's cipher list for TLS 1.2 (openssl-ciphers(1)); empty = what the broker's library offers. */
  readonly ciphers: string;
  /** Suites of TLS 1.3, separated by colons; empty = what the broker's library offers. */
  readonly ciphersTls13: string;
  /** Connections at the same time; null = twice the devices plus 50, in steps. */
  readonly maxConnections: number | null;
  /** Largest packet in bytes. */
  readonly maxPacketSize: number;
  /** Messages of QoS 1 and 2 on their way to one client. */
  readonly maxInflightMessages: number;
  /** Messages that wait for one client. */
  readonly maxQueuedMessages: number;
  /** New connections from one address in ten seconds, held by a HAProxy before the broker; null = no proxy. */
  readonly connectionRate: number | null;
  readonly logDetail: LogDetail;
  /** Whether the log names those who come and go. */
  readonly connectionMessages: boolean;
  /** Weeks that logs are kept. */
  readonly logWeeks: number;
  /** Networks of the devices, as CIDR; empty = no firewall rules are written. */
  readonly networks: readonly string[];
  readonly shipping: LogShipping;
  /** Loki: the URL that takes logs; syslog: `host` or `host:port`. */
  readonly shippingTarget: string;
}

/** Suites with forward secrecy and authenticated encryption only; works with certificates of either key type. */
export const recommendedCiphers = 'ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:DHE+CHACHA20:!aNULL:!MD5:!DSS';

/** What new projects start with. */
export const standardKit: KitSettings = {
  form: 'whole',
  identity: 'certificate',
  deviceIs: 'user',
  tlsMinimum: 'tlsv1.2',
  ciphers: recommendedCiphers,
  ciphersTls13: '',
  maxConnections: null,
  maxPacketSize: 1_048_576,
  maxInflightMessages: 20,
  maxQueuedMessages: 1_000,
  connectionRate: null,
  logDetail: 'usual',
  connectionMessages: true,
  logWeeks: 52,
  networks: [],
  shipping: 'none',
  shippingTarget: '',
};

/** What projects have that were made before there was a choice: their broker goes on as it is. */
export const earlierKit: KitSettings = { ...standardKit, ciphers: '' };
