import { FieldkeyError } from '../../shared/errors.ts';
import { berToDer } from './ber.ts';
import { DerError, DerReader, elementOf, inside } from './lint/der-reader.ts';
import { oidText } from './lint/der-values.ts';
import { oids } from './oids.ts';
import { pemToDer } from './pem.ts';
import { type CertificateInfo, readCertificate } from './read.ts';

/** Chains of any authority stay far below. */
export const certificateFileSizeLimit = 1024 * 1024;

/**
 * All certificates of a file, in its order: DER, PEM with any number of blocks (others are passed over), or the
 * certificates-only message that Windows' authorities give (`.p7b`, RFC 5652 §5.1, RFC 8551 §3.8; its signature counts for nothing and
 * is not looked at). Empty when there is none.
 * @throws FILE_TOO_LARGE above 1 MiB, FILE_MALFORMED for a certificate that is not readable
 */
export function readCertificateFile(bytes: Uint8Array): CertificateInfo[] {
  if (bytes.length > certificateFileSizeLimit)
    throw new FieldkeyError('FILE_TOO_LARGE', { file: 'certificate', limit: certificateFileSizeLimit });
  if (bytes[0] === 0x30) return messageCertificates(bytes) ?? [readCertificate(bytes)];
  const text = Buffer.from(bytes).toString('latin1');
  if (!text.includes('-----BEGIN ')) return [];
  return pemToDer(text).flatMap(({ label, der }) => {
    if (/^(X509 |TRUSTED )?CERTIFICATE$/.test(label)) return [readCertificate(der)];
    return label === 'PKCS7' || label === 'CMS' ? (messageCertificates(der) ?? []) : [];
  });
}

const explicit0 = 0xa0;

/** Of ContentInfo with SignedData; undefined for everything else. */
function messageCertificates(bytes: Uint8Array): CertificateInfo[] | undefined {
  let found: Uint8Array[];
  try {
    const der = berToDer(bytes);
    const contentInfo = new DerReader(der).enter(0x30);
    if (oidText(der, contentInfo.expect(0x06)) !== oids.signedData) return undefined;
    const signedData = contentInfo.enter(explicit0).enter(0x30);
    signedData.expect(0x02);
    signedData.expect(0x31);
    signedData.expect(0x30);
    const certificates = signedData.optional(explicit0);
    const reader = certificates && inside(der, certificates);
    found = [];
    while (reader && !reader.done) found.push(elementOf(der, reader.next()));
  } catch (error) {
    if (error instanceof DerError || error instanceof FieldkeyError) return undefined;
    throw error;
  }
  return found.map((each) => readCertificate(each));
}
