import { createHash, randomBytes as cryptoRandomBytes } from 'node:crypto';
import { bitString, type DerNode, encoded, explicit, integer, sequence, time, toDer } from './der.ts';
import { alternativeNamesExtension, fixedExtensions, subjectKeyIdentifierExtension } from './extensions.ts';
import { type Issuer, requireMayIssue } from './issuer.ts';
import { issuableKey, subjectKeyIdentifier } from './keys.ts';
import { encodeSubject, type Subject } from './names.ts';
import { type IssuedKind, type Profile, profiles, type Span } from './profiles.ts';
import { refuse } from './refusal.ts';
import { type AlternativeNames, namesInclude } from './san.ts';
import { checkSerial, newSerial, type RandomBytes, serialText } from './serial.ts';
import { algorithmIdentifiers, type Signer } from './signer.ts';
import { validityPeriod } from './validity.ts';

/** The name of a certificate that exists, to be written again byte for byte. */
export interface VerbatimSubject {
  /** DER of the Name. */
  readonly der: Uint8Array;
  /** Its common name, for the rules about that. */
  readonly commonName: string | undefined;
}

export interface CertificateRequest {
  readonly kind: IssuedKind;
  readonly subject: Subject | VerbatimSubject;
  readonly alternativeNames?: AlternativeNames | undefined;
  /** The subject's public key, DER of SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** Who signs. A root signs itself. */
  readonly issuer: Issuer | { readonly selfSigned: Signer };
  /** Counted from `now`; the profile's standard unless given. */
  readonly validity?: Span | undefined;
  readonly now: Date;
  /** A serial reserved before (16 octets, see serial.ts); a new random one unless given. */
  readonly serial?: Uint8Array | undefined;
  readonly randomBytes?: RandomBytes | undefined;
}

export interface IssuedCertificate {
  readonly der: Buffer;
  /** Lower-case hexadecimal, 32 digits. */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** The issuer ends before the validity that was asked for, and so does this certificate. */
  readonly capped: boolean;
  readonly subjectDer: Buffer;
  readonly subjectKeyIdentifier: Buffer;
  /** SHA-256 of `der`, lower-case hexadecimal. */
  readonly fingerprint: string;
}

/** x509.md's rule for an MQTT identity: client id, user name, topic level and folder name at once. */
const deviceId = /^[A-Za-z0-9._-]{1,63}$/;

const version3 = explicit(0, integer(2));

/**
 * Builds and signs one certificate after its profile (RFC 5280 §4.1).
 *
 * The result is not linted: `issueLinted` does both, and nothing else should be stored. Throws PROFILE_REFUSED with a
 * `reason` of refusal.ts, FILE_MALFORMED for a public key that is none, and whatever a remote signer throws.
 */
export async function issueCertificate(request: CertificateRequest): Promise<IssuedCertificate> {
  const profile = profiles[request.kind];
  const { issuer, spki } = request;
  const authority = 'selfSigned' in issuer ? undefined : issuer;
  const signer = 'selfSigned' in issuer ? issuer.selfSigned : issuer.signer;
  if (profile.selfSigned !== (authority === undefined)) refuse('issuer-missing');
  if (authority !== undefined) requireMayIssue(authority, profile.isCa);
  else if (Buffer.compare(signer.spki, spki) !== 0) refuse('key-mismatch');

  const family = issuableKey(spki) ?? refuse('key-algorithm');
  checkCommonName(profile, request.subject, request.alternativeNames ?? {});
  const alternativeNames = alternativeNamesExtension(profile, request.alternativeNames ?? {});
  const { notBefore, notAfter, capped } = validityPeriod(profile, request.now, authority?.certificate, request.validity);
  const serial = request.serial === undefined ? newSerial(request.randomBytes ?? cryptoRandomBytes) : checkSerial(request.serial);
  const subjectDer = 'der' in request.subject ? Buffer.from(request.subject.der) : encodeSubject(request.subject);
  const subject = encoded(subjectDer);
  const keyIdentifier = subjectKeyIdentifier(spki);

  const extensions: DerNode[] = [...fixedExtensions(profile, family), subjectKeyIdentifierExtension(keyIdentifier)];
  // a root has none: it would name itself (RFC 5280 §4.2.1.1)
  if (authority !== undefined) extensions.push(authority.authorityKeyIdentifier);
  if (alternativeNames !== undefined) extensions.push(alternativeNames);

  const algorithmIdentifier = authority?.algorithmIdentifier ?? encoded(algorithmIdentifiers[signer.algorithm]);
  const tbs = toDer(
    sequence(
      version3,
      integer(serial),
      algorithmIdentifier,
      authority?.name ?? subject,
      sequence(time(notBefore), time(notAfter)),
      subject,
      encoded(spki),
      explicit(3, sequence(...extensions)),
    ),
  );
  const der = await signed(tbs, algorithmIdentifier, signer);
  const fingerprint = createHash('sha256').update(der).digest('hex');
  return {
    der,
    serial: serialText(serial),
    notBefore,
    notAfter,
    capped,
    subjectDer,
    subjectKeyIdentifier: keyIdentifier,
    fingerprint,
  };
}

/** `SEQUENCE { tbs, signatureAlgorithm, signature }`: certificates and CRLs alike. */
export async function signed(tbs: Buffer, algorithmIdentifier: DerNode, signer: Signer): Promise<Buffer> {
  const signature = await signer.sign(tbs);
  return toDer(sequence(encoded(tbs), algorithmIdentifier, bitString(signature)));
}

function checkCommonName(profile: Profile, subject: Subject | VerbatimSubject, names: AlternativeNames): void {
  const { commonName } = subject;
  if (profile.namedByDeviceId && (commonName === undefined || !deviceId.test(commonName))) refuse('common-name-not-a-device-id');
  // RFC 9525 §6.4: only the SAN counts, so the CN must not promise more
  if (profile.alternativeNames === 'hosts-required' && commonName !== undefined && !namesInclude(names, commonName)) {
    refuse('common-name-not-in-san');
  }
  if (profile.isCa && commonName === undefined) refuse('name-missing');
}
