import type { ConnectionReport } from '../tester/channel.ts';

/** Milliseconds; a process that ends for the third time within a minute is ended by something that comes back with them. */
const usualPauses: readonly number[] = [1_000, 5_000];

/** Connections that come back by themselves after a crash of the tester's process, until they do. */
export class Returning {
  readonly #pauses: readonly number[];
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** When the process crashed, performance.now. */
  #crashes: readonly number[] = [];

  /** `pauses`: before they come back, one for each crash of the last minute; when they are used up nobody does. */
  constructor(pauses: readonly number[] = usualPauses) {
    this.#pauses = pauses;
  }

  /** Notes a crash. Gives the pause, or undefined when nobody is to come back. */
  pauseAfterCrash(): number | undefined {
    const now = performance.now();
    const recent = this.#crashes.filter((at) => now - at < 60_000);
    this.#crashes = [...recent, now];
    return this.#pauses[recent.length];
  }

  later(connectionId: string, pause: number, run: () => void): void {
    this.#timers.set(connectionId, setTimeout(run, pause));
  }

  has(connectionId: string): boolean {
    return this.#timers.has(connectionId);
  }

  /** It is back, or given up. False when it was not about to come back, or no longer. */
  drop(connectionId: string): boolean {
    clearTimeout(this.#timers.get(connectionId));
    return this.#timers.delete(connectionId);
  }
}

/** A connection that nothing is known of yet. */
export function connecting(connectionId: string): ConnectionReport {
  return { connectionId, phase: 'connecting', protocolVersion: null, tls: null, granted: null, retryAt: null, failure: null };
}

/** How a connection stands while somebody else speaks in its name. */
export function resting(state: ConnectionReport): ConnectionReport {
  const failure = { cause: 'resting', params: {}, raw: '', alert: null, reasonCode: null } as const;
  return { ...state, phase: 'waiting', tls: null, granted: null, retryAt: null, failure };
}

/** How a connection ended whose process did. */
export function crashed(state: ConnectionReport, code: number): ConnectionReport {
  const raw = `the tester's process ended with ${code}`;
  return {
    ...state,
    phase: 'closed',
    tls: null,
    granted: null,
    retryAt: null,
    failure: { cause: 'tester-ended', params: {}, raw, alert: null, reasonCode: null },
  };
}

/** Why it did not come back: where the vault is locked nobody connects; anything else is for the details. */
export function notBack(state: ConnectionReport, code: number, error: unknown): ConnectionReport {
  const unknown = state.failure && { ...state.failure, cause: 'unknown' as const };
  // while somebody else spoke in its name, nothing crashed
  const closed: ConnectionReport =
    state.failure?.cause === 'resting' ? { ...state, phase: 'closed', failure: unknown } : crashed(state, code);
  const reason = (error as { readonly code?: unknown } | null)?.code;
  if (!closed.failure || typeof reason !== 'string') return closed;
  const cause = reason === 'VAULT_LOCKED' ? 'vault-locked' : closed.failure.cause;
  return {
    ...closed,
    failure: { ...closed.failure, cause, raw: [closed.failure.raw, reason].filter((part) => part !== '').join('; ') },
  };
}
