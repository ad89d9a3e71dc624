import { createSecureContext } from 'node:tls';
import { FieldkeyError } from '../../../shared/errors.ts';
import type { CertificateSummaryLine, FileProblem } from '../../../shared/model/connection-files.ts';
import { certificateFileSizeLimit, readCertificateFile } from '../../pki/certificate-files.ts';
import { isKeyLabel, keyPem, privateKeyFromBlock } from '../../pki/key-pem.ts';
import { spkiSha256 } from '../../pki/keys.ts';
import { isAuthority } from '../../pki/lint/foreign.ts';
import { certificatePem, pemBlocks } from '../../pki/pem.ts';
import { softwareSpki } from '../../pki/public-half.ts';
import { type CertificateInfo, nameText, readCertificate } from '../../pki/read.ts';
import { looksLikePkcs12, readPkcs12 } from '../../pki/read-pkcs12.ts';

export interface GivenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A certificate with its key, as a connection needs them. */
export interface ReadIdentity {
  /** PEM: the certificate, then its issuers without the root. */
  readonly certificate: string;
  /** PEM (PKCS#8), open. */
  readonly key: string;
}

/** `file`: the name of the one that is meant; empty when it is none in particular. */
export interface WrongFiles {
  readonly problem: FileProblem;
  readonly file: string;
}

/**
 * Finds a client certificate and its key in any number of files, in whatever order and under whatever names: PEM, DER,
 * PKCS#12, PKCS#7 with certificates. Which is which is told by what is in them, so they cannot be swapped.
 */
export async function readIdentityFiles(
  files: readonly GivenFile[],
  passphrase: string | undefined,
): Promise<ReadIdentity | WrongFiles> {
  const certificates = new Map<string, CertificateInfo>();
  const keys = new Map<string, Buffer>();
  try {
    for (const file of files) {
      const wrong = await readInto(file, passphrase === '' ? undefined : passphrase, certificates, keys);
      if (wrong) return { problem: wrong, file: file.name };
    }
    return pairOf([...certificates.values()], keys);
  } finally {
    for (const key of keys.values()) key.fill(0);
  }
}

/** The authorities in a file, as PEM; a broker that signed its own certificate may be meant by that one. */
export function readAuthorityFiles(files: readonly GivenFile[]): { readonly ca: string } | WrongFiles {
  const found: CertificateInfo[] = [];
  for (const file of files) {
    if (file.bytes.length > certificateFileSizeLimit) return { problem: 'too-large', file: file.name };
    try {
      const certificates = readCertificateFile(file.bytes);
      if (certificates.length === 0) return { problem: 'no-certificate', file: file.name };
      // a file of authorities may hold the broker's own certificate as well; alone it vouches for nobody
      if (!certificates.some((each) => isAuthority(each) || each.selfIssued)) return { problem: 'no-authority', file: file.name };
      found.push(...certificates.filter((each) => isAuthority(each) || each.selfIssued));
    } catch (error) {
      if (!(error instanceof FieldkeyError)) throw error;
      return { problem: looksLikePkcs12(file.bytes) ? 'no-certificate' : 'unreadable', file: file.name };
    }
  }
  return { ca: [...new Set(found.map(({ der }) => certificatePem(der)))].join('') };
}

/** What the certificates in a PEM say, for people. Nothing for a text that cannot be read. */
export function summaryOf(pem: string): CertificateSummaryLine[] {
  if (pem === '') return [];
  try {
    return readCertificateFile(Buffer.from(pem)).map((each) => ({
      name: each.commonName === '' ? nameText(each.subject) : each.commonName,
      issuer: nameText(each.issuer),
      notBefore: each.notBefore.getTime(),
      notAfter: each.notAfter.getTime(),
      fingerprint: each.fingerprint,
    }));
  } catch {
    return [];
  }
}

async function readInto(
  { bytes }: GivenFile,
  passphrase: string | undefined,
  certificates: Map<string, CertificateInfo>,
  keys: Map<string, Buffer>,
): Promise<FileProblem | null> {
  if (bytes.length > certificateFileSizeLimit) return 'too-large';
  const addCertificate = (each: CertificateInfo) => void certificates.set(each.fingerprint, each);
  const addKey = (pkcs8: Buffer) => void keys.set(spkiSha256(softwareSpki(pkcs8)), pkcs8);
  try {
    if (looksLikePkcs12(bytes)) {
      const read = await readPkcs12(bytes, passphrase);
      for (const { der } of read.certificates) addCertificate(readCertificate(der));
      for (const { pkcs8 } of read.keys) addKey(pkcs8);
      return null;
    }
    if (bytes[0] === 0x30) return await readDer(Buffer.from(bytes), passphrase, addCertificate, addKey);
    const text = Buffer.from(bytes).toString('latin1');
    if (!text.includes('-----BEGIN ')) return 'unreadable';
    for (const block of pemBlocks(text)) {
      if (isKeyLabel(block.label)) addKey(await privateKeyFromBlock(block, passphrase));
      else if (/^(X509 |TRUSTED )?CERTIFICATE$/.test(block.label)) addCertificate(readCertificate(block.der));
      else if (/^(PKCS7|CMS)$/.test(block.label)) for (const each of readCertificateFile(block.der)) addCertificate(each);
    }
    return null;
  } catch (error) {
    return problemOf(error);
  }
}

const keyForms = ['PRIVATE KEY', 'EC PRIVATE KEY', 'RSA PRIVATE KEY', 'ENCRYPTED PRIVATE KEY'];

/** DER says what it is by its structure only, so each reader is asked. */
async function readDer(
  der: Buffer,
  passphrase: string | undefined,
  addCertificate: (certificate: CertificateInfo) => void,
  addKey: (pkcs8: Buffer) => void,
): Promise<FileProblem | null> {
  try {
    for (const each of readCertificateFile(der)) addCertificate(each);
    return null;
  } catch (error) {
    if (!(error instanceof FieldkeyError)) throw error;
  }
  for (const label of keyForms) {
    try {
      addKey(
        await privateKeyFromBlock(
          { label, der, headers: {} },
          label === 'ENCRYPTED PRIVATE KEY' ? (passphrase ?? '') : undefined,
        ),
      );
      return null;
    } catch (error) {
      const problem = problemOf(error);
      if (problem === 'passphrase-wrong') return passphrase === undefined ? 'passphrase-missing' : problem;
    }
  }
  return 'unreadable';
}

function problemOf(error: unknown): FileProblem {
  if (!(error instanceof FieldkeyError)) throw error;
  switch (error.code) {
    case 'PASSPHRASE_MISSING':
      return 'passphrase-missing';
    case 'PASSPHRASE_WRONG':
      return 'passphrase-wrong';
    case 'FILE_TOO_LARGE':
      return 'too-large';
    default:
      return 'unreadable';
  }
}

function pairOf(certificates: readonly CertificateInfo[], keys: ReadonlyMap<string, Buffer>): ReadIdentity | WrongFiles {
  const wrong = (problem: FileProblem): WrongFiles => ({ problem, file: '' });
  if (certificates.length === 0 && keys.size === 0) return wrong('nothing');
  if (certificates.length === 0) return wrong('certificate-missing');
  if (keys.size === 0) return wrong('key-missing');
  const pairs = certificates.filter(({ spki }) => keys.has(spkiSha256(spki)));
  if (pairs.length === 0) return wrong('mismatch');
  const leaves = pairs.filter((each) => !isAuthority(each) || each.selfIssued);
  const [leaf] = leaves;
  if (!leaf) return wrong('authority');
  // a renewed certificate has the same key: the newest is meant
  const keysOfLeaves = new Set(leaves.map(({ spki }) => spkiSha256(spki)));
  if (keysOfLeaves.size > 1) return wrong('several');
  const newest = leaves.reduce((best, each) => (each.notBefore > best.notBefore ? each : best), leaf);
  const certificate = [newest, ...issuersOf(newest, certificates)].map(({ der }) => certificatePem(der)).join('');
  const key = keyPem(keys.get(spkiSha256(newest.spki)) as Buffer);
  try {
    // what this library refuses would be refused in the middle of a handshake
    createSecureContext({ cert: certificate, key });
  } catch {
    return wrong('unusable');
  }
  return { certificate, key };
}

/** From the certificate upwards, as far as the files go, without the root: the broker has that one. */
function issuersOf(leaf: CertificateInfo, all: readonly CertificateInfo[]): CertificateInfo[] {
  const chain: CertificateInfo[] = [];
  let below = leaf;
  while (chain.length < 10) {
    const issuer = all.find((each) => each.subjectDer.equals(below.issuerDer) && !each.selfIssued && !chain.includes(each));
    if (!issuer || issuer === leaf) return chain;
    chain.push(issuer);
    below = issuer;
  }
  return chain;
}
