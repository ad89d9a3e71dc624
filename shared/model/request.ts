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
