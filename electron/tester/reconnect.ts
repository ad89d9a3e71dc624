import type { ConnectionCause } from '../../shared/model/connection.ts';

/**
 * Causes that pass by themselves: the network, a broker that restarts. Everything else is a refusal, which trying
 * again does not change, and which would fill the broker's log.
 */
const passing: readonly ConnectionCause[] = [
  'name-not-found',
  'name-server-silent',
  'refused',
  'unreachable',
  'no-answer',
  'no-connack',
  'closed-during-tls',
  'closed-before-connack',
  'closed-by-broker',
  'shutting-down',
  'keep-alive-timeout',
  'server-busy',
];

export function passesByItself(cause: ConnectionCause): boolean {
  return passing.includes(cause);
}

/** The pause before try number `attempt` (from 0), in milliseconds, up to a fifth longer so that many do not come at once. */
export function pauseBefore(attempt: number, backOff: readonly number[], random: () => number = Math.random): number {
  const pause = backOff[Math.min(attempt, backOff.length - 1)] ?? 30_000;
  return Math.round(pause * (1 + random() / 5));
}
