import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { LinkOptions } from '../../../shared/model/connect-options.ts';
import type { ConnectionCause } from '../../../shared/model/connection.ts';
import type { DoctorEvidence } from '../../../shared/model/doctor-evidence.ts';
import type { DoctorFinding } from '../../../shared/model/doctor-findings.ts';
import type { DoctorMaterial } from '../../../shared/model/doctor-order.ts';
import { fileCauses } from '../causes.ts';
import type { TestCertificate } from '../channel.ts';
import { systemAuthorities } from '../system-authorities.ts';
import { tlsContext } from '../tls-context.ts';
import { certificatesOf, doctorCertificate, signedBy } from './certificates.ts';
import { failed, remark } from './findings.ts';
import { fixesOf } from './fixes.ts';
import type { LinkedOrder } from './order.ts';

/** An identity that is ready for use. */
export interface ReadyMaterial {
  /** Null for a transport in the clear. */
  readonly context: SecureContext | null;
  readonly identity: TestCertificate;
  readonly chain: readonly X509Certificate[];
  readonly authorities: readonly X509Certificate[];
}

export interface ReadResult {
  readonly ready: ReadyMaterial | null;
  readonly findings: readonly DoctorFinding[];
  readonly evidence: DoctorEvidence['files'];
}

type FileName = 'certificate' | 'key' | 'authority';

class Unreadable extends Error {
  readonly reason: ConnectionCause;
  readonly file: FileName;
  constructor(reason: ConnectionCause, file: FileName, raw = '') {
    super(raw);
    this.reason = reason;
    this.file = file;
  }
}

/**
 * Reads what was given, PEM, DER or PKCS#12, and puts it together: the key belongs to the certificate, the passphrase is right, the
 * chain is whole, whom we trust is an authority. TLS itself would ignore some of that silently.
 */
export function readMaterial(order: LinkedOrder, encrypted: boolean): ReadResult {
  const { identity: given, link } = order;
  const findings: DoctorFinding[] = [];
  let chain: readonly X509Certificate[] = [];
  let authorities: readonly X509Certificate[] = [];
  let keyMatches: boolean | null = null;
  const evidence = () => ({
    chain: chain.map(doctorCertificate),
    authorities: authorities.map(doctorCertificate),
    keyMatches,
    login: given.login !== null,
  });
  try {
    authorities = encrypted ? readAuthorities(given, findings) : [];
    const common = { id: given.clientId, login: given.login ?? undefined };
    if (given.certificate === null || !encrypted) {
      const identity = { ...common, certificateChain: '', key: new Uint8Array(), ca: pemOf(authorities) };
      const context = encrypted ? tlsContext(identity, link) : null;
      return { ready: { context, identity, chain, authorities }, findings, evidence: evidence() };
    }
    const client = isPkcs12(given.certificate) ? readPkcs12(given, link, authorities) : readPair(given, findings);
    chain = client.chain;
    keyMatches = client.keyMatches;
    if (!keyMatches) throw new Unreadable('key-mismatch', 'key');
    const identity = { ...common, certificateChain: pemOf(chain), key: client.key, ca: pemOf(authorities) };
    const context = client.context ?? contextOf(identity, link);
    const last = chain.at(-1);
    if (last && lacksIssuer(last, order))
      findings.push(remark('chain-short', 'warning', { issuer: doctorCertificate(last).issuer }));
    return { ready: { context, identity, chain, authorities }, findings, evidence: evidence() };
  } catch (error) {
    const { reason, file, message } = error instanceof Unreadable ? error : unreadable(error, 'certificate');
    const leaf = chain[0] ? doctorCertificate(chain[0]) : null;
    const params = {
      host: order.host,
      port: order.port,
      file,
      client: leaf?.subject ?? '',
      issuer: leaf?.issuer ?? '',
      notBefore: leaf?.notBefore ?? 0,
      notAfter: leaf?.notAfter ?? 0,
      now: Date.now(),
    };
    const failure = { cause: reason, params, raw: message, alert: null, reasonCode: null };
    // of a PKCS#12 file a wrong passphrase and damage look the same: its checksum does not agree
    const unsure = reason === 'passphrase-wrong' && given.certificate !== null && isPkcs12(given.certificate);
    findings.push(failed(failure, fixesOf(reason, order), unsure ? ['file-unreadable'] : []));
    return { ready: null, findings, evidence: evidence() };
  }
}

/** The project knows who signed it, and that is no root: it should have come along. */
function lacksIssuer(last: X509Certificate, { project }: LinkedOrder): boolean {
  return certificatesOf(project?.authorities ?? '').some((one) => signedBy(last, one) && one.subject !== one.issuer);
}

function contextOf(identity: TestCertificate, link: Pick<LinkOptions, 'minVersion' | 'systemAuthorities'>): SecureContext {
  try {
    // it wipes the key that it is given, and this one is needed for further connections
    return tlsContext({ ...identity, key: identity.key.slice() }, link);
  } catch (error) {
    throw unreadable(error, 'key');
  }
}

function readAuthorities(given: DoctorMaterial, findings: DoctorFinding[]): X509Certificate[] {
  if (given.authorities === null) {
    findings.push(remark('public-authorities', 'note'));
    return [];
  }
  const found = readCertificates(given.authorities, 'authority', findings);
  if (found.length === 0) throw new Unreadable('authority-unreadable', 'authority');
  // a certificate that signed itself may be trusted by itself
  if (!found.some((one) => one.ca || one.subject === one.issuer)) throw new Unreadable('authority-is-no-authority', 'authority');
  return found;
}

/** Certificates in PEM, or the one in DER. */
function readCertificates(bytes: Uint8Array, file: FileName, findings: DoctorFinding[]): X509Certificate[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  if (text.includes('-----BEGIN ')) return certificatesOf(text);
  try {
    const one = new X509Certificate(bytes);
    findings.push(remark('file-converted', 'note', { form: 'DER', file }));
    return [one];
  } catch {
    return [];
  }
}

interface Client {
  readonly chain: readonly X509Certificate[];
  /** PEM, decrypted. */
  readonly key: Uint8Array;
  readonly keyMatches: boolean;
  readonly context: SecureContext | null;
}

function readPair(given: DoctorMaterial, findings: DoctorFinding[]): Client {
  const chain = readCertificates(given.certificate ?? new Uint8Array(), 'certificate', findings);
  const [leaf] = chain;
  if (!leaf) throw new Unreadable('file-unreadable', 'certificate');
  // some keep both in one file
  const key = readKey(given.key ?? given.certificate ?? new Uint8Array(), given.passphrase, findings);
  try {
    const pem = key.export({ type: 'pkcs8', format: 'pem' });
    return { chain, key: new TextEncoder().encode(pem.toString()), keyMatches: leaf.checkPrivateKey(key), context: null };
  } catch (error) {
    throw unreadable(error, 'key');
  }
}

/** PEM, or DER of PKCS#8 or of the older forms; encrypted or not. */
function readKey(bytes: Uint8Array, passphrase: string | null, findings: DoctorFinding[]): KeyObject {
  const key = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const secret = passphrase === null ? {} : { passphrase };
  if (key.includes('-----BEGIN ')) {
    try {
      return createPrivateKey({ key, ...secret });
    } catch (error) {
      const problem = unreadable(error, 'key');
      if (problem.reason === 'file-unreadable' && /PRIVATE KEY-----/.test(key.toString('latin1')))
        throw new Unreadable(isEncryptedPem(key) ? 'passphrase-wrong' : 'key-unsupported', 'key', problem.message);
      throw problem;
    }
  }
  for (const type of ['pkcs8', 'sec1', 'pkcs1'] as const) {
    try {
      const found = createPrivateKey({ key, format: 'der', type, ...secret });
      findings.push(remark('file-converted', 'note', { form: 'DER', file: 'key' }));
      return found;
    } catch (error) {
      const { reason } = unreadable(error, 'key');
      if (reason === 'passphrase-missing' || reason === 'passphrase-wrong') throw new Unreadable(reason, 'key', String(error));
    }
  }
  throw new Unreadable('file-unreadable', 'key');
}

function isEncryptedPem(key: Buffer): boolean {
  return /BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(key.toString('latin1'));
}

/** PFX ::= SEQUENCE { version INTEGER (3), … } (RFC 7292 §4). */
export function isPkcs12(bytes: Uint8Array): boolean {
  if (bytes[0] !== 0x30) return false;
  const length = bytes[1] ?? 0;
  const at = 2 + (length < 0x80 ? 0 : length & 0x7f);
  return bytes[at] === 2 && bytes[at + 1] === 1 && bytes[at + 2] === 3;
}

function readPkcs12(given: DoctorMaterial, link: LinkOptions, authorities: readonly X509Certificate[]): Client {
  const bytes = given.certificate ?? new Uint8Array();
  const pfx = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const system = given.authorities === null ? [...systemAuthorities()] : [];
    const context = createSecureContext({
      pfx,
      ...(given.passphrase === null ? {} : { passphrase: given.passphrase }),
      ca: [...authorities.map((one) => one.toString()), ...system],
      minVersion: link.minVersion,
    });
    // what createSecureContext has loaded (Node does not tell it in its types)
    const loaded = context.context as { getCertificate(): Buffer | null };
    const leaf = loaded.getCertificate();
    if (!leaf) throw new Unreadable('file-unreadable', 'certificate');
    return { chain: [new X509Certificate(leaf)], key: new Uint8Array(), keyMatches: true, context };
  } catch (error) {
    if (error instanceof Unreadable) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    // a form of encryption that the library does not know
    if (code !== undefined) throw new Unreadable(fileCauses[code] ?? 'key-unsupported', 'certificate', `${code}: ${message}`);
    throw new Unreadable(given.passphrase === null ? 'passphrase-missing' : 'passphrase-wrong', 'certificate', message);
  }
}

/** By the code of the library, never by its words. */
function unreadable(error: unknown, file: FileName): Unreadable {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (error instanceof Unreadable) return error;
  const raw = code === '' ? message : `${code}: ${message}`;
  // BoringSSL, of a curve that it does not know
  if (code === 'ERR_OSSL_EVP_DECODE_ERROR' || code === 'ERR_OSSL_EVP_UNSUPPORTED_ALGORITHM')
    return new Unreadable('key-unsupported', file, raw);
  return new Unreadable(fileCauses[code] ?? 'file-unreadable', file, raw);
}

function pemOf(certificates: readonly X509Certificate[]): string {
  return certificates.map((one) => one.toString()).join('');
}
