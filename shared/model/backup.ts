import type { TakenOverLists } from './deployed-list.ts';

/** What a backup says of itself; sealed with it, so that nobody can alter it. Times are milliseconds since 1970. */
export interface BackupManifest {
  readonly at: number;
  readonly operator: string;
  readonly vaultId: string;
  /** Where the audit log stood. */
  readonly auditHead: string;
  readonly auditEntries: number;
  readonly projects: number;
  readonly devices: number;
  readonly certificates: number;
  /** Name and SHA-256 of every authority's own certificates. */
  readonly authorities: readonly { readonly name: string; readonly fingerprint: string }[];
}

/** The revocation lists that were made after a restore, and the authorities that could make none, with the error's code. */
export interface PublishedAfterRestore extends TakenOverLists {
  readonly published: { authority: string; number: number }[];
  readonly withheld: { authority: string; code: string }[];
}
