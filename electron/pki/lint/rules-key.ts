import type { Report } from './finding.ts';
import { bitLength, curveName, isOnCurve, type PublicKey } from './spki.ts';

/** P-256 or P-384 with an uncompressed point on the curve; RSA of 2048 to 4096 bits with a sane exponent. */
export function checkPublicKey(key: PublicKey, report: Report): void {
  if (key.type === 'ec') {
    if (curveName(key.curve) === undefined) report.add('key-algorithm', { algorithm: key.curve });
    else if (!isOnCurve(key.curve, key.point)) report.add('key-ec-point');
  } else if (key.type === 'rsa') checkRsa(key, report);
  else report.add('key-algorithm', { algorithm: key.oid });
}

/** RFC 3279 §2.3.1 (NULL parameters); modulus odd, of whole octets; exponent odd and at least 2^16 + 1. */
function checkRsa(key: Extract<PublicKey, { type: 'rsa' }>, report: Report): void {
  if (!key.parametersNull) report.add('key-algorithm', { algorithm: 'rsa without NULL' });
  const bits = bitLength(key.modulus);
  const odd = ((key.modulus.at(-1) ?? 0) & 1) === 1;
  if (bits < 2048 || bits > 4096 || bits % 8 !== 0 || !odd) report.add('key-rsa-modulus', { bits });
  // chains of such keys overflow ESP-IDF's 4 kB TX buffer
  else if (bits > 3072) report.add('key-large', { bits });
  const exponent = key.exponent.reduce((value, octet) => value * 256 + octet, 0);
  const exponentOdd = ((key.exponent.at(-1) ?? 0) & 1) === 1;
  if (exponent < 65537 || !exponentOdd || key.exponent.length > 32) report.add('key-rsa-exponent');
}
