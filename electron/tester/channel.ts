import type { ErrorReport } from '../../shared/errors.ts';
import type { CheckResult } from '../../shared/model/check.ts';
import type { LinkOptions, MqttOptions } from '../../shared/model/connect-options.ts';
import type { ConnectionFailure, ConnectionPhase } from '../../shared/model/connection.ts';
import type { DoctorProgress, DoctorReport } from '../../shared/model/doctor.ts';
import type { PackedMessages } from '../../shared/model/packed-messages.ts';
import type { ProofObserved, RefusalTest } from '../../shared/model/proof.ts';
import type { PublishProperties } from '../../shared/model/publish-properties.ts';
import type { RecordingState } from '../../shared/model/recording.ts';
import type { SimulationState } from '../../shared/model/simulation.ts';
import type { SubscriptionOptions } from '../../shared/model/subscription.ts';
import type { TimedState } from '../../shared/model/timed.ts';
import type { CheckedMember, ChecksOrder } from './checks/run.ts';
import type { DiagnoseOrder } from './doctor/order.ts';
import type { HistoryCall } from './history/calls.ts';
import type { TimedOrder } from './publishing/timed-run.ts';

/**
 * How the tester is reached. The same code is hosted by a utility process, a worker thread or a test: whatever carries
 * plain messages (structured clone) in both directions.
 */
export interface Channel {
  send(message: FromTester): void;
  onMessage(listener: (message: ToTester) => void): void;
}

/** Whom to connect to and as whom. `key` is wiped by whoever has made a TLS context of it. */
export interface ConnectOrder {
  readonly connectionId: string;
  readonly host: string;
  readonly port: number;
  readonly identity: TestCertificate;
  /** False for a device: it took the place of the real one and must not fight for it. */
  readonly reconnects: boolean;
  /** Otherwise MQTT over TLS, fully verified. */
  readonly link?: LinkOptions | undefined;
  /** Otherwise MQTT 5, or 3.1.1 with a broker that speaks only that; a clean start, and nothing beyond. */
  readonly mqtt?: MqttOptions | undefined;
}

/** User name and password. */
export interface Login {
  readonly username: string;
  readonly password: string;
}

/** A client certificate with its key, and whom it trusts for the broker. */
export interface TestCertificate {
  /** Client id; of the vault's own identities the certificate's CN, which is the user name on the broker too. */
  readonly id: string;
  /** PEM: the certificate, then its issuers without the root; empty = none is shown. */
  readonly certificateChain: string;
  /** The bytes of a PEM text (PKCS#8), so that they can be wiped. */
  readonly key: Uint8Array;
  /** PEM: every certificate that the broker may be checked against. */
  readonly ca: string;
  /** User name and password, where the broker asks for them; an empty one is not sent. */
  readonly login?: Login | undefined;
}

export interface PublishOrder {
  readonly connectionId: string;
  readonly topic: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  /** Not sent with MQTT 3.1.1. */
  readonly properties?: PublishProperties | undefined;
}

/** A load test with devices of the vault; they follow in batches. Keys are wiped by whoever has made a TLS context of them. */
export interface SimulationOrder {
  readonly runId: string;
  readonly host: string;
  readonly port: number;
  /** How many devices will follow. */
  readonly planned: number;
  /** Seconds between two readings of a device. */
  readonly interval: number;
  /** New connections a second. */
  readonly ramp: number;
  readonly qos: 0 | 1;
  /** Who measures when readings arrive, and what it has to listen to. */
  readonly observer: { readonly identity: TestCertificate; readonly filters: readonly string[] } | null;
}

export interface SimulatedMeter {
  readonly identity: TestCertificate;
  readonly topic: string;
  /** Decides its character: the same at any time. */
  readonly seed: number;
}

/** Whom a proof connects as; the first one is the observer. */
export interface ProveSubject {
  readonly identity: TestCertificate;
  /** `expected`: the project allows it. */
  readonly write: readonly ExpectedTopic[];
  readonly read: readonly ExpectedTopic[];
}

export interface ExpectedTopic {
  readonly topic: string;
  readonly expected: boolean;
}

/**
 * A connection that the broker has to refuse; `identity` null = without a certificate, or in the clear. `login`: where it asks for
 * passwords besides certificates, a right one, so that nothing but the certificate is in the way.
 */
export interface RefusalOrder {
  readonly test: RefusalTest;
  readonly identity: TestCertificate | null;
  readonly login?: TestCertificate['login'];
  /**
   * Logins of one account that may do nothing: the broker has to take the first one, and none of the others. Which one it takes says
   * which password file it has.
   */
  readonly files?: { readonly now: Login; readonly earlier: readonly Login[] } | undefined;
}

/** Tries who may write and read what. Keys are wiped by whoever has made a TLS context of them. */
export interface ProveOrder {
  readonly proofId: string;
  readonly host: string;
  readonly port: number;
  /** PEM: whom the broker's certificate is checked against. */
  readonly ca: string;
  readonly subjects: readonly ProveSubject[];
  readonly refusals: readonly RefusalOrder[];
  /** The broker throws out who writes what is denied (RabbitMQ, EMQX); Mosquitto never does. */
  readonly denialDisconnects: boolean;
}

/** What the tester can be asked to do, and what it answers. */
export interface TesterCalls {
  connect: { input: ConnectOrder; output: ConnectionReport };
  /** `cut`: without a word, so that the broker publishes the last will. */
  disconnect: { input: { connectionId: string; cut?: boolean | undefined }; output: undefined };
  /** It lives on without its keys and passwords, and does not come back when it is lost. */
  forget: { input: { connectionId: string }; output: undefined };
  subscribe: {
    input: { connectionId: string; filter: string; qos: 0 | 1 | 2; options?: SubscriptionOptions | undefined };
    output: { reasonCode: number };
  };
  unsubscribe: { input: { connectionId: string; filter: string }; output: undefined };
  prove: { input: ProveOrder; output: ProofObserved };
  /** `prove` ends soon after, and says what it has seen so far. */
  stopProof: { input: { proofId: string }; output: undefined };
  publish: { input: PublishOrder; output: { reasonCode: number } };
  /** Recordings: `input` and the value of the answer as history/calls.ts has them. */
  history: { input: { call: HistoryCall; input: unknown }; output: HistoryAnswer };
  startTimed: { input: TimedOrder; output: TimedState };
  stopTimed: { input: { connectionId: string }; output: undefined };
  /** Ends when what concerns no device is done. Each result comes as `checked`. */
  startChecks: { input: ChecksOrder; output: undefined };
  /** Ends when all checks of these devices are done, and they have left. */
  checkDevices: { input: { runId: string; members: readonly CheckedMember[] }; output: undefined };
  /** Ends when all connections of the run are closed; `cancel`: at once, what was not done is told as that. */
  endChecks: { input: { runId: string; cancel: boolean }; output: undefined };
  simulate: { input: SimulationOrder; output: SimulationState };
  /** Ends when more devices are needed; `more` false = none are wanted any more. */
  addSimulated: { input: { meters: readonly SimulatedMeter[]; last: boolean }; output: { more: boolean } };
  /** The vault is locked: no more devices follow. */
  endSimulated: { input: undefined; output: undefined };
  /** Ends when all connections are closed. */
  stopSimulation: { input: undefined; output: undefined };
  diagnose: { input: DiagnoseOrder; output: DoctorReport };
  /** `diagnose` ends soon after, with the steps that it has done. */
  stopDiagnosis: { input: { runId: string }; output: undefined };
}
export type TesterCall = keyof TesterCalls;

/** `messagesTaken`: the page has the last batch, the next one may follow. */
export type ToTester =
  | { readonly kind: 'call'; readonly id: number; readonly call: TesterCall; readonly input: unknown }
  | { readonly kind: 'messagesTaken'; readonly connectionId: string };

export type FromTester =
  | { readonly kind: 'answer'; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly ok: false; readonly reason: string }
  | { readonly kind: 'proving'; readonly proofId: string; readonly done: number; readonly total: number }
  | { readonly kind: 'diagnosing'; readonly progress: DoctorProgress }
  | { readonly kind: 'checked'; readonly runId: string; readonly result: CheckResult }
  | { readonly kind: 'state'; readonly state: ConnectionReport }
  | { readonly kind: 'recording'; readonly state: RecordingState }
  | {
      readonly kind: 'recordingJob';
      readonly jobId: string;
      readonly step: 'replay' | 'write';
      readonly done: number;
      readonly total: number;
    }
  | { readonly kind: 'timed'; readonly state: TimedState }
  | { readonly kind: 'simulation'; readonly state: SimulationState }
  | { readonly kind: 'messages'; readonly batch: MessageBatch };

export type HistoryAnswer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: ErrorReport };

/** The state of one connection, as the contract has it (`tester.state`). */
export interface ConnectionReport {
  connectionId: string;
  phase: ConnectionPhase;
  protocolVersion: 4 | 5 | null;
  tls: { protocol: string; cipher: string; brokerFingerprint: string } | null;
  /** What CONNACK said besides yes; null while nothing is connected. */
  granted: Granted | null;
  retryAt: number | null;
  failure: MutableFailure | null;
}
type MutableFailure = { -readonly [K in keyof ConnectionFailure]: ConnectionFailure[K] };

/** MQTT 5 §3.2.2. `properties` by the names of mqtt.js, as the broker sent them; binary ones in hexadecimal. */
export interface Granted {
  /** A session of this client id is still there, with its subscriptions. */
  sessionPresent: boolean;
  properties: Record<string, string | number | boolean>;
  userProperties: { name: string; value: string }[];
}

/** As the contract has it (`tester.messages`). */
export interface MessageBatch {
  connectionId: string;
  packed: PackedMessages;
  /** Messages that arrived since the connection was opened, dropped ones included. */
  received: number;
  /** How many of all messages, in or out, were dropped because nobody took them in time: the gaps of `seq`. */
  dropped: number;
}
