import type { ImportSource } from '../../shared/model/import.ts';
import type { Finding } from '../pki/lint/finding.ts';

/** What a reader found. Nothing of it is stored yet; it is shown first, and a person decides. */
export interface Imported {
  readonly source: ImportSource;
  /** Certificates that may issue, with everything that is known about their role. */
  readonly authorities: readonly ImportedCertificate[];
  readonly certificates: readonly ImportedCertificate[];
  /** Private keys, each paired with its certificates by the public key. */
  readonly keys: readonly ImportedKey[];
  readonly revocations: readonly ImportedRevocation[];
  readonly crls: readonly ImportedCrl[];
  /** Lines of a Mosquitto password file. */
  readonly credentials: readonly ImportedCredential[];
  /** What is wrong, or could not be read. Never a secret, neither key nor hash. */
  readonly findings: readonly ImportFinding[];
}

export interface ImportedCertificate {
  /** Where it was found: a path below the folder, or the name in the database. */
  readonly place: string;
  readonly der: Buffer;
  /** SHA-256 of the DER, and of its public key: lower-case hexadecimal. */
  readonly fingerprint: string;
  readonly spkiFingerprint: string;
}

/** Wipe `pkcs8` when done. */
export interface ImportedKey {
  readonly place: string;
  readonly pkcs8: Buffer;
  readonly spkiFingerprint: string;
}

export interface ImportedRevocation {
  /** Lower-case hexadecimal. */
  readonly serial: string;
  readonly revokedAt: Date;
  /** Names of RFC 5280 §5.3.1; `other` for reasons that we do not issue. */
  readonly reason: string;
  /** DER of the issuer's name, when it is known. */
  readonly issuerDer: Buffer | undefined;
  readonly place: string;
}

export interface ImportedCrl {
  readonly place: string;
  readonly der: Buffer;
  readonly issuerDer: Buffer;
  readonly number: bigint | undefined;
}

export interface ImportedCredential {
  readonly user: string;
  /** The hash as it stands in the file: `$6$…` or `$7$…`. */
  readonly hash: string;
  readonly place: string;
}

export type ImportFinding =
  | { readonly place: string; readonly kind: 'lint'; readonly finding: Finding }
  /** `code` is that of an error, `detail` its reason. */
  | { readonly place: string; readonly kind: 'unreadable'; readonly code: string; readonly detail: string }
  | { readonly place: string; readonly kind: 'key-encrypted' | 'key-without-certificate' | 'certificate-without-key' }
  /** A line of a password file, or a revocation in a list, from 1: neither can be read. */
  | { readonly place: string; readonly kind: 'password-line' | 'revocation-line'; readonly line: number };
