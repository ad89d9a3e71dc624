import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { FieldkeyError } from '../../shared/errors.ts';
import type { JobControl } from '../../shared/model/job.ts';
import { isEncryptedBlock, isKeyLabel, privateKeyFromBlock } from '../pki/key-pem.ts';
import { spkiSha256 } from '../pki/keys.ts';
import { lintChainsStepwise } from '../pki/lint/chain.ts';
import { isAuthority, lintForeignCertificate } from '../pki/lint/foreign.ts';
import { type PemBlockWithHeaders, pemBlocks } from '../pki/pem.ts';
import { softwareSpki } from '../pki/public-half.ts';
import { type CertificateInfo, readCertificate } from '../pki/read.ts';
import { readCrl } from '../pki/read-crl.ts';
import { looksLikePkcs12, readPkcs12 } from '../pki/read-pkcs12.ts';
import type {
  Imported,
  ImportedCertificate,
  ImportedCredential,
  ImportedCrl,
  ImportedKey,
  ImportedRevocation,
  ImportFinding,
} from './findings.ts';
import { Pace } from './pace.ts';

const fileLimit = 24 * 1024 * 1024;
const mostFiles = 50_000;

/** Gathers what readers find: every certificate and key once, keys paired by their public half, everything linted. */
export class Collection {
  readonly #passphrase: string | undefined;
  readonly #certificates = new Map<string, { info: CertificateInfo; entry: ImportedCertificate }>();
  readonly #keys = new Map<string, ImportedKey>();
  readonly #revocations = new Map<string, ImportedRevocation>();
  readonly #crls: ImportedCrl[] = [];
  readonly #credentials: ImportedCredential[] = [];
  readonly #findings: ImportFinding[] = [];

  constructor(passphrase: string | undefined) {
    this.#passphrase = passphrase;
  }

  /** Runs one reader; what it throws about the bytes becomes a finding. */
  async attempt(place: string, read: () => void | Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      if (!(error instanceof FieldkeyError)) throw error;
      if (error.code === 'PASSPHRASE_MISSING' || error.code === 'PASSPHRASE_WRONG')
        this.#findings.push({ place, kind: 'key-encrypted' });
      else {
        const { reason = '' } = error.params as { reason?: unknown };
        this.#findings.push({ place, kind: 'unreadable', code: error.code, detail: String(reason) });
      }
    }
  }

  /** Everything in a file: PEM blocks, DER, PKCS#12. */
  file(place: string, bytes: Buffer): Promise<void> {
    return this.attempt(place, async () => {
      if (looksLikePkcs12(bytes)) return this.#pkcs12(place, bytes);
      if (bytes[0] === 0x30) return this.#der(place, bytes);
      for (const block of pemBlocks(bytes.toString('latin1'), fileLimit))
        await this.attempt(place, () => this.#block(place, block));
    });
  }

  async #block(place: string, block: PemBlockWithHeaders): Promise<void> {
    if (isKeyLabel(block.label)) {
      const passphrase = isEncryptedBlock(block) ? this.#passphrase : undefined;
      this.key(place, await privateKeyFromBlock(block, passphrase));
    } else if (block.label.endsWith('CERTIFICATE')) this.certificate(place, block.der);
    else if (block.label === 'X509 CRL') this.crl(place, block.der);
  }

  #der(place: string, der: Buffer): void {
    try {
      this.certificate(place, der);
    } catch (error) {
      if (!(error instanceof FieldkeyError)) throw error;
      this.crl(place, der);
    }
  }

  async #pkcs12(place: string, bytes: Buffer): Promise<void> {
    const { certificates, keys, crls } = await readPkcs12(bytes, this.#passphrase);
    for (const { der } of certificates) this.certificate(place, der);
    for (const { pkcs8 } of keys) this.key(place, pkcs8);
    for (const crl of crls) this.crl(place, crl);
  }

  certificate(place: string, der: Uint8Array): void {
    const info = readCertificate(der);
    const entry = { place, der: info.der, fingerprint: info.fingerprint, spkiFingerprint: spkiSha256(info.spki) };
    if (!this.#certificates.has(info.fingerprint)) this.#certificates.set(info.fingerprint, { info, entry });
  }

  key(place: string, pkcs8: Buffer): void {
    const spkiFingerprint = spkiSha256(softwareSpki(pkcs8));
    if (!this.#keys.has(spkiFingerprint)) this.#keys.set(spkiFingerprint, { place, pkcs8, spkiFingerprint });
  }

  crl(place: string, der: Uint8Array): void {
    const { der: bytes, issuerDer, number, entries } = readCrl(der);
    this.#crls.push({ place, der: bytes, issuerDer, number });
    for (const entry of entries) this.revocation({ ...entry, issuerDer, place });
  }

  /** The first that is told of a serial stays. Where nothing names the issuer, each file counts its serials for itself. */
  revocation(revocation: ImportedRevocation): void {
    const key = `${revocation.issuerDer?.toString('hex') ?? revocation.place} ${revocation.serial}`;
    if (!this.#revocations.has(key)) this.#revocations.set(key, revocation);
  }

  /** An entry that says that something is revoked, and not readably what: never left out silently. `line` from 1. */
  unreadableRevocation(place: string, line: number): void {
    this.#findings.push({ place, kind: 'revocation-line', line });
  }

  /** A Mosquitto password file: `user:$7$…` a line. */
  passwords(place: string, text: string): void {
    for (const [index, line] of text.split(/\r?\n/).entries()) {
      if (line.trim() === '' || line.startsWith('#')) continue;
      const [, user, hash] = /^([^:]{1,256}):(\$[67]\$[A-Za-z0-9+/=$]{10,1000})$/.exec(line.trim()) ?? [];
      if (user === undefined || hash === undefined) this.#findings.push({ place, kind: 'password-line', line: index + 1 });
      else this.#credentials.push({ user, hash, place });
    }
  }

  wipe(): void {
    for (const { pkcs8 } of this.#keys.values()) pkcs8.fill(0);
  }

  /** Everything that was gathered, each certificate linted by itself and in its chain. @throws JOB_CANCELLED */
  async result(source: Imported['source'], now: number, control: JobControl = {}): Promise<Imported> {
    const all = [...this.#certificates.values()];
    // its issuer is looked for, the step above it judged, then the certificate itself
    const total = 3 * all.length;
    const pace = new Pace(control, 'check');
    const steps = lintChainsStepwise(all.map(({ info }) => info));
    let done = 0;
    let step = steps.next();
    for (; step.done !== true; step = steps.next()) await pace.tick(++done, total);
    const chains = step.value;
    const withCertificate = new Set(all.map(({ entry }) => entry.spkiFingerprint));
    const findings: ImportFinding[] = [...this.#findings];
    for (const [index, { info, entry }] of all.entries()) {
      for (const finding of [...lintForeignCertificate(info, now), ...(chains[index] ?? [])])
        findings.push({ place: entry.place, kind: 'lint', finding });
      if (!this.#keys.has(entry.spkiFingerprint)) findings.push({ place: entry.place, kind: 'certificate-without-key' });
      await pace.tick(++done, total);
    }
    for (const { place, spkiFingerprint } of this.#keys.values())
      if (!withCertificate.has(spkiFingerprint)) findings.push({ place, kind: 'key-without-certificate' });
    return {
      source,
      authorities: all.filter(({ info }) => isAuthority(info)).map(({ entry }) => entry),
      certificates: all.filter(({ info }) => !isAuthority(info)).map(({ entry }) => entry),
      keys: [...this.#keys.values()],
      revocations: [...this.#revocations.values()],
      crls: this.#crls,
      credentials: this.#credentials,
      findings,
    };
  }
}

/** Has a collection filled; when that ends early, the keys that were read by then are wiped. */
export async function gather(
  passphrase: string | undefined,
  fill: (collection: Collection) => Promise<Imported>,
): Promise<Imported> {
  const collection = new Collection(passphrase);
  try {
    return await fill(collection);
  } catch (error) {
    collection.wipe();
    throw error;
  }
}

/** The files below a folder, as paths relative to it; links are not followed. Throws FILE_MALFORMED, FILE_TOO_LARGE. */
export async function filesBelow(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
    if (files.length > mostFiles) throw new FieldkeyError('FILE_TOO_LARGE', { file: folder, limit: mostFiles });
    return files.map((file) => file.replaceAll('\\', '/')).toSorted();
  } catch (error) {
    throw asFieldkeyError(folder, error);
  }
}

/** One file, at most 24 MiB. Throws FILE_MALFORMED, FILE_TOO_LARGE. */
export async function readBounded(file: string): Promise<Buffer> {
  try {
    if ((await lstat(file)).size > fileLimit) throw new FieldkeyError('FILE_TOO_LARGE', { file, limit: fileLimit });
    return await readFile(file);
  } catch (error) {
    throw asFieldkeyError(file, error);
  }
}

function asFieldkeyError(what: string, error: unknown): Error {
  if (error instanceof FieldkeyError) return error;
  return new FieldkeyError('FILE_MALFORMED', { what, reason: (error as NodeJS.ErrnoException).code ?? 'error' }, error);
}
