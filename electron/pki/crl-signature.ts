import { createPublicKey, verify } from 'node:crypto';
import { elementOf, sameBytes } from './lint/der-reader.ts';
import { wholeOctets } from './lint/der-values.ts';
import { readCrlStructure } from './lint/structure.ts';
import { oids } from './oids.ts';
import { signatureScheme } from './signature-scheme.ts';

/** What a complete list of one issuer has (RFC 5280 §5.2.1, §5.2.3, §5.3.1); everything else that is critical changes its meaning. */
const understood: ReadonlySet<string> = new Set([oids.crlNumber, oids.authorityKeyIdentifier, oids.reasonCode]);
/** deltaCRLIndicator, issuingDistributionPoint, certificateIssuer. */
const narrowing: ReadonlySet<string> = new Set(['2.5.29.27', '2.5.29.28', '2.5.29.29']);

/**
 * Whether a list speaks of some certificates only, of those of others as well, or of changes to another list (RFC 5280 §5.2.4,
 * §5.2.5, §5.3.3), or has a critical extension that nobody here understands.
 */
export function isPartialCrl(der: Uint8Array): boolean {
  const { extensions, entries } = readCrlStructure(der);
  const all = [...extensions, ...(entries ?? []).flatMap((entry) => entry.extensions)];
  return all.some(({ oid, critical }) => narrowing.has(oid) || (critical && !understood.has(oid)));
}

/** Whether a list is signed with this key (RFC 5280 §6.3.3 (g)); false also for algorithms that we do not verify. */
export function isCrlSignedBy(der: Uint8Array, issuerSpki: Buffer): boolean {
  try {
    const { bytes, tbs, innerAlgorithm, outerAlgorithm, signature } = readCrlStructure(der);
    // §5.1.1.2: the same algorithm twice, or somebody changed the one that is not signed
    if (!sameBytes(elementOf(bytes, innerAlgorithm.tlv), elementOf(bytes, outerAlgorithm.tlv))) return false;
    const { hash } = signatureScheme(outerAlgorithm);
    if (hash === undefined) return false;
    const key = createPublicKey({ key: issuerSpki, format: 'der', type: 'spki' });
    return verify(hash, elementOf(bytes, tbs), key, wholeOctets(bytes, signature));
  } catch {
    // cut or changed bytes, a key that this crypto library does not know; BoringSSL throws for some malformed signatures
    return false;
  }
}
