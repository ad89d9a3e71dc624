import type { BrokerTarget } from './broker.ts';
import type { ConnectionCause, ConnectionFailure } from './connection.ts';

/**
 * What a proof on a live broker came to. `proved`: everything was tried and is as the project says. `refuted`: something is
 * not. `incomplete`: nothing contradicts the project, and not everything could be tried.
 */
export const proofOutcomes = ['proved', 'incomplete', 'refuted'] as const;
export type ProofOutcome = (typeof proofOutcomes)[number];

/**
 * Connections that a broker of this project has to refuse. None of them uses the identity of a real device; those about passwords
 * are tried in the observer's name, and only where the broker asks for passwords; `revoked-password` in that of the canary, where
 * passwords alone say who comes.
 */
export const refusalTests = [
  'no-certificate',
  'foreign-authority',
  'revoked',
  'expired',
  'no-password',
  'wrong-password',
  'revoked-password',
  'plain',
  'plain-1883',
] as const;
export type RefusalTest = (typeof refusalTests)[number];

export const seenStates = ['allowed', 'denied', 'untried'] as const;
/** How it was seen: the reason code of PUBACK or SUBACK (MQTT 5), messages that came or did not, or being thrown out (or not). */
export const seenBy = ['reason-code', 'delivery', 'disconnect'] as const;

export interface Seen {
  readonly seen: (typeof seenStates)[number];
  readonly by: (typeof seenBy)[number] | null;
  readonly reasonCode: number | null;
}

export interface ObservedConnection {
  readonly who: string;
  /** Null: it was not let in, `failure` says why. */
  readonly protocolVersion: 4 | 5 | null;
  readonly tls: { readonly protocol: string; readonly cipher: string; readonly brokerFingerprint: string } | null;
  readonly failure: ConnectionFailure | null;
  /** How often the connection was lost while it was used: the real device may have come back. */
  readonly lost: number;
}

export interface ObservedTopic extends Seen {
  readonly who: string;
  readonly verb: 'write' | 'read';
  readonly topic: string;
}

export interface ObservedRefusal {
  readonly test: RefusalTest;
  readonly seen: 'refused' | 'accepted' | 'untried';
  /** Why it was refused, or could not be tried; null when it was accepted or what was needed for it is not here. */
  readonly cause: ConnectionCause | null;
  /** TLS alert of the broker, where there was one. */
  readonly alert: number | null;
}

/** What the tester saw. No judgement. */
export interface ProofObserved {
  readonly connections: readonly ObservedConnection[];
  readonly topics: readonly ObservedTopic[];
  readonly refusals: readonly ObservedRefusal[];
  /** What the broker says of itself on `$SYS/broker/version`; null = nothing. */
  readonly version: string | null;
  /** Somebody broke it off after so many messages had been sent; null = it came to its end. */
  readonly stopped: { readonly messages: number } | null;
}

/** One cell of the matrix. */
export interface ProofCheck extends ObservedTopic {
  readonly expected: boolean;
  /** The line of the access list that decides; null = no line, so it is denied. */
  readonly rule: string | null;
}

/**
 * Why cells differ. `older-list`: the broker decides as the rules of an earlier moment (`at`) say: the kit was not copied, or
 * the broker not reloaded. `everything-allowed`: it uses no access list. `nothing-allowed`: its list does not know these names.
 * `other-rule`: its list is another one at these places.
 */
export interface ProofExplanation {
  readonly kind: 'older-list' | 'everything-allowed' | 'nothing-allowed' | 'other-rule';
  /** ms since 1970 UTC; of `older-list` only. */
  readonly at: number | null;
  /** Places in `checks`. */
  readonly checks: readonly number[];
}

/** A proof as it is kept and printed. */
export interface ProofReport {
  readonly version: 1;
  readonly project: string;
  readonly operator: string;
  readonly host: string;
  readonly port: number;
  readonly target: BrokerTarget;
  /** What the broker said of itself (`mosquitto version 2.0.11`); missing in older reports, null = it said nothing. */
  readonly brokerVersion?: string | null | undefined;
  /** ms since 1970 UTC. */
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly outcome: ProofOutcome;
  readonly connections: readonly ObservedConnection[];
  readonly checks: readonly ProofCheck[];
  readonly refusals: readonly ObservedRefusal[];
  readonly explanations: readonly ProofExplanation[];
}

/** At most so many devices in one proof: each is thrown off the broker for its time. */
export const proofDevices = 20;
