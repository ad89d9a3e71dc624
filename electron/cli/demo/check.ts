import { isErrorReport } from '../../../shared/errors.ts';
import { errorSentence } from '../words.ts';

export type Group = 'issued' | 'connected' | 'delivered' | 'denied' | 'refused' | 'replaced' | 'kept';

/** What a check saw: a line for people, and the same for programs. */
export interface Proof {
  readonly says: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** One thing that the demonstration claims, and how it is shown. */
export interface Check<S> {
  readonly id: string;
  readonly group: Group;
  /** The claim, as a person reads it. */
  readonly claim: string;
  /** Ids of the checks without which this one cannot be tried. */
  readonly needs: readonly string[];
  /** Gives what it saw, or throws: `NotHeld` when the claim is wrong, anything else when it could not be tried. */
  readonly run: (stage: S) => Promise<Proof>;
}

/** `held`: seen to be so. `failed`: not so, or it could not be found out. `skipped`: what it builds upon did not hold. */
export type Outcome = 'held' | 'failed' | 'skipped';

export interface CheckResult extends Proof {
  readonly id: string;
  readonly group: Group;
  readonly claim: string;
  readonly outcome: Outcome;
  readonly seconds: number;
}

/** The claim of a check is wrong; the message says what was seen instead. */
export class NotHeld extends Error {
  readonly facts: Proof['facts'];
  constructor(says: string, facts: Proof['facts'] = {}) {
    super(says);
    this.facts = facts;
  }
}

/**
 * Runs checks one after the other. One that fails ends nothing but those that need it. Gives the results so far when
 * `signal` is aborted; the check in hand is then none of them. Never throws for what a check does.
 */
export async function runChecks<S>(
  checks: readonly Check<S>[],
  stage: S,
  { signal, onResult }: { readonly signal: AbortSignal; readonly onResult: (result: CheckResult) => void },
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    if (signal.aborted) break;
    const { id, group, claim } = check;
    const begun = performance.now();
    const missing = check.needs.filter((need) => results.find((result) => result.id === need)?.outcome !== 'held');
    const seen =
      missing.length > 0
        ? { outcome: 'skipped' as const, says: `not tried, because ${missing.join(', ')} did not hold`, facts: { missing } }
        : await tried(check, stage);
    if (signal.aborted && seen.outcome === 'failed') break;
    const result = { id, group, claim, ...seen, seconds: Math.round(performance.now() - begun) / 1000 };
    results.push(result);
    onResult(result);
  }
  return results;
}

async function tried<S>(check: Check<S>, stage: S): Promise<Proof & { outcome: Outcome }> {
  try {
    return { outcome: 'held', ...(await check.run(stage)) };
  } catch (error) {
    if (error instanceof NotHeld) return { outcome: 'failed', says: error.message, facts: error.facts };
    if (isErrorReport(error)) return { outcome: 'failed', says: errorSentence(error), facts: { code: error.code } };
    return { outcome: 'failed', says: error instanceof Error ? error.message : String(error), facts: {} };
  }
}
