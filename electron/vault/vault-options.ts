import type { KdfCost } from './key-wrapping.ts';
import type { Migration } from './migrations.ts';

export interface VaultOptions {
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Cost for new wrappings; a stored cheaper one is raised at the next unlock. */
  readonly kdfCost?: KdfCost;
  readonly migrations?: readonly Migration[];
  /** For `create`: a throw-away vault to practise with. Its first audit entry says so for ever. */
  readonly practice?: boolean;
}
