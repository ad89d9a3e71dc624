import { createPublicKey, type KeyObject } from 'node:crypto';
import { FieldkeyError } from '../../../shared/errors.ts';
import { contentOf, DerError, elementOf } from './der-reader.ts';
import { readTime } from './der-time.ts';
import { readSubjectKeyIdentifier } from './extensions.ts';
import { curveName, readPublicKey } from './spki.ts';
import { type CertificateStructure, readCertificateStructure } from './structure.ts';

/** What the linter must know about whoever signed: read once, used for thousands. */
export interface LintIssuer {
  readonly subject: Uint8Array;
  /** Undefined when the issuer has none (an imported CA). */
  readonly keyIdentifier: Uint8Array | undefined;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  readonly keyType: 'p256' | 'p384' | 'rsa' | 'other';
  readonly publicKey: KeyObject;
}

const subjectKeyIdentifier = '2.5.29.14';

/** Takes the issuer's certificate; throws FILE_MALFORMED when it is none or its key cannot be read. */
export function prepareLintIssuer(certificate: Uint8Array): LintIssuer {
  try {
    return lintIssuerFrom(readCertificateStructure(certificate));
  } catch (error) {
    if (!(error instanceof DerError)) throw error;
    throw new FieldkeyError('FILE_MALFORMED', { what: 'certificate', reason: error.message }, error);
  }
}

/** The same for a certificate that is read already: the issuer of a self-signed one is itself. Throws DerError. */
export function lintIssuerFrom(certificate: CertificateStructure): LintIssuer {
  const { bytes } = certificate;
  const extension = certificate.extensions.find(({ oid }) => oid === subjectKeyIdentifier);
  const key = readPublicKey(bytes, certificate.spki);
  const rsa = key.type === 'rsa' ? 'rsa' : 'other';
  return {
    subject: elementOf(bytes, certificate.subject),
    keyIdentifier: extension === undefined ? undefined : readSubjectKeyIdentifier(contentOf(bytes, extension.value)),
    notBefore: readTime(bytes, certificate.notBefore).ms,
    notAfter: readTime(bytes, certificate.notAfter).ms,
    keyType: key.type === 'ec' ? (curveName(key.curve) ?? 'other') : rsa,
    publicKey: importKey(elementOf(bytes, certificate.spki)),
  };
}

function importKey(spki: Uint8Array): KeyObject {
  try {
    return createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
  } catch {
    throw new DerError('public key not understood');
  }
}
