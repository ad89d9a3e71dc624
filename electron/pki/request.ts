import type { CertificateKind } from '../../shared/model/certificate.ts';
import { signed, type VerbatimSubject } from './certificate.ts';
import { type DerNode, encoded, explicit, integer, oid, sequence, setOfOne, toDer } from './der.ts';
import { alternativeNamesExtension, fixedExtensions } from './extensions.ts';
import { issuableKey } from './keys.ts';
import { encodeSubject, type Subject } from './names.ts';
import { oids } from './oids.ts';
import { toPem } from './pem.ts';
import { profiles } from './profiles.ts';
import { refuse } from './refusal.ts';
import type { AlternativeNames } from './san.ts';
import { algorithmIdentifiers, type Signer } from './signer.ts';

export interface SigningRequest {
  /** What the certificate shall be for: its usual extensions are requested. */
  readonly kind: Exclude<CertificateKind, 'root'>;
  /** Verbatim for an authority that is certified anew. */
  readonly subject: Subject | VerbatimSubject;
  readonly alternativeNames?: AlternativeNames | undefined;
  /** Signs with the key that is to be certified: the proof that we have it (RFC 2986 §3). */
  readonly signer: Signer;
}

/**
 * Builds a certificate signing request (PKCS#10, RFC 2986 §4) for an authority of somebody else, and gives its DER.
 * The extensions of the kind's profile are asked for in an extensionRequest (RFC 2985 §5.4.2); what comes back is the
 * other authority's decision. Throws PROFILE_REFUSED for names and keys that the profile refuses.
 */
export async function buildRequest({ kind, subject, alternativeNames = {}, signer }: SigningRequest): Promise<Buffer> {
  const profile = profiles[kind];
  const family = issuableKey(signer.spki) ?? refuse('key-algorithm');
  const names = alternativeNamesExtension(profile, alternativeNames);
  const extensions: DerNode[] = [...fixedExtensions(profile, family)];
  if (names !== undefined) extensions.push(names);
  const attribute = sequence(oid(oids.extensionRequest), setOfOne(sequence(...extensions)));
  const info = toDer(
    sequence(
      integer(0),
      encoded('der' in subject ? subject.der : encodeSubject(subject)),
      encoded(signer.spki),
      explicit(0, attribute),
    ),
  );
  return signed(info, encoded(algorithmIdentifiers[signer.algorithm]), signer);
}

/** The PEM of a request (RFC 7468 §7). */
export function requestPem(der: Uint8Array): string {
  return toPem('CERTIFICATE REQUEST', der);
}
