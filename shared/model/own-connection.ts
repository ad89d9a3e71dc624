/**
 * Connections of one's own: to any broker, with or without certificates of this vault. What stands here is no secret;
 * password, private key and authentication data are kept sealed and never leave the vault for a page.
 */

/** MQTT over TLS, over WebSocket with TLS, and both in the clear, for diagnosis. */
export const transports = ['mqtts', 'wss', 'mqtt', 'ws'] as const;
export type Transport = (typeof transports)[number];

export function isEncrypted(transport: Transport): boolean {
  return transport === 'mqtts' || transport === 'wss';
}

export function isWebSocket(transport: Transport): boolean {
  return transport === 'wss' || transport === 'ws';
}

/** Registered with IANA for MQTT; for WebSocket there is none, and these are what EMQX and many examples use. */
export const defaultPorts: Readonly<Record<Transport, number>> = { mqtts: 8883, wss: 8084, mqtt: 1883, ws: 8083 };

/** Versions of the protocol; `auto` = 5, and 3.1.1 with a broker that speaks only that. */
export const protocolChoices = ['auto', '5', '3.1.1'] as const;
export type ProtocolChoice = (typeof protocolChoices)[number];

export const tlsMinimums = ['TLSv1.2', 'TLSv1.3'] as const;
export type TlsMinimum = (typeof tlsMinimums)[number];

/** Whom the broker's certificate is checked against. */
export const trustChoices = ['project', 'system', 'file'] as const;
export type TrustChoice = (typeof trustChoices)[number];

/** Bytes as a person writes them. */
export const byteForms = ['text', 'hex', 'base64'] as const;
export type ByteForm = (typeof byteForms)[number];
/** More steps than any method has. */
export const authenticationAnswersMaximum = 20;
export interface TypedBytes {
  readonly form: ByteForm;
  readonly text: string;
}

/** MQTT 5 §2.2.2.2: a pair of strings; a name may come several times. */
export interface UserProperty {
  readonly name: string;
  readonly value: string;
}

/** MQTT 5 §3.1.2.5 and §3.1.3.2. Times in seconds; null and empty = not sent. */
export interface LastWill {
  readonly topic: string;
  readonly payload: TypedBytes;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly delay: number | null;
  /** The payload is told to be UTF-8. */
  readonly utf8: boolean;
  readonly messageExpiry: number | null;
  readonly contentType: string;
  readonly responseTopic: string;
  readonly correlationData: TypedBytes;
  readonly userProperties: readonly UserProperty[];
}

/** Never, or after a connection that was accepted was lost; a refusal is final either way. */
export const reconnectChoices = ['never', 'losses'] as const;
export type ReconnectChoice = (typeof reconnectChoices)[number];

/**
 * Whom of the vault a connection speaks as: the observer, or a device by its id, with the certificate that it works with at the
 * time. Certificate, key and password are taken out of the vault for each connection and never copied into this one.
 */
export type VaultSpeaker = { readonly kind: 'observer' } | { readonly kind: 'device'; readonly device: string };

/**
 * How it stands with such a one. `missing`: no device of this id in the project; `without`: no certificate; `key-elsewhere`: its key
 * is not in this vault.
 */
export const speakerStates = ['ready', 'expired', 'hold', 'revoked', 'without', 'key-elsewhere', 'missing'] as const;
export type SpeakerState = (typeof speakerStates)[number];

export interface OwnConnection {
  readonly name: string;
  /** Null = nobody of the vault: certificate, user and password are those of the connection itself. */
  readonly speaksAs: VaultSpeaker | null;
  readonly transport: Transport;
  readonly host: string;
  readonly port: number;
  /** Of ws and wss, with its slash. */
  readonly path: string;
  /** Empty = none. */
  readonly user: string;
  /** Empty = a random one for each connection; of somebody of the vault, the name in the certificate. */
  readonly clientId: string;
  readonly reconnect: ReconnectChoice;

  readonly tls: {
    readonly trust: TrustChoice;
    /** PEM of `trust: 'file'`. */
    readonly ca: string;
    readonly verify: boolean;
    readonly minimum: TlsMinimum;
    /** Sent as SNI and looked for in the certificate in place of the host; empty = the host. */
    readonly serverName: string;
    readonly alpn: readonly string[];
    /** PEM: the client certificate, then its issuers; empty = none is shown. */
    readonly certificate: string;
  };

  readonly mqtt: {
    readonly protocol: ProtocolChoice;
    readonly cleanStart: boolean;
    /** Seconds; 0 = off. */
    readonly keepAlive: number;
    /** Seconds; 4,294,967,295 = never ends. The rest is MQTT 5 §3.1.2.11; null = not sent. */
    readonly sessionExpiry: number | null;
    readonly receiveMaximum: number | null;
    readonly maximumPacketSize: number | null;
    readonly topicAliasMaximum: number | null;
    readonly requestResponseInformation: boolean;
    readonly requestProblemInformation: boolean;
    readonly userProperties: readonly UserProperty[];
    /** Empty = no enhanced authentication. Its data is a secret. */
    readonly authenticationMethod: string;
  };
  readonly will: LastWill | null;
  /** Asked for as soon as it is connected. */
  readonly subscriptions: readonly { readonly filter: string; readonly qos: 0 | 1 | 2 }[];
}

/** As a new one begins. */
export const newConnection: OwnConnection = {
  name: '',
  speaksAs: null,
  transport: 'mqtts',
  host: '',
  port: defaultPorts.mqtts,
  path: '/mqtt',
  user: '',
  clientId: '',
  reconnect: 'losses',
  tls: { trust: 'project', ca: '', verify: true, minimum: 'TLSv1.2', serverName: '', alpn: [], certificate: '' },
  mqtt: {
    protocol: 'auto',
    cleanStart: true,
    keepAlive: 30,
    sessionExpiry: null,
    receiveMaximum: null,
    maximumPacketSize: null,
    topicAliasMaximum: null,
    requestResponseInformation: false,
    requestProblemInformation: true,
    userProperties: [],
    authenticationMethod: '',
  },
  will: null,
  subscriptions: [],
};

export const newWill: LastWill = {
  topic: '',
  payload: { form: 'text', text: '' },
  qos: 0,
  retain: false,
  delay: null,
  utf8: false,
  messageExpiry: null,
  contentType: '',
  responseTopic: '',
  correlationData: { form: 'text', text: '' },
  userProperties: [],
};
