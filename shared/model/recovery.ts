/** Of how many shares how many are needed: fewer than two would be a copy of the key, more than nine nobody brings together. */
export const thresholdRange = { minimum: 2, maximum: 9 } as const;
export const shareCountMaximum = 12;

/** The recovery shares of a vault, without anything of what is on them. Times are milliseconds since 1970. */
export interface RecoveryState {
  readonly threshold: number;
  readonly count: number;
  readonly madeAt: number;
  /** When a drill last proved that enough of them open the vault; null = never since they were made. */
  readonly lastDrill: number | null;
}

/** One share as it is given away: its text is secret and exists nowhere else. */
export interface ShareCard {
  readonly index: number;
  readonly text: string;
}

/** Newly made shares. `vault` and `set` stand on the cards, so that people can tell which belong together (hexadecimal). */
export interface NewShares {
  readonly vault: string;
  readonly set: string;
  readonly threshold: number;
  readonly cards: readonly ShareCard[];
}
