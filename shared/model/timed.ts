/** Limits of timed publishing: ms between two messages, and how many of them when a number is given. */
export const timedInterval = { minimum: 10, maximum: 86_400_000 } as const;
export const timedCount = { minimum: 1, maximum: 10_000_000 } as const;

/**
 * Why a run ended: all were sent, somebody stopped it, its connection ended, its process ended, or a message could not be
 * made (a topic that is not valid, a payload that is none after its variables were filled in).
 */
export type TimedEnd = 'done' | 'stopped' | 'connection' | 'process' | 'message';

/** How a timed run stands. Times in ms since 1970 UTC. */
export interface TimedState {
  readonly connectionId: string;
  readonly topic: string;
  /** ms. */
  readonly interval: number;
  /** Null = until stopped. */
  readonly count: number | null;
  readonly startedAt: number;
  /** Null while it runs. */
  readonly ended: TimedEnd | null;
  readonly sent: number;
  /** Confirmed by the broker; with QoS 0 none is. */
  readonly acknowledged: number;
  /** Refused by the broker, or lost with the connection. */
  readonly failed: number;
  /** Not sent: their time passed while the computer slept, or too many wait for the broker's word. */
  readonly skipped: number;
  /** Of the last message that failed, where the broker said why. */
  readonly reasonCode: number | null;
}
