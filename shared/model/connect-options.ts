import type { TlsMinimum, Transport, UserProperty } from './own-connection.ts';

/** How the broker is reached, and how its certificate is judged. */
export interface LinkOptions {
  readonly transport: Transport;
  /** Of ws and wss. */
  readonly path: string;
  readonly minVersion: TlsMinimum;
  /** Sent as SNI and looked for in the certificate in place of the host; empty = the host. */
  readonly serverName: string;
  readonly alpn: readonly string[];
  /** False: any certificate is taken. The page says so all the time. */
  readonly verify: boolean;
  /** Besides the authorities that were given, whom this computer trusts. */
  readonly systemAuthorities: boolean;
}

/** What CONNECT says (MQTT 5 §3.1). Times in seconds; null = not sent. */
export interface MqttOptions {
  readonly protocol: 'auto' | 5 | 4;
  readonly cleanStart: boolean;
  readonly keepAlive: number;
  readonly sessionExpiry: number | null;
  readonly receiveMaximum: number | null;
  readonly maximumPacketSize: number | null;
  readonly topicAliasMaximum: number | null;
  readonly requestResponseInformation: boolean;
  readonly requestProblemInformation: boolean;
  readonly userProperties: readonly UserProperty[];
  readonly authentication: Authentication | null;
  readonly will: WillOrder | null;
}

/** Enhanced authentication (MQTT 5 §4.12). */
export interface Authentication {
  readonly method: string;
  /** Goes with CONNECT. */
  readonly data: Uint8Array | null;
  /** To the broker's first AUTH, its second, and so on; an empty one is an AUTH without data. */
  readonly answers: readonly Uint8Array[];
}

export interface WillOrder {
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly delay: number | null;
  readonly utf8: boolean;
  readonly messageExpiry: number | null;
  readonly contentType: string;
  readonly responseTopic: string;
  readonly correlationData: Uint8Array | null;
  readonly userProperties: readonly UserProperty[];
}
