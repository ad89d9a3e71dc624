import { FieldkeyError } from '../../shared/errors.ts';
import type { Database } from './database.ts';

const minute = 60_000;
const day = 24 * 60 * minute;

/** Computers are set right by this much without anybody noticing. */
const backwardTolerance = 10 * minute;
/** Longer than this nobody who uses a vault leaves it alone, and dates this far ahead lock out everybody: a person is asked. */
const forwardLimit = 60 * day;
/** How many of the last entries are looked at when a vault is opened. */
const looked = 2_000;

/** Written when a person says that the clock is right although it contradicts the log. */
export const clockConfirmed = 'clock.confirm';

/**
 * What the vault knows of the time: the latest moment that an audit entry names, without those that a wrong clock
 * wrote. A clock behind it, or months ahead of it, must not date certificates.
 */
export class KnownTime {
  #known = 0;

  /** Takes up what the last entries of the log tell. */
  resume(database: Database): void {
    const entries = database
      .prepare<[number], { at: number; action: string }>('SELECT at, action FROM audit ORDER BY seq DESC LIMIT ?')
      .all(looked);
    for (const { at, action } of entries.reverse()) this.learn(at, action);
  }

  /** An entry was written at this time. One by a clock that is obviously wrong teaches nothing. */
  learn(at: number, action: string): void {
    if (this.#known === 0 || action === clockConfirmed) this.#known = at;
    else if (this.contradiction(at) === null) this.#known = Math.max(this.#known, at);
  }

  /** The time that `now` contradicts, or null when it is plausible. */
  contradiction(now: number): number | null {
    if (this.#known === 0) return null;
    return now < this.#known - backwardTolerance || now > this.#known + forwardLimit ? this.#known : null;
  }

  /** @throws CLOCK_WRONG */
  assertPlausible(now: number): void {
    const known = this.contradiction(now);
    if (known !== null) throw new FieldkeyError('CLOCK_WRONG', { clock: now, known });
  }
}
