import type { RefusalCause } from '../../../shared/model/broker-log.ts';
import { type AddressEntry, noted } from './entries.ts';

/** A time in which nobody with a certificate was let in. */
export interface LockedOut {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  /** It was still so when the log ended. */
  readonly ongoing: boolean;
  /** What the broker did last before it began. */
  readonly after: 'reload' | 'start' | null;
  readonly afterAt: number;
  readonly addresses: readonly string[];
}

const enough = 5;
const kept = 20;

/**
 * Sees when everybody's certificate is refused from a moment on: the revocation list has expired or is broken, or the authority
 * was replaced. One stranger who knocks often is not everybody, nor is
 * one address behind which several may be: that cannot be told from a single device.
 */
export class Lockout {
  #count = 0;
  #first = Number.NaN;
  #last = Number.NaN;
  #addresses: string[] = [];
  /** Of those, they that had been let in before. */
  #known = 0;
  #after: LockedOut['after'] = null;
  #afterAt = Number.NaN;
  #change: LockedOut['after'] = null;
  #changeAt = Number.NaN;
  #past: LockedOut[] = [];

  changed(what: 'reload' | 'start', at: number): void {
    this.#change = what;
    this.#changeAt = at;
  }

  refused(cause: RefusalCause, entry: AddressEntry | null, at: number): void {
    if (cause !== 'certificate') return;
    if (this.#count === 0) {
      this.#first = at;
      this.#after = this.#change;
      this.#afterAt = this.#changeAt;
    }
    this.#count++;
    this.#last = at;
    if (!entry || this.#addresses.includes(entry.key) || !noted(this.#addresses, entry.key)) return;
    if (entry.connected > 0) this.#known++;
  }

  /** Somebody was let in: it is not everybody. */
  connected(): void {
    const ended = this.#episode(false);
    if (ended && this.#past.length < kept) this.#past.push(ended);
    if (this.#count === 0) return;
    this.#count = 0;
    this.#known = 0;
    this.#addresses = [];
  }

  /** The one that goes on comes last. */
  episodes(): LockedOut[] {
    const open = this.#episode(true);
    return open ? [...this.#past, open] : [...this.#past];
  }

  #episode(ongoing: boolean): LockedOut | null {
    const several = this.#addresses.length >= 3 || this.#known >= 2;
    if (this.#count < enough || !several) return null;
    return {
      count: this.#count,
      first: this.#first,
      last: this.#last,
      ongoing,
      after: this.#after,
      afterAt: this.#afterAt,
      addresses: [...this.#addresses],
    };
  }
}
