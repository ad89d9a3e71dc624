import type { AlgorithmIdentifier } from './lint/structure.ts';
import { oids } from './oids.ts';

/** A signature algorithm as its AlgorithmIdentifier names it. */
export interface SignatureScheme {
  /** As RFC 5758, RFC 4055 and RFC 3279 write it, or the OID. */
  readonly name: string;
  readonly keyType: 'rsa' | 'ec' | 'other';
  /** For node:crypto; undefined when we do not verify it. */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | undefined;
  readonly padding: 'none' | 'pss';
  /** Its hash is broken or no longer allowed: MD2, MD5 (RFC 6151), SHA-1 (RFC 6194), SHA-224. */
  readonly weak: boolean;
}

type Known = readonly [name: string, keyType: SignatureScheme['keyType'], hash: SignatureScheme['hash'], weak?: 'weak'];

const known: Readonly<Record<string, Known>> = {
  [oids.sha256WithRsa]: ['sha256WithRSAEncryption', 'rsa', 'sha256'],
  [oids.sha384WithRsa]: ['sha384WithRSAEncryption', 'rsa', 'sha384'],
  [oids.sha512WithRsa]: ['sha512WithRSAEncryption', 'rsa', 'sha512'],
  [oids.ecdsaWithSha256]: ['ecdsa-with-SHA256', 'ec', 'sha256'],
  [oids.ecdsaWithSha384]: ['ecdsa-with-SHA384', 'ec', 'sha384'],
  [oids.ecdsaWithSha512]: ['ecdsa-with-SHA512', 'ec', 'sha512'],
  [oids.rsassaPss]: ['id-RSASSA-PSS', 'rsa', undefined],
  [oids.ed25519]: ['Ed25519', 'other', undefined],
  [oids.ed448]: ['Ed448', 'other', undefined],
  [oids.md2WithRsa]: ['md2WithRSAEncryption', 'rsa', undefined, 'weak'],
  [oids.md5WithRsa]: ['md5WithRSAEncryption', 'rsa', undefined, 'weak'],
  [oids.sha1WithRsa]: ['sha1WithRSAEncryption', 'rsa', undefined, 'weak'],
  '1.3.14.3.2.29': ['sha1WithRSASignature', 'rsa', undefined, 'weak'],
  [oids.sha224WithRsa]: ['sha224WithRSAEncryption', 'rsa', undefined, 'weak'],
  [oids.ecdsaWithSha1]: ['ecdsa-with-SHA1', 'ec', undefined, 'weak'],
  [oids.ecdsaWithSha224]: ['ecdsa-with-SHA224', 'ec', undefined, 'weak'],
  '1.2.840.10040.4.3': ['dsa-with-SHA1', 'other', undefined, 'weak'],
};

export function signatureScheme({ oid }: AlgorithmIdentifier): SignatureScheme {
  const [name, keyType, hash, weak] = known[oid] ?? [oid, 'other', undefined];
  return { name, keyType, hash, padding: oid === oids.rsassaPss ? 'pss' : 'none', weak: weak === 'weak' };
}
