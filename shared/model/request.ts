import type { Role } from './access.ts';
import type { LintFinding } from './lint.ts';

/**
 * Why a certificate signing request (PKCS#10) is not signed, whatever the policy says:
 *
 * - `not-a-request`, `too-large`: nothing to look at
 * - `key-algorithm`: neither RSA nor EC (Ed25519, RSA-PSS keys): mbedTLS, Shelly and Tasmota cannot read it
 * - `rsa-too-short` (< 2048), `rsa-too-long` (> 4096), `rsa-modulus` (even, or broken octets), `rsa-exponent` (even, or < 65537)
 * - `curve`: not P-256 or P-384; `curve-explicit`: parameters written out; `curve-point`: not on its curve, or compressed
 * - `signature-hash`: SHA-1, MD5 or older; `signature-pss`, `signature-algorithm`: not a signature that we verify
 * - `signature`: does not verify, so whoever made the request has not proved to have the key
 */
export const requestRefusals = [
  'not-a-request',
  'too-large',
  'key-algorithm',
  'rsa-too-short',
  'rsa-too-long',
  'rsa-modulus',
  'rsa-exponent',
  'curve',
  'curve-explicit',
  'curve-point',
  'signature-hash',
  'signature-pss',
  'signature-algorithm',
  'signature',
] as const;
export type RequestRefusal = (typeof requestRefusals)[number];

/**
 * Why a request is not issued in a project, beside what is wrong with the request itself:
 *
 * - `id-missing`, `id-invalid`: no name that could be a device id; `id-reserved`: the program's own
 * - `name-taken`: a device of the project has that name; `name-twice`: another request of the same list
 * - `key-known`: the vault knows that key already, for something else; `key-twice`: another request of the same list
 * - `role-without-access`: no access rule for that role
 */
export const intakeRefusals = [
  ...requestRefusals,
  'id-missing',
  'id-invalid',
  'id-reserved',
  'name-taken',
  'name-twice',
  'key-known',
  'key-twice',
  'role-without-access',
] as const;
export type IntakeRefusal = (typeof intakeRefusals)[number];

/** One request as it is shown before anything is issued: what it asks for, and what becomes of it. */
export interface ReviewedRequest {
  /** Name of the file, and which request in it, from 0. */
  readonly file: string;
  readonly position: number;
  /** Empty when the file has no request that could be read. */
  readonly pem: string;
  readonly fingerprint: string;
  readonly subject: string;
  /** `P-256`, `RSA-2048`. */
  readonly key: string;
  readonly names: readonly string[];
  readonly addresses: readonly string[];
  /** Names of requested extensions. */
  readonly extensions: readonly string[];
  readonly wantsCa: boolean;
  readonly findings: readonly LintFinding[];
  /** The name it would get. */
  readonly id: string;
  readonly role: Role;
  readonly refusal: IntakeRefusal | null;
  /** The device of that name exists: its certificate is renewed (same key), or it could get one for another key. */
  readonly existing: 'renew' | 'rekey' | null;
}

/** A request to be issued, with what a person decided. */
export interface AcceptedRequest {
  readonly pem: string;
  readonly id: string;
  readonly role: Role;
  /** Another certificate for the device of that name, instead of a new device. */
  readonly existing: boolean;
}
