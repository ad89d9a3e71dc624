/** A computer that may open a vault without its passphrase, as the vault knows it. */
export interface KeychainSlot {
  /** 16 bytes, hexadecimal. */
  readonly slot: string;
  /** The computer's name. */
  readonly computer: string;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
}

/**
 * Why this computer's keychain cannot be used.
 * - `none`: the system offers no keychain, or it does not answer.
 * - `plain`: what stands in for one would let the key lie on the disk as good as readable (Chromium's `basic_text`).
 * - `practice`: nobody knows the passphrase of a vault to practise with.
 */
export const keychainObstacles = ['none', 'plain', 'practice'] as const;
export type KeychainObstacle = (typeof keychainObstacles)[number];
