import { bitString, booleanTrue, type DerNode, enumerated, implicit, integer, octetString, oid, sequence, toDer } from './der.ts';
import { oids } from './oids.ts';
import type { Profile } from './profiles.ts';
import { refuse } from './refusal.ts';
import { type AlternativeNames, encodeAlternativeNames, isEmpty } from './san.ts';

/** The extensions we write (RFC 5280 §4.2.1 and §5). */

function extension(type: string, value: DerNode | Buffer, critical = false): DerNode {
  const content = octetString(Buffer.isBuffer(value) ? value : toDer(value));
  return critical ? sequence(oid(type), booleanTrue(), content) : sequence(oid(type), content);
}

/** §4.2.1.9: critical where it matters, and the same everywhere. A leaf has it empty: not a CA, said explicitly. */
function basicConstraints(profile: Profile): DerNode {
  const fields: DerNode[] = [];
  if (profile.isCa) fields.push(booleanTrue());
  if (profile.pathLength !== undefined) fields.push(integer(profile.pathLength));
  return extension(oids.basicConstraints, sequence(...fields), true);
}

/**
 * §4.2.1.3, critical. Leaves sign in the TLS handshake; only RSA key transport encrypts keys, for EC keys the bit is
 * meaningless (RFC 8813 §3). Named bits, so zeros at the end are left out.
 */
function keyUsage(profile: Profile, key: 'ec' | 'rsa'): DerNode {
  const keyCertSignAndCrlSign = bitString(Buffer.from([0b0000_0110]), 1);
  const digitalSignature = bitString(Buffer.from([0b1000_0000]), 7);
  const digitalSignatureAndKeyEncipherment = bitString(Buffer.from([0b1010_0000]), 5);
  const leaf = key === 'rsa' ? digitalSignatureAndKeyEncipherment : digitalSignature;
  return extension(oids.keyUsage, profile.isCa ? keyCertSignAndCrlSign : leaf, true);
}

const fixedParts = new Map<string, readonly DerNode[]>();

/** basicConstraints, keyUsage and extendedKeyUsage: the same for every certificate of a profile and key type. */
export function fixedExtensions(profile: Profile, key: 'ec' | 'rsa'): readonly DerNode[] {
  const known = fixedParts.get(`${profile.kind} ${key}`);
  if (known !== undefined) return known;
  const parts = [basicConstraints(profile), keyUsage(profile, key)];
  // §4.2.1.12, not critical
  if (profile.extendedKeyUsage !== undefined)
    parts.push(extension(oids.extendedKeyUsage, sequence(oid(profile.extendedKeyUsage))));
  fixedParts.set(`${profile.kind} ${key}`, parts);
  return parts;
}

/** §4.2.1.2, not critical. */
export function subjectKeyIdentifierExtension(identifier: Uint8Array): DerNode {
  return extension(oids.subjectKeyIdentifier, octetString(identifier));
}

/** §4.2.1.1, not critical. keyIdentifier only: issuer and serial would tie the leaf to one certificate of the CA and block re-issuing it. */
export function authorityKeyIdentifierExtension(identifier: Uint8Array): DerNode {
  return extension(oids.authorityKeyIdentifier, sequence(implicit(0, identifier)));
}

/**
 * §4.2.1.6, not critical because the subject is never empty. Undefined when there is none.
 * Throws PROFILE_REFUSED when the profile takes other names.
 */
export function alternativeNamesExtension(profile: Profile, names: AlternativeNames): DerNode | undefined {
  if (profile.alternativeNames === 'hosts-required' && (names.dns?.length ?? 0) + (names.ip?.length ?? 0) === 0)
    refuse('san-missing');
  if (isEmpty(names)) return undefined;
  const hasHosts = (names.dns?.length ?? 0) + (names.ip?.length ?? 0) > 0;
  const hasUris = (names.uri?.length ?? 0) > 0;
  const refused = { none: true, 'hosts-required': hasUris, 'uri-optional': hasHosts };
  if (refused[profile.alternativeNames]) refuse('san-not-allowed');
  return extension(oids.subjectAltName, encodeAlternativeNames(names));
}

/** §5.2.3, not critical. */
export function crlNumberExtension(number: bigint): DerNode {
  return extension(oids.crlNumber, integer(number));
}

/** §5.3.1, an entry extension, not critical. */
export function reasonExtension(code: number): DerNode {
  return extension(oids.reasonCode, enumerated(code));
}
