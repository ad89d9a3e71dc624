import type { IdentityMode } from '../../../shared/model/kit.ts';
import type { BrokerRefusal } from '../../../shared/model/local-broker.ts';
import type { AccessDecision, AccessList } from '../../../shared/rules/access-list.ts';

/**
 * How the practice broker and its simulated meters are reached. The same code is hosted by a utility process, a worker
 * thread or a test: whatever carries plain messages (structured clone) in both directions.
 */
export interface PracticeChannel {
  send(message: FromPractice): void;
  onMessage(listener: (message: ToPractice) => void): void;
}

/** What the broker is: the project's own server certificate and whom it lets in. All texts PEM. */
export interface BrokerIdentity {
  /** The certificate, then its issuers without the root. */
  readonly certificateChain: string;
  /** Bytes of a PEM text (PKCS#8); wiped by whoever has made a TLS context of it. */
  readonly key: Uint8Array;
  /** Every certificate that clients may be checked against. */
  readonly ca: string;
  /** One revocation list per issuing authority, one after the other. */
  readonly crl: string;
}

/** A client certificate with its key; same fields as the tester's, so that one use case opens both. */
export interface MeterIdentity {
  /** The certificate's CN: client id and user name. */
  readonly id: string;
  readonly certificateChain: string;
  /** Bytes of a PEM text (PKCS#8); wiped as above. */
  readonly key: Uint8Array;
  readonly ca: string;
  /** User name and password, where the broker asks for them. */
  readonly login?: { readonly username: string; readonly password: string } | undefined;
}

/** How the broker knows its clients, as the kit of the project has it. */
export interface BrokerClients {
  readonly identity: IdentityMode;
  /** `use_username_as_clientid`: false where several devices show one certificate. */
  readonly clientIdIsUser: boolean;
  /** User names with the hashes of their passwords ($7$ or $6$); of no meaning where none are asked for. */
  readonly users: readonly { readonly user: string; readonly hash: string }[];
}

export const certificateClients: BrokerClients = { identity: 'certificate', clientIdIsUser: true, users: [] };

export interface BrokerLimits {
  /** Largest MQTT packet in bytes that is taken; a larger one ends its connection. Default 1 MiB, as in our kit. */
  readonly maxPacketSize: number;
  /** Default 5000. */
  readonly maxConnections: number;
  /** Messages kept for a client that is away; the newest are dropped beyond it. Default 1000, as in our kit. */
  readonly maxQueuedMessages: number;
}

export interface StartBroker {
  /** Address of the interface to listen on; `127.0.0.1` for practice. */
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly identity: BrokerIdentity;
  readonly access: AccessList;
  /** Default: by certificate alone. */
  readonly clients?: BrokerClients | undefined;
  readonly limits?: Partial<BrokerLimits> | undefined;
}

/** One simulated meter. It connects with its own certificate and keeps trying until it is stopped. */
export interface MeterOrder {
  readonly identity: MeterIdentity;
  readonly host: string;
  readonly port: number;
  /** Where it publishes its readings, and its answers to commands. */
  readonly energyTopic: string;
  /** Where it listens for commands: `{"command":"identify"}`, `{"command":"interval","seconds":5}`. */
  readonly commandTopic: string;
  /** Seconds between two readings, 1 to 60. */
  readonly interval: number;
  /** Decides character and noise: the same seed at the same times gives the same readings. */
  readonly seed: number;
}

/** One try to be let in, and perhaps to publish. */
export interface AttemptOrder {
  readonly host: string;
  readonly port: number;
  /** PEM: whom the broker's certificate is checked against. */
  readonly ca: string;
  /** Null: no certificate is shown. */
  readonly identity: MeterIdentity | null;
  readonly publish: { readonly topic: string; readonly payload: string } | null;
}

export interface AttemptResult {
  /** The broker has let it in (CONNACK 0). */
  readonly connected: boolean;
  /** The message was acknowledged (PUBACK); with MQTT 3.1.1 a denied one is too. */
  readonly acknowledged: boolean;
  /** What the client's TLS or MQTT said, technical. Empty when nothing went wrong. */
  readonly raw: string;
}

/** What can be asked for. Each call is answered, with its value or with a failure. */
export interface PracticeCalls {
  /** Starts the broker; gives where it listens. One broker per channel. Failures: all but `meter-exists`. */
  startBroker: { input: StartBroker; output: { readonly host: string; readonly port: number } };
  /**
   * Exchanges, while it runs, the certificates with the revocation list (the key comes along: none is kept), the access
   * rules, the passwords, or all of them. Whoever came with a password that is over is put out, as Mosquitto does. Whether clients show
   * certificates stays as it was at the start. As with a reload of Mosquitto, who is connected stays; `endConnections` does what its restart does,
   * after which a revoked certificate no longer comes in.
   */
  exchange: {
    input: {
      readonly identity?: BrokerIdentity | undefined;
      readonly access?: AccessList | undefined;
      readonly clients?: BrokerClients | undefined;
      readonly endConnections?: boolean | undefined;
    };
    output: undefined;
  };
  /** Ends all meters, connections and the broker. Also fine when nothing runs. */
  stop: { input: undefined; output: undefined };
  /** Starts meters besides those that run. Failure `meter-exists` for an id that runs already. */
  startMeters: { input: { readonly meters: readonly MeterOrder[] }; output: undefined };
  /** Knocks once as somebody and tells how it went on the client's side; why is in `refused` and `denied`. */
  attempt: { input: AttemptOrder; output: AttemptResult };
  /** Ends the named meters, or all. */
  stopMeters: { input: { readonly ids?: readonly string[] | undefined }; output: undefined };
}
export type PracticeCall = keyof PracticeCalls;

/** Why a call failed; `detail` is technical and shown folded only. */
export interface PracticeFailure {
  readonly reason:
    | 'port-in-use'
    | 'address-not-available'
    | 'port-not-permitted'
    | 'identity-unusable'
    | 'already-running'
    | 'not-running'
    | 'meter-exists'
    | 'failed';
  readonly host: string;
  readonly port: number;
  readonly detail: string;
}

export type ToPractice =
  | { readonly kind: 'call'; readonly id: number; readonly call: PracticeCall; readonly input: unknown }
  /** The last batch has gone on its way; the next one may follow. */
  | { readonly kind: 'activityTaken' };

export type FromPractice =
  | { readonly kind: 'answer'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly ok: false; readonly failure: PracticeFailure }
  | { readonly kind: 'activity'; readonly batch: PracticeActivity };

/** What happened since the last batch, in its order within each list. Times are ms since 1970 UTC. */
export interface PracticeActivity {
  readonly opened: readonly LiveConnection[];
  readonly closed: readonly ClosedConnection[];
  readonly refused: readonly RefusedConnection[];
  readonly denied: readonly DeniedPublish[];
  readonly meters: readonly MeterState[];
  /** How many refusals and denials were left out because nobody took them in time. */
  readonly dropped: number;
  /** Since the broker was started. */
  readonly totals: {
    readonly connections: number;
    readonly published: number;
    readonly refused: number;
    readonly denied: number;
  };
}

export interface LiveConnection {
  /** Rising, unique while the host runs. */
  readonly connectionId: number;
  /** CN of the certificate: user name and client id. */
  readonly name: string;
  /** Serial of the certificate, lower-case hexadecimal. */
  readonly serial: string;
  readonly address: string;
  readonly tls: string;
  readonly since: number;
}

export type CloseReason = 'left' | 'lost' | 'taken-over' | 'keep-alive' | 'packet-too-large' | 'protocol' | 'ended-by-broker';

export interface ClosedConnection {
  readonly connectionId: number;
  readonly name: string;
  readonly at: number;
  readonly reason: CloseReason;
}

/**
 * Why somebody was not let in. `broker-not-trusted`: the client refused our certificate. `mqtt-version`: MQTT 5 or 3.1 was
 * asked for (this broker speaks 3.1.1; our tester asks for 5 first and then falls back). `revocation-list`: the list
 * itself has ended or is missing, which shuts everybody out. `gave-up`: gone before it said anything.
 */
export type RefusalReason = BrokerRefusal;

export interface RefusedConnection {
  readonly at: number;
  readonly address: string;
  readonly reason: RefusalReason;
  /** CN and serial of the certificate that was shown, empty when there was none. */
  readonly name: string;
  readonly serial: string;
  /** Code or text of the TLS library; shown folded only. */
  readonly raw: string;
}

/** A message that went to nobody. Its sender got its acknowledgement all the same, as from Mosquitto with MQTT 3.1.1. */
export interface DeniedPublish {
  readonly at: number;
  readonly name: string;
  readonly topic: string;
  readonly decision: AccessDecision;
}

export interface MeterState {
  readonly id: string;
  readonly at: number;
  /** `refused`: the broker did not let it in; it tries again. */
  readonly phase: 'connecting' | 'connected' | 'refused' | 'stopped';
  /** Readings that the broker has acknowledged since the meter was started. */
  readonly readings: number;
  /** Seconds between two readings, as the last command set it. */
  readonly interval: number;
}

export const defaultLimits: BrokerLimits = { maxPacketSize: 1_048_576, maxConnections: 5000, maxQueuedMessages: 1000 };
