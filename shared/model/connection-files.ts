/**
 * What is wrong with the files of a connection, told before anything is sent.
 * - `nothing`: neither a certificate nor a key in them; `unreadable`: a file is none of the kinds that are read.
 * - `passphrase-missing`, `passphrase-wrong`: of an encrypted key or a PKCS#12 file.
 * - `key-missing`, `certificate-missing`: half of the pair. `mismatch`: both, and they do not belong together.
 * - `authority`: the only certificate that goes with a key is an authority's; `several`: more than one pair.
 * - `unusable`: the TLS library refuses the pair, such as a curve that it does not know.
 * - `no-authority`, `no-certificate`: the file of authorities has none, or no certificate at all.
 */
export const fileProblems = [
  'nothing',
  'unreadable',
  'too-large',
  'passphrase-missing',
  'passphrase-wrong',
  'key-missing',
  'certificate-missing',
  'mismatch',
  'authority',
  'several',
  'unusable',
  'no-authority',
  'no-certificate',
] as const;
export type FileProblem = (typeof fileProblems)[number];

/** A certificate for people. Times in ms. */
export interface CertificateSummaryLine {
  readonly name: string;
  readonly issuer: string;
  readonly notBefore: number;
  readonly notAfter: number;
  /** SHA-256, hexadecimal. */
  readonly fingerprint: string;
}
