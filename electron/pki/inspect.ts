import type { ErrorReport } from '../../shared/errors.ts';
import { FieldkeyError } from '../../shared/errors.ts';
import { keyText, tryDescribeKey } from './key-description.ts';
import { readEncryptedKey } from './key-encryption.ts';
import { isEncryptedBlock, isKeyLabel, privateKeyFromBlock } from './key-pem.ts';
import { spkiSha256 } from './keys.ts';
import { type Finding, Report } from './lint/finding.ts';
import { lintForeignCertificate, lintForeignCrl } from './lint/foreign.ts';
import { lintRequest } from './lint/request.ts';
import { type PemBlockWithHeaders, pemBlocks } from './pem.ts';
import { softwareSpki } from './public-half.ts';
import { type CertificateInfo, nameText, readCertificate } from './read.ts';
import { type CrlInfo, crlSizeLimit, readCrl } from './read-crl.ts';
import { looksLikePkcs12, readPkcs12 } from './read-pkcs12.ts';
import { type RequestInfo, readRequest } from './read-request.ts';

/** One thing in a file, with what is wrong with it. Private keys themselves are never part of it. */
export type InspectedObject = { readonly findings: readonly Finding[] } & (
  | { readonly kind: 'certificate'; readonly name: string; readonly certificate: CertificateInfo }
  | { readonly kind: 'crl'; readonly name: string; readonly crl: CrlInfo }
  | { readonly kind: 'request'; readonly name: string; readonly request: RequestInfo }
  /** `name` is the kind of key; `spkiFingerprint` is undefined while it is encrypted. */
  | {
      readonly kind: 'private-key';
      readonly name: string;
      readonly encrypted: boolean;
      readonly spkiFingerprint: string | undefined;
    }
  | { readonly kind: 'pkcs12'; readonly name: string; readonly opened: boolean }
  | { readonly kind: 'unknown'; readonly name: string; readonly error: ErrorReport | undefined }
);

export interface InspectOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** For encrypted keys and PKCS#12 files; without it only their outside is seen. */
  readonly passphrase?: string | undefined;
}

/** The largest thing there is, a revocation list, in base64. */
export const inspectSizeLimit = 24 * 1024 * 1024;

/**
 * Says what the bytes of any file are (PEM with any number of blocks, DER, PKCS#12) and judges each thing in it. What
 * cannot be read is an `unknown` with the reason. Never throws for what is in the bytes.
 */
export async function inspectFile(bytes: Uint8Array, options: InspectOptions): Promise<InspectedObject[]> {
  if (bytes.length > inspectSizeLimit)
    return [unknown(new FieldkeyError('FILE_TOO_LARGE', { file: 'file', limit: inspectSizeLimit }))];
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (!text.includes('-----BEGIN ')) return inspectDer(Buffer.from(bytes), options);
  let blocks: PemBlockWithHeaders[];
  try {
    blocks = pemBlocks(text, inspectSizeLimit);
  } catch (error) {
    return [unknown(error)];
  }
  const found: InspectedObject[] = [];
  for (const block of blocks) found.push(...(await inspectBlock(block, options)));
  return found;
}

async function inspectBlock(block: PemBlockWithHeaders, options: InspectOptions): Promise<InspectedObject[]> {
  try {
    switch (block.label) {
      case 'CERTIFICATE':
      case 'X509 CERTIFICATE':
      case 'TRUSTED CERTIFICATE':
        return [certificateOf(block.der, options)];
      case 'X509 CRL':
        return [crlOf(block.der, options)];
      case 'CERTIFICATE REQUEST':
      case 'NEW CERTIFICATE REQUEST':
        return [requestOf(block.der)];
      case 'EC PARAMETERS':
      case 'DH PARAMETERS':
        return [];
      default:
        return isKeyLabel(block.label) ? [await keyOf(block, options)] : [{ ...unknown(undefined), name: block.label }];
    }
  } catch (error) {
    return [unknown(error)];
  }
}

/** DER says of what type it is only by its structure, so each reader is asked; the likely ones first. */
async function inspectDer(der: Buffer, options: InspectOptions): Promise<InspectedObject[]> {
  if (der[0] !== 0x30) return [unknown(undefined)];
  if (looksLikePkcs12(der)) return inspectPkcs12(der, options);
  const readers: (() => InspectedObject | Promise<InspectedObject>)[] = [
    () => certificateOf(der, options),
    () => requestOf(der),
    () => crlOf(der, options),
    () => keyOf({ label: 'PRIVATE KEY', der, headers: {} }, options),
    () => keyOf({ label: 'ENCRYPTED PRIVATE KEY', der, headers: {} }, options),
    () => keyOf({ label: 'EC PRIVATE KEY', der, headers: {} }, options),
    () => keyOf({ label: 'RSA PRIVATE KEY', der, headers: {} }, options),
  ];
  for (const read of readers) {
    try {
      return [await read()];
    } catch (error) {
      if (!(error instanceof FieldkeyError)) throw error;
    }
  }
  return [unknown(undefined)];
}

function certificateOf(der: Uint8Array, { now }: InspectOptions): InspectedObject {
  const certificate = readCertificate(der);
  return {
    kind: 'certificate',
    name: nameText(certificate.subject),
    certificate,
    findings: lintForeignCertificate(certificate, now),
  };
}

function crlOf(der: Uint8Array, { now }: InspectOptions): InspectedObject {
  if (der.length > crlSizeLimit) throw new FieldkeyError('FILE_TOO_LARGE', { file: 'crl', limit: crlSizeLimit });
  const crl = readCrl(der);
  return { kind: 'crl', name: nameText(crl.issuer), crl, findings: lintForeignCrl(crl, now) };
}

function requestOf(der: Uint8Array): InspectedObject {
  const request = readRequest(der);
  return { kind: 'request', name: nameText(request.subject), request, findings: lintRequest(der) };
}

async function keyOf(block: PemBlockWithHeaders, options: InspectOptions): Promise<InspectedObject> {
  const report = new Report();
  const encrypted = isEncryptedBlock(block);
  if (!encrypted) report.add('foreign-key-open');
  else if ('DEK-Info' in block.headers)
    report.add('foreign-encryption-weak', { scheme: block.headers['DEK-Info']?.split(',')[0] ?? '' });
  else {
    const { scheme } = readEncryptedKey(block.der);
    if (scheme.legacy) report.add('foreign-encryption-weak', { scheme: scheme.name });
  }
  if (encrypted && options.passphrase === undefined)
    return { kind: 'private-key', name: '', encrypted, spkiFingerprint: undefined, findings: report.findings };
  const pkcs8 = await privateKeyFromBlock(block, options.passphrase);
  return { ...describePkcs8(pkcs8, report), encrypted };
}

/** Wipes the key. */
function describePkcs8(pkcs8: Buffer, report: Report): Extract<InspectedObject, { kind: 'private-key' }> {
  const spki = softwareSpki(pkcs8);
  pkcs8.fill(0);
  const key = tryDescribeKey(spki);
  if (key?.type === 'rsa' && key.bits < 2048) report.add('foreign-key-weak', { key: keyText(key) });
  const name = key === undefined ? '' : keyText(key);
  return { kind: 'private-key', name, encrypted: true, spkiFingerprint: spkiSha256(spki), findings: report.findings };
}

async function inspectPkcs12(der: Buffer, options: InspectOptions): Promise<InspectedObject[]> {
  const report = new Report();
  try {
    const contents = await readPkcs12(der, options.passphrase);
    if (contents.legacy) report.add('foreign-encryption-weak', { scheme: contents.encryption.join('; ') });
    if (!contents.authenticated) report.add('foreign-no-integrity');
    const [named] = [...contents.keys, ...contents.certificates].filter(({ friendlyName }) => friendlyName !== undefined);
    const found: InspectedObject[] = [
      { kind: 'pkcs12', name: named?.friendlyName ?? '', opened: true, findings: report.findings },
    ];
    for (const certificate of contents.certificates) found.push(guarded(() => certificateOf(certificate.der, options)));
    for (const crl of contents.crls) found.push(guarded(() => crlOf(crl, options)));
    for (const { pkcs8 } of contents.keys) found.push(guarded(() => describePkcs8(pkcs8, new Report())));
    return found;
  } catch (error) {
    const locked = error instanceof FieldkeyError && (error.code === 'PASSPHRASE_MISSING' || error.code === 'PASSPHRASE_WRONG');
    return locked ? [{ kind: 'pkcs12', name: '', opened: false, findings: [] }] : [unknown(error)];
  }
}

function guarded(read: () => InspectedObject): InspectedObject {
  try {
    return read();
  } catch (error) {
    return unknown(error);
  }
}

/** Unexpected errors go on: only those of this program are about the file. */
function unknown(error: unknown): InspectedObject {
  if (error !== undefined && !(error instanceof FieldkeyError)) throw error;
  return { kind: 'unknown', name: '', error, findings: [] };
}
