import { createCipheriv, createHash, createHmac, createPublicKey, randomBytes } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import { type DerNode, encoded, explicit, implicit, integer, nullValue, octetString, oid, sequence, toDer } from './der.ts';
import { encryptPbes2 } from './key-encryption.ts';
import { oids } from './oids.ts';
import { bmpPassphrase, derivePkcs12, purpose } from './pkcs12-kdf.ts';
import { softwareSpki } from './public-half.ts';
import { readCertificate } from './read.ts';

export interface Pkcs12Contents {
  /** The private key, PKCS#8. */
  readonly pkcs8: Uint8Array;
  /** The certificate of the key, DER. */
  readonly certificate: Uint8Array;
  /** Further certificates: site CA, root. */
  readonly chain?: readonly Uint8Array[] | undefined;
  /** What importers show: the device's id. */
  readonly friendlyName: string;
}

export interface Pkcs12Options {
  /** Triple DES and SHA-1 instead of AES-256 and SHA-256, for Windows before 10 1709 and macOS before 15. */
  readonly legacy?: boolean | undefined;
  /** Rounds of each derivation; 100,000 unless told, 10,000 in the legacy form. */
  readonly iterations?: number | undefined;
  readonly randomBytes?: ((count: number) => Uint8Array) | undefined;
}

/**
 * Writes a PKCS#12 file (RFC 7292): key and certificates encrypted under the passphrase, with a MAC over everything.
 * PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC, MAC with SHA-256; `legacy` for old importers, which otherwise say "wrong
 * password". Throws PROFILE_REFUSED `key-mismatch` when key and certificate do not belong together, FILE_MALFORMED.
 */
export async function writePkcs12(contents: Pkcs12Contents, passphrase: string, options: Pkcs12Options = {}): Promise<Buffer> {
  const { pkcs8, certificate, chain = [], friendlyName } = contents;
  requireSameKey(pkcs8, certificate);
  // the id that ties key and certificate together: any octets; everybody writes the certificate's SHA-1
  const id = createHash('sha1').update(certificate).digest();
  const encrypt = encryptionOf(passphrase, options);
  const own = [certificateBag(certificate, friendlyName, id)];
  const certificates = toDer(sequence(...own, ...chain.map((der) => certificateBag(der))));
  const shrouded = await encrypt(pkcs8);
  const keyValue = sequence(shrouded.algorithm, octetString(shrouded.encrypted));
  const keys = toDer(sequence(bag(oids.shroudedKeyBag, keyValue, friendlyName, id)));
  const sealed = await encrypt(certificates);
  const content = sequence(oid(oids.data), sealed.algorithm, implicit(0, sealed.encrypted));
  const safe = toDer(
    sequence(
      sequence(oid(oids.encryptedData), explicit(0, sequence(integer(0), content))),
      sequence(oid(oids.data), explicit(0, octetString(keys))),
    ),
  );
  const authSafe = sequence(oid(oids.data), explicit(0, octetString(safe)));
  return toDer(sequence(integer(3), authSafe, await macOf(safe, passphrase, options)));
}

function requireSameKey(pkcs8: Uint8Array, certificate: Uint8Array): void {
  const normal = (spki: Buffer) =>
    createPublicKey({ key: spki, format: 'der', type: 'spki' }).export({ format: 'der', type: 'spki' });
  if (!normal(softwareSpki(pkcs8)).equals(normal(readCertificate(certificate).spki)))
    throw new FieldkeyError('PROFILE_REFUSED', { reason: 'key-mismatch' });
}

type Encrypt = (plain: Uint8Array) => Promise<{ readonly algorithm: DerNode; readonly encrypted: Buffer }>;

function encryptionOf(passphrase: string, options: Pkcs12Options): Encrypt {
  if (options.legacy !== true) return (plain) => encryptPbes2(plain, passphrase, options);
  return async (plain) => {
    const iterations = options.iterations ?? legacyIterations;
    const salt = (options.randomBytes ?? randomBytes)(8);
    const secret = bmpPassphrase(passphrase);
    const key = await derivePkcs12('sha1', secret, salt, purpose.key, iterations, 24);
    const iv = await derivePkcs12('sha1', secret, salt, purpose.iv, iterations, 8);
    const cipher = createCipheriv('des-ede3-cbc', key, iv);
    const encrypted = Buffer.concat([cipher.update(plain), cipher.final()]);
    key.fill(0);
    return { algorithm: sequence(oid(oids.pbeSha3Des), sequence(octetString(salt), integer(iterations))), encrypted };
  };
}

const legacyIterations = 10_000;

/** MacData (RFC 7292 §4): an HMAC over the content under a key derived from the passphrase. */
async function macOf(safe: Buffer, passphrase: string, options: Pkcs12Options): Promise<DerNode> {
  const hash = options.legacy === true ? 'sha1' : 'sha256';
  const iterations = options.iterations ?? (options.legacy === true ? legacyIterations : 100_000);
  const salt = (options.randomBytes ?? randomBytes)(16);
  const octets = hash === 'sha1' ? 20 : 32;
  const key = await derivePkcs12(hash, bmpPassphrase(passphrase), salt, purpose.mac, iterations, octets);
  const digest = createHmac(hash, key).update(safe).digest();
  const info = sequence(sequence(oid(oids[hash]), nullValue()), octetString(digest));
  return sequence(info, octetString(salt), integer(iterations));
}

function certificateBag(der: Uint8Array, friendlyName?: string, id?: Buffer): DerNode {
  return bag(oids.certBag, sequence(oid(oids.x509Certificate), explicit(0, octetString(der))), friendlyName, id);
}

/** SafeBag (RFC 7292 §4.2) with friendlyName and localKeyId (RFC 2985 §5.5). */
function bag(type: string, value: DerNode, friendlyName?: string, id?: Buffer): DerNode {
  const fields = [oid(type), explicit(0, value)];
  const attributes: Buffer[] = [];
  if (friendlyName !== undefined) attributes.push(attribute(oids.friendlyName, bmpElement(friendlyName)));
  if (id !== undefined) attributes.push(attribute(oids.localKeyId, toDer(octetString(id))));
  // X.690 §11.6: the members of a SET OF are sorted
  if (attributes.length > 0) fields.push(encoded(tagged(0x31, Buffer.concat(attributes.toSorted(Buffer.compare)))));
  return sequence(...fields);
}

function attribute(type: string, value: Buffer): Buffer {
  return tagged(0x30, Buffer.concat([toDer(oid(type)), tagged(0x31, value)]));
}

function bmpElement(text: string): Buffer {
  return tagged(0x1e, Buffer.from(text, 'utf16le').swap16());
}

/** One element of less than 64 kB. */
function tagged(identifier: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([identifier, length]), content]);
  const octets = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([identifier, ...octets]), content]);
}
