import type { RequestRefusal } from '../../shared/model/request.ts';
import { DerError, inside, readWhole, tag } from './lint/der-reader.ts';
import { bitLength, curveName, isOnCurve, readLonePublicKey } from './lint/spki.ts';
import { oids } from './oids.ts';

/** A public key of anybody, as far as people need to know it. */
export type KeyDescription =
  | { readonly type: 'rsa'; readonly bits: number; readonly sound: 'yes' | 'modulus' | 'exponent' }
  | {
      readonly type: 'ec';
      /** `P-256`, another name people know, an OID, or `explicit` when the parameters are written out. */
      readonly curve: string;
      readonly sound: boolean;
    }
  | { readonly type: 'other'; readonly name: string };

/** Names of RFC 5480 §2.1.1.1, RFC 5639 and SEC 2 that are not of ours. */
const otherCurves: Readonly<Record<string, string>> = {
  '1.3.132.0.35': 'P-521',
  '1.3.132.0.33': 'P-224',
  '1.2.840.10045.3.1.1': 'P-192',
  '1.3.132.0.10': 'secp256k1',
  '1.3.36.3.3.2.8.1.1.7': 'brainpoolP256r1',
  '1.3.36.3.3.2.8.1.1.11': 'brainpoolP384r1',
  '1.3.36.3.3.2.8.1.1.13': 'brainpoolP512r1',
};

const otherKeys: Readonly<Record<string, string>> = {
  [oids.ed25519]: 'Ed25519',
  [oids.ed448]: 'Ed448',
  [oids.rsassaPss]: 'RSA-PSS',
  '1.2.840.10040.4.1': 'DSA',
  '1.3.101.110': 'X25519',
};

/** Takes the DER of an SPKI. Throws DerError for what is none. Asks no crypto library: those differ in what they know. */
export function describeKey(spki: Uint8Array): KeyDescription {
  if (hasExplicitCurve(spki)) return { type: 'ec', curve: 'explicit', sound: false };
  const key = readLonePublicKey(spki);
  if (key.type === 'other') return { type: 'other', name: otherKeys[key.oid] ?? key.oid };
  if (key.type === 'ec') {
    const ours = { p256: 'P-256', p384: 'P-384' } as const;
    const name = curveName(key.curve);
    const curve = name === undefined ? (otherCurves[key.curve] ?? key.curve) : ours[name];
    return { type: 'ec', curve, sound: isOnCurve(key.curve, key.point) };
  }
  const bits = bitLength(key.modulus);
  const odd = (octets: Uint8Array) => ((octets.at(-1) ?? 0) & 1) === 1;
  const exponent = key.exponent.reduce((value, octet) => value * 256 + octet, 0);
  if (!odd(key.modulus) || bits % 8 !== 0) return { type: 'rsa', bits, sound: 'modulus' };
  if (exponent < 65537 || !odd(key.exponent) || key.exponent.length > 32) return { type: 'rsa', bits, sound: 'exponent' };
  return { type: 'rsa', bits, sound: 'yes' };
}

/** ECParameters as a SEQUENCE instead of a curve's OID, which RFC 5480 §2.1.1 forbids. */
function hasExplicitCurve(spki: Uint8Array): boolean {
  const identifier = inside(spki, readWhole(spki, tag.sequence)).enter(tag.sequence);
  const oid = identifier.expect(tag.oid);
  const isEc = Buffer.from(spki.subarray(oid.content, oid.end)).toString('hex') === '2a8648ce3d0201';
  return isEc && !identifier.done && identifier.next().tag === tag.sequence;
}

/** Why we do not certify such a key; undefined when we do: P-256, P-384, RSA of 2048 to 4096 bits. */
export function keyRefusal(key: KeyDescription): RequestRefusal | undefined {
  switch (key.type) {
    case 'other':
      return 'key-algorithm';
    case 'ec':
      if (key.curve === 'explicit') return 'curve-explicit';
      if (key.curve !== 'P-256' && key.curve !== 'P-384') return 'curve';
      return key.sound ? undefined : 'curve-point';
    default:
      if (key.bits < 2048) return 'rsa-too-short';
      if (key.bits > 4096) return 'rsa-too-long';
      return { yes: undefined, modulus: 'rsa-modulus', exponent: 'rsa-exponent' }[key.sound] as RequestRefusal | undefined;
  }
}

/** `P-256`, `RSA-2048`, `Ed25519`: for people. */
export function keyText(key: KeyDescription): string {
  if (key.type === 'rsa') return `RSA-${key.bits}`;
  return key.type === 'ec' ? key.curve : key.name;
}

/** The same for bytes of anybody; undefined when they are no SPKI. */
export function tryDescribeKey(spki: Uint8Array): KeyDescription | undefined {
  try {
    return describeKey(spki);
  } catch (error) {
    if (error instanceof DerError) return undefined;
    throw error;
  }
}
