import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import type { DerNode } from './der.ts';
import { nullValue, oid, sequence, toDer } from './der.ts';
import { DerError } from './lint/der-reader.ts';
import { bitLength, curveName, readLonePublicKey } from './lint/spki.ts';
import { oids } from './oids.ts';

/** The three signatures we make: hash by the strength of the curve (RFC 5758 §3.2), SHA-256 for RSA. */
export type SignatureAlgorithm = 'ecdsa-sha256' | 'ecdsa-sha384' | 'rsa-sha256';

/**
 * Whatever can sign with an issuer's key: software here, PKCS#11 tokens later. Callers await, so both kinds fit.
 */
export interface Signer {
  readonly algorithm: SignatureAlgorithm;
  /** The public half, DER of SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** Takes the DER to be signed; gives the signature as it stands in a certificate (ECDSA: DER of r and s). */
  sign(tbs: Uint8Array): Promise<Uint8Array> | Uint8Array;
}

const hashes = { 'ecdsa-sha256': 'sha256', 'ecdsa-sha384': 'sha384', 'rsa-sha256': 'sha256' } as const;

/**
 * Signs with a private key in memory. Takes PKCS#8; the caller may wipe it afterwards.
 * Throws FILE_MALFORMED when it is no key, PROFILE_REFUSED when it cannot sign for us (other curves, RSA below 2048).
 * Imported RSA-4096 authorities are fine: only new keys are limited to our algorithms.
 */
export function softwareSigner(pkcs8: Buffer): Signer {
  let key: ReturnType<typeof createPrivateKey>;
  let spki: Buffer;
  try {
    key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
    spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  } catch (error) {
    throw new FieldkeyError('FILE_MALFORMED', { what: 'private-key', reason: 'not understood as PKCS#8' }, error);
  }
  const algorithm = signatureAlgorithmFor(spki);
  const hash = hashes[algorithm];
  return { algorithm, spki, sign: (tbs) => sign(hash, tbs, key) };
}

/** Which signature an issuer with this public key makes. Throws PROFILE_REFUSED for keys we do not sign with. */
export function signatureAlgorithmFor(spki: Uint8Array): SignatureAlgorithm {
  try {
    const key = readLonePublicKey(spki);
    if (key.type === 'ec') {
      const curve = curveName(key.curve);
      if (curve === 'p256') return 'ecdsa-sha256';
      if (curve === 'p384') return 'ecdsa-sha384';
    }
    if (key.type === 'rsa' && bitLength(key.modulus) >= 2048) return 'rsa-sha256';
  } catch (error) {
    if (error instanceof DerError)
      throw new FieldkeyError('FILE_MALFORMED', { what: 'public-key', reason: error.message }, error);
    throw error;
  }
  throw new FieldkeyError('PROFILE_REFUSED', { reason: 'key-algorithm' });
}

/** AlgorithmIdentifier of a signature: parameters absent for ECDSA (RFC 5758 §3.2), NULL for RSA (RFC 4055 §5). */
function algorithmIdentifier(algorithm: SignatureAlgorithm): DerNode {
  switch (algorithm) {
    case 'ecdsa-sha256':
      return sequence(oid(oids.ecdsaWithSha256));
    case 'ecdsa-sha384':
      return sequence(oid(oids.ecdsaWithSha384));
    default:
      return sequence(oid(oids.sha256WithRsa), nullValue());
  }
}

/** The same encoded once, since every certificate carries it twice. */
export const algorithmIdentifiers: Readonly<Record<SignatureAlgorithm, Buffer>> = {
  'ecdsa-sha256': toDer(algorithmIdentifier('ecdsa-sha256')),
  'ecdsa-sha384': toDer(algorithmIdentifier('ecdsa-sha384')),
  'rsa-sha256': toDer(algorithmIdentifier('rsa-sha256')),
};
