import type { Role } from './access.ts';
import type { AuthorityState } from './authority.ts';
import type { RevocationReason } from './certificate.ts';
import type { LintFinding } from './lint.ts';

export const importSources = ['script', 'easy-rsa', 'xca', 'files'] as const;
export type ImportSource = (typeof importSources)[number];

/**
 * Why something that was found is not taken:
 *
 * - `authority-not-ca`: used as an authority and does not say so (version 1, no basicConstraints): nothing that it issued
 *   from now on could be validated
 * - `authority-key-weak`: its key is one that nobody should sign with; `authority-ended`: expired
 * - `issuer-missing`: whoever signed it is not among the files, or is not taken
 * - `id-invalid`, `id-reserved`: its common name cannot be a device's
 * - `serial-twice`: another certificate of the same authority has that serial
 * - `key-lonely`: a private key without a certificate; `key-encrypted`: the passphrase is missing or does not open it
 * - `password`: a user of a password file who is no device here, or whose hash no Mosquitto would take
 * - `revocation`: an entry about a revoked certificate that cannot be read, or that may be of any of several authorities
 * - `unreadable`: the file cannot be read
 */
export const leaveReasons = [
  'authority-not-ca',
  'authority-key-weak',
  'authority-ended',
  'issuer-missing',
  'id-invalid',
  'id-reserved',
  'serial-twice',
  'key-lonely',
  'key-encrypted',
  'password',
  'revocation',
  'unreadable',
] as const;
export type LeaveReason = (typeof leaveReasons)[number];

/** What an import would take, and what not, before anything is stored. */
export interface ImportReview {
  readonly source: ImportSource;
  /** Names exactly what was looked at: handed in again when it is imported. */
  readonly digest: string;
  /** A name for the project, from the authority's. */
  readonly project: string;
  readonly authorities: readonly {
    readonly place: string;
    readonly name: string;
    readonly key: string;
    readonly notAfter: number;
    /** Its private key is there. */
    readonly keyHere: boolean;
    /** It will issue for this project. */
    readonly issues: boolean;
    readonly revoked: number;
    /** Out of use when its issuer's list revokes it, or one above it: it is kept, and neither trusted nor an issuer. */
    readonly state: AuthorityState;
    /** What its issuer's list says about its own certificate; null = nothing. */
    readonly withdrawn: { readonly at: number; readonly reason: RevocationReason } | null;
    /** Until when the list is valid that came with it and goes along; null = none that its key has signed. Only asked for without its key. */
    readonly listEnds: number | null;
    readonly findings: readonly LintFinding[];
  }[];
  readonly broker: {
    readonly places: readonly string[];
    readonly names: readonly string[];
    readonly addresses: readonly string[];
    readonly findings: readonly LintFinding[];
  };
  readonly devices: readonly {
    readonly id: string;
    readonly role: Role;
    readonly places: readonly string[];
    readonly key: string;
    readonly keyHere: boolean;
    readonly notAfter: number;
    readonly revoked: boolean;
    /** A password file has it; only its hash is known. */
    readonly password: boolean;
    readonly findings: readonly LintFinding[];
  }[];
  readonly leftOut: readonly { readonly place: string; readonly name: string; readonly why: LeaveReason }[];
}
