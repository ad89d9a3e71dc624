import type { Transport } from '../../shared/model/own-connection.ts';

/** How far an attempt or a connection had come when it ended. */
export type Stage = 'prepare' | 'lookup' | 'tcp' | 'tls' | 'websocket' | 'connack' | 'connected';

/** What a peer does with a plaintext MQTT CONNECT (see probe.ts). */
export interface PeerAnswer {
  readonly speaks: 'mqtt' | 'http' | 'tls' | 'other' | 'nothing' | 'closed' | 'unreachable';
  /** The first line of an answer that is text, shortened; else empty. */
  readonly line: string;
}

/** How an exchange of AUTH packets stands (MQTT 5 §4.12). */
export interface Exchange {
  readonly method: string;
  /** Which AUTH of the broker it is, from 1. */
  readonly step: number;
  /** Its data as text, or in hexadecimal; shortened. */
  readonly said: string;
  /** There was no answer to it, and we ended the connection. */
  readonly unanswered: boolean;
}

/** What a person needs to know of a certificate to see why it was refused. */
export interface CertificateFacts {
  readonly commonName: string;
  readonly issuer: string;
  /** ms since 1970 UTC. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** SHA-256 of the DER, lower-case hexadecimal. */
  readonly fingerprint: string;
  /** Subject alternative names, as `DNS:mqtt.lab.example, IP Address:127.0.0.1`; empty = none. */
  readonly names: string;
  /** What today's security levels refuse in it, such as `RSA 1024` or `sha1WithRSAEncryption`; empty = nothing. */
  readonly weak: string;
}

/**
 * Everything that was observed when a connection ended or did not come about. `explainFailure` turns it into a cause;
 * nothing here is a judgement.
 */
export interface Signals {
  readonly host: string;
  readonly port: number;
  readonly stage: Stage;
  /** Error code of Node or of its TLS library; null = the peer just closed, or one of the fields below says why. */
  readonly code: string | null;
  /** Text of the error, shown folded; read for nothing but `alert number N`. */
  readonly text: string;
  /** Our own time limit ended it. */
  readonly timedOut: boolean;
  /** No answer to a ping within the keep-alive. */
  readonly keepAliveTimeout: boolean;
  /** Reason code of a CONNACK that refused, or of a DISCONNECT that the broker sent. */
  readonly connack: number | null;
  readonly disconnect: number | null;
  /** The last AUTH of the broker (MQTT 5 §3.15); null = none came. */
  readonly exchange: Exchange | null;
  /** The peer sent something that is no MQTT, or MQTT that breaks its rules. */
  readonly malformed: boolean;
  readonly peer: PeerAnswer | null;
  /** How the broker was to be reached. */
  readonly transport: Transport;
  /** What a web server answered instead of speaking WebSocket; 0 = something that is no HTTP. */
  readonly httpStatus: number | null;
  /** How often in a row the connection was lost right after it was made (see reconnect.ts). */
  readonly quickLosses: number;
  readonly protocolVersion: 4 | 5;
  readonly broker: CertificateFacts | null;
  readonly client: CertificateFacts | null;
  /** The first certificate that the broker was to be checked against. */
  readonly authority: CertificateFacts | null;
  /** This computer's clock, ms since 1970 UTC. */
  readonly now: number;
}

/** Signals of an attempt that has not begun. */
export function noSignals(host: string, port: number, now: number): Signals {
  return {
    host,
    port,
    stage: 'prepare',
    code: null,
    text: '',
    timedOut: false,
    keepAliveTimeout: false,
    connack: null,
    disconnect: null,
    exchange: null,
    malformed: false,
    peer: null,
    transport: 'mqtts',
    httpStatus: null,
    quickLosses: 0,
    protocolVersion: 5,
    broker: null,
    client: null,
    authority: null,
    now,
  };
}
