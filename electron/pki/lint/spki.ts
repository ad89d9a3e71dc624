import { DerError, inside, readWhole, type Tlv, tag } from './der-reader.ts';
import { integerOctets, oidText, unsigned, wholeOctets } from './der-values.ts';
import { type AlgorithmIdentifier, readAlgorithm } from './structure.ts';

/** A public key as its SubjectPublicKeyInfo describes it (RFC 5280 §4.1.2.7). */
export type PublicKey =
  | { readonly type: 'ec'; readonly curve: string; readonly point: Uint8Array }
  | {
      readonly type: 'rsa';
      /** Magnitudes without the leading zero octet. */
      readonly modulus: Uint8Array;
      readonly exponent: Uint8Array;
      readonly parametersNull: boolean;
    }
  | { readonly type: 'other'; readonly oid: string };

const ecPublicKey = '1.2.840.10045.2.1';
const rsaEncryption = '1.2.840.113549.1.1.1';

/**
 * Takes bytes and where the SPKI lies in them. An EC key with anything but a named curve (RFC 5480 §2.1.1) throws
 * DerError, as does whatever is not a well-formed SPKI.
 */
export function readPublicKey(bytes: Uint8Array, spki: Tlv): PublicKey {
  const fields = inside(bytes, spki);
  const algorithm: AlgorithmIdentifier = readAlgorithm(fields);
  const key = wholeOctets(bytes, fields.expect(tag.bitString));
  fields.finish();
  if (algorithm.oid === ecPublicKey) {
    if (algorithm.parameters?.tag !== tag.oid) throw new DerError('EC key without a named curve');
    return { type: 'ec', curve: oidText(bytes, algorithm.parameters), point: key };
  }
  if (algorithm.oid === rsaEncryption) {
    const numbers = inside(key, readWhole(key, tag.sequence));
    const modulus = positive(integerOctets(key, numbers.expect(tag.integer)));
    const exponent = positive(integerOctets(key, numbers.expect(tag.integer)));
    numbers.finish();
    return { type: 'rsa', modulus, exponent, parametersNull: algorithm.parameters?.tag === tag.null };
  }
  return { type: 'other', oid: algorithm.oid };
}

/** The same for an SPKI that stands alone. */
export function readLonePublicKey(spki: Uint8Array): PublicKey {
  return readPublicKey(spki, readWhole(spki, tag.sequence));
}

function positive(octets: Uint8Array): Uint8Array {
  const first = octets[0] ?? 0;
  if (first >= 0x80) throw new DerError('negative number in an RSA key');
  return first === 0 ? octets.subarray(1) : octets;
}

/** Bits of an RSA modulus. */
export function bitLength(magnitude: Uint8Array): number {
  const first = magnitude[0];
  return first === undefined ? 0 : magnitude.length * 8 - Math.clz32(first) + 24;
}

interface Curve {
  readonly name: 'p256' | 'p384';
  readonly octets: number;
  readonly prime: bigint;
  readonly b: bigint;
}

/** FIPS 186-5 / SP 800-186 §3.2.1; a = −3 on both. */
const curves: Readonly<Record<string, Curve>> = {
  '1.2.840.10045.3.1.7': {
    name: 'p256',
    octets: 32,
    prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  '1.3.132.0.34': {
    name: 'p384',
    octets: 48,
    prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
};

export function curveName(oid: string): 'p256' | 'p384' | undefined {
  return curves[oid]?.name;
}

/** Whether `point` is an uncompressed point (RFC 5480 §2.2) that lies on the named curve and is not infinity. */
export function isOnCurve(oid: string, point: Uint8Array): boolean {
  const curve = curves[oid];
  if (curve === undefined || point.length !== 1 + 2 * curve.octets || point[0] !== 4) return false;
  const x = unsigned(point.subarray(1, 1 + curve.octets));
  const y = unsigned(point.subarray(1 + curve.octets));
  if (x >= curve.prime || y >= curve.prime) return false;
  return (y * y - (x * x * x - 3n * x + curve.b)) % curve.prime === 0n;
}

/** The BIT STRING's content of an SPKI without its count of unused bits: what key identifiers are hashes of. */
export function publicKeyOctets(spki: Uint8Array): Uint8Array {
  const fields = inside(spki, readWhole(spki, tag.sequence));
  fields.expect(tag.sequence);
  const octets = wholeOctets(spki, fields.expect(tag.bitString));
  fields.finish();
  return octets;
}
