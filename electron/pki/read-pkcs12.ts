import { createHmac, timingSafeEqual } from 'node:crypto';
import { FieldkeyError } from '../../shared/errors.ts';
import { berToDer } from './ber.ts';
import { checkPkcs12Iterations, readEncryptionScheme } from './encryption-scheme.ts';
import {
  contentOf,
  contextTag,
  DerError,
  type DerReader,
  elementOf,
  inside,
  readWhole,
  type Tlv,
  tag,
} from './lint/der-reader.ts';
import { oidText, smallInteger } from './lint/der-values.ts';
import { oids } from './oids.ts';
import { bmpPassphrase, derivePkcs12, purpose } from './pkcs12-kdf.ts';

/** Something in a PKCS#12 file, with the name and the id that its writer gave it. */
interface Named {
  readonly friendlyName: string | undefined;
  /** Hexadecimal; ties a key to its certificate. */
  readonly localKeyId: string | undefined;
}

export interface Pkcs12Info {
  readonly certificates: readonly (Named & { readonly der: Buffer })[];
  /** Unencrypted PKCS#8, not yet understood. Wipe them. */
  readonly keys: readonly (Named & { readonly pkcs8: Buffer })[];
  readonly crls: readonly Buffer[];
  /** Whether a MAC under the passphrase proved that nothing was changed; some writers leave it out. */
  readonly authenticated: boolean;
  /** How its parts are encrypted, for people; and whether one of them in an outdated way. */
  readonly encryption: readonly string[];
  readonly legacy: boolean;
}

/** Files with whole chains of RSA-4096 stay below 64 kB; nothing honest comes near this. */
export const pkcs12SizeLimit = 1024 * 1024;

/**
 * Reads a PKCS#12 file (RFC 7292) of anybody, DER or BER: PBES2, or triple DES and RC2 as older programs write.
 * Throws PASSPHRASE_MISSING when it needs one and none is given, PASSPHRASE_WRONG, FILE_MALFORMED, FILE_TOO_LARGE;
 * nothing else, whatever the bytes.
 */
export async function readPkcs12(bytes: Uint8Array, passphrase: string | undefined): Promise<Pkcs12Info> {
  if (bytes.length > pkcs12SizeLimit) throw new FieldkeyError('FILE_TOO_LARGE', { file: 'pkcs12', limit: pkcs12SizeLimit });
  try {
    return await new Reading(passphrase).file(berToDer(bytes));
  } catch (error) {
    throw error instanceof DerError ? malformed(error.message, error) : error;
  }
}

/** Whether bytes look like a PKCS#12 file: a SEQUENCE that begins with the version 3 and a ContentInfo. */
export function looksLikePkcs12(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 24)).toString('hex');
  return /^30(?:80|[0-7][0-9a-f]|8[1-4](?:[0-9a-f]{2}){1,4}?)02010330/.test(head);
}

class Reading {
  readonly #passphrase: string | undefined;
  readonly #certificates: (Named & { der: Buffer })[] = [];
  readonly #keys: (Named & { pkcs8: Buffer })[] = [];
  readonly #crls: Buffer[] = [];
  readonly #encryption = new Set<string>();
  #legacy = false;

  constructor(passphrase: string | undefined) {
    this.#passphrase = passphrase;
  }

  async file(der: Buffer): Promise<Pkcs12Info> {
    const pfx = inside(der, readWhole(der, tag.sequence));
    if (smallInteger(der, pfx.expect(tag.integer)) !== 3) throw malformed('not version 3');
    const authSafe = pfx.enter(tag.sequence);
    if (oidText(der, authSafe.expect(tag.oid)) !== oids.data) throw malformed('signed instead of protected by a passphrase');
    const content = Buffer.from(contentOf(der, authSafe.enter(contextTag(0, true)).expect(tag.octetString)));
    const authenticated = !pfx.done && (await this.#checkMac(content, pfx.enter(tag.sequence)));
    const safe = berToDer(content);
    const list = inside(safe, readWhole(safe, tag.sequence));
    while (!list.done) await this.#contentInfo(list.enter(tag.sequence));
    return {
      certificates: this.#certificates,
      keys: this.#keys,
      crls: this.#crls,
      authenticated,
      encryption: [...this.#encryption],
      legacy: this.#legacy,
    };
  }

  #needPassphrase(): string {
    if (this.#passphrase === undefined) throw new FieldkeyError('PASSPHRASE_MISSING', { variable: 'FIELDKEY_KEY_PASSPHRASE' });
    return this.#passphrase;
  }

  async #checkMac(content: Buffer, mac: DerReader): Promise<boolean> {
    const { bytes } = mac;
    const info = mac.enter(tag.sequence);
    const algorithm = oidText(bytes, info.enter(tag.sequence).expect(tag.oid));
    const digest = contentOf(bytes, info.expect(tag.octetString));
    const salt = contentOf(bytes, mac.expect(tag.octetString));
    const iterations = mac.done ? 1 : smallInteger(bytes, mac.expect(tag.integer));
    const hash = { [oids.sha1]: 'sha1', [oids.sha256]: 'sha256', [oids.sha384]: 'sha384', [oids.sha512]: 'sha512' }[algorithm];
    if (hash === undefined) throw malformed('its MAC is of an unknown kind');
    checkPkcs12Iterations(iterations);
    const passphrase = this.#needPassphrase();
    // an empty passphrase is two zero octets for some writers and nothing at all for others
    for (const secret of passphrase === '' ? [bmpPassphrase(''), Buffer.alloc(0)] : [bmpPassphrase(passphrase)]) {
      const key = await derivePkcs12(hash, secret, salt, purpose.mac, iterations, digestOctets[hash] ?? 0);
      const wanted = createHmac(hash, key).update(content).digest();
      if (wanted.length === digest.length && timingSafeEqual(wanted, digest)) return true;
    }
    throw new FieldkeyError('PASSPHRASE_WRONG', {});
  }

  async #contentInfo(info: DerReader): Promise<void> {
    const { bytes } = info;
    const type = oidText(bytes, info.expect(tag.oid));
    const value = info.enter(contextTag(0, true));
    if (type === oids.data) return this.#safeContents(contentOf(bytes, value.expect(tag.octetString)));
    if (type !== oids.encryptedData) throw malformed('a part is encrypted for a certificate instead of a passphrase');
    const encryptedData = value.enter(tag.sequence);
    encryptedData.expect(tag.integer);
    const content = encryptedData.enter(tag.sequence);
    content.expect(tag.oid);
    const algorithm = content.expect(tag.sequence);
    const plain = await this.#decrypt(bytes, algorithm, encryptedContent(bytes, content));
    return this.#safeContents(plain);
  }

  /** Decrypts; the result is a SEQUENCE, or the passphrase was wrong. Some old NSS encodes it as UTF-16 for PBES2, too. */
  async #decrypt(bytes: Uint8Array, algorithm: Tlv, encrypted: Uint8Array): Promise<Buffer> {
    const scheme = readEncryptionScheme(bytes, algorithm);
    this.#encryption.add(scheme.name);
    this.#legacy ||= scheme.legacy;
    const passphrase = this.#needPassphrase();
    for (const secret of [passphrase, bmpPassphrase(passphrase), Buffer.alloc(0)]) {
      if (typeof secret !== 'string' && secret.length === 0 && passphrase !== '') break;
      try {
        const plain = await scheme.decrypt(encrypted, secret);
        if (plain[0] === tag.sequence) return plain;
      } catch (error) {
        if (!(error instanceof FieldkeyError) || error.code !== 'PASSPHRASE_WRONG') throw error;
      }
    }
    throw new FieldkeyError('PASSPHRASE_WRONG', {});
  }

  async #safeContents(content: Uint8Array, depth = 0): Promise<void> {
    if (depth > 4) throw malformed('nested too deeply');
    const der = berToDer(content);
    const list = inside(der, readWhole(der, tag.sequence));
    while (!list.done) await this.#safeBag(list.enter(tag.sequence), depth);
  }

  async #safeBag(bag: DerReader, depth: number): Promise<void> {
    const { bytes } = bag;
    const type = oidText(bytes, bag.expect(tag.oid));
    const value = bag.enter(contextTag(0, true));
    const named = bag.done ? unnamed : readAttributes(bag.enter(tag.set));
    switch (type) {
      case oids.keyBag:
        this.#keys.push({ ...named, pkcs8: Buffer.from(elementOf(bytes, value.expect(tag.sequence))) });
        return;
      case oids.shroudedKeyBag: {
        const shrouded = value.enter(tag.sequence);
        const algorithm = shrouded.expect(tag.sequence);
        const encrypted = contentOf(bytes, shrouded.expect(tag.octetString));
        this.#keys.push({ ...named, pkcs8: await this.#decrypt(bytes, algorithm, encrypted) });
        return;
      }
      case oids.certBag:
      case oids.crlBag: {
        const fields = value.enter(tag.sequence);
        const kind = oidText(bytes, fields.expect(tag.oid));
        const der = Buffer.from(contentOf(bytes, fields.enter(contextTag(0, true)).expect(tag.octetString)));
        if (kind === oids.x509Certificate) this.#certificates.push({ ...named, der });
        else if (kind === oids.x509Crl) this.#crls.push(der);
        return;
      }
      case oids.safeContentsBag:
        return this.#safeContents(elementOf(bytes, value.expect(tag.sequence)), depth + 1);
      default:
      // secrets of other programs are none of our business
    }
  }
}

const unnamed: Named = { friendlyName: undefined, localKeyId: undefined };
const digestOctets: Readonly<Record<string, number>> = { sha1: 20, sha256: 32, sha384: 48, sha512: 64 };

/** `[0] IMPLICIT OCTET STRING`, whole or (in BER) in pieces. */
function encryptedContent(bytes: Uint8Array, content: DerReader): Uint8Array {
  const whole = content.optional(contextTag(0, false));
  if (whole !== undefined) return contentOf(bytes, whole);
  const pieces = content.enter(contextTag(0, true));
  const parts: Uint8Array[] = [];
  while (!pieces.done) parts.push(contentOf(bytes, pieces.expect(tag.octetString)));
  return Buffer.concat(parts);
}

function readAttributes(set: DerReader): Named {
  const { bytes } = set;
  const named: { friendlyName: string | undefined; localKeyId: string | undefined } = { ...unnamed };
  while (!set.done) {
    const pair = set.enter(tag.sequence);
    const type = oidText(bytes, pair.expect(tag.oid));
    const values = pair.enter(tag.set);
    if (values.done) continue;
    const value = values.next();
    const content = Buffer.from(contentOf(bytes, value));
    if (type === oids.friendlyName && value.tag === tag.bmpString && content.length % 2 === 0)
      named.friendlyName = content.swap16().toString('utf16le');
    if (type === oids.localKeyId && value.tag === tag.octetString) named.localKeyId = content.toString('hex');
  }
  return named;
}

function malformed(reason: string, cause?: unknown): FieldkeyError<'FILE_MALFORMED'> {
  return new FieldkeyError('FILE_MALFORMED', { what: 'pkcs12', reason }, cause);
}
