import type { ConnectionCause, ConnectionFailure } from './connection.ts';

/** What a load of simulated meters may be at most: it is for one's own broker, and for one computer to make. */
export const simulationLimits = {
  connections: 2_000,
  messagesPerSecond: 1_000,
  /** New connections a second. */
  ramp: { minimum: 1, maximum: 100 },
  /** Seconds between two readings of a meter. */
  interval: { minimum: 1, maximum: 60 },
} as const;

/** Which devices: those whose name contains a text (capitals make no difference), the first ones of them up to a limit. */
export interface SimulationChoice {
  readonly search: string;
  /** Null = as many as there are. */
  readonly limit: number | null;
}

/** How many of the chosen devices can be simulated, and why others cannot. */
export interface SimulationPlan {
  readonly usable: number;
  /** Names of the first and the last of them; empty when there are none. */
  readonly first: string;
  readonly last: string;
  /** Their key is not in this vault, and there is no test certificate. */
  readonly noKey: number;
  /** Without a certificate that is in force. */
  readonly noCertificate: number;
  /** Their role may not publish anything. */
  readonly noTopic: number;
  /** They use the certificate of another device. */
  readonly shared: number;
}

/**
 * Why a run ended: somebody stopped it, nobody was left to publish, the observer that measures was refused, the process of
 * the simulation ended.
 */
export type SimulationEnd = 'stopped' | 'nobody' | 'observer' | 'process';

/** Connections that failed for the same cause; `failure` is that of the first. */
export interface SimulationCause {
  readonly cause: ConnectionCause;
  /** They were connected before. */
  readonly lost: boolean;
  readonly count: number;
  /** One of them. */
  readonly device: string;
  readonly failure: ConnectionFailure;
}

/** The figures at one moment; counts since the beginning. */
export interface SimulationSample {
  /** ms since the beginning. */
  readonly at: number;
  readonly connected: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly received: number;
}

/** How a run stands. Times in ms, those of the clock since 1970 UTC. */
export interface SimulationState {
  readonly runId: string;
  readonly phase: 'ramp' | 'steady' | 'stopping' | 'ended';
  readonly end: SimulationEnd | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Meters that were to be connected. */
  readonly planned: number;
  /** The vault was locked meanwhile: no more keys come out of it. */
  readonly keysEnded: boolean;
  readonly connecting: number;
  readonly connected: number;
  /** Most at the same time. */
  readonly peak: number;
  readonly refused: number;
  readonly lost: number;
  readonly causes: readonly SimulationCause[];
  readonly sent: number;
  readonly acknowledged: number;
  /** Refused by the broker, or lost with the connection. */
  readonly failed: number;
  /** Of the last one that the broker refused. */
  readonly reasonCode: number | null;
  /** Not sent: the message before was not confirmed yet. */
  readonly skipped: number;
  /** Messages a second, over the last five seconds. */
  readonly rate: number;
  /** From publishing to the arrival at the observer; null = nobody measures. */
  readonly roundTrip: RoundTrip | null;
  /** About one each second, thinned out when they become many. */
  readonly samples: readonly SimulationSample[];
}

/** A run of which nothing is known yet; it begins now. */
export function simulationBegins(runId: string, planned: number): SimulationState {
  return {
    runId,
    phase: 'ramp',
    end: null,
    startedAt: Date.now(),
    endedAt: null,
    planned,
    keysEnded: false,
    connecting: 0,
    connected: 0,
    peak: 0,
    refused: 0,
    lost: 0,
    causes: [],
    sent: 0,
    acknowledged: 0,
    failed: 0,
    reasonCode: null,
    skipped: 0,
    rate: 0,
    roundTrip: null,
    samples: [],
  };
}

export interface RoundTrip {
  readonly received: number;
  /** Confirmed by the broker, and not seen by the observer within half a minute. */
  readonly missing: number;
  /** ms; null before the first message. */
  readonly median: number | null;
  readonly p95: number | null;
  readonly maximum: number | null;
}

/** A run as a page shows it: what was asked for, and how it stands. */
export interface SimulationReport {
  readonly projectId: number;
  readonly host: string;
  readonly port: number;
  /** Seconds. */
  readonly interval: number;
  /** Connections a second. */
  readonly ramp: number;
  readonly qos: 0 | 1;
  readonly state: SimulationState;
}
