import { createHash } from 'node:crypto';

/** What node:crypto does not tell of a certificate, or tells only of keys that its library knows (RFC 5280 §4.1). */
export interface CertificateShape {
  /** Such as `ecdsa-with-SHA256`; the object identifier where it has no name here. */
  readonly signature: string;
  /** Such as `EC P-256` or `RSA 2048`. */
  readonly key: string;
  /** SHA-256 of SubjectPublicKeyInfo, lower-case hexadecimal. */
  readonly keyFingerprint: string;
  /** keyUsage has digitalSignature (§4.2.1.3); null = there is no keyUsage, so everything is allowed. */
  readonly digitalSignature: boolean | null;
  /** What OpenSSL's and BoringSSL's usual levels refuse in it: `RSA 1024`, `sha1WithRSAEncryption`; empty = nothing. */
  readonly weak: string;
}

/** Gives null for what is not built like a certificate. Never throws. */
export function certificateShape(der: Uint8Array): CertificateShape | null {
  try {
    const [tbs, algorithm] = children(element(der, 0));
    if (!tbs || !algorithm) return null;
    const fields = children(tbs);
    // version [0] may be left out
    const spki = fields[fields[0]?.tag === 0xa0 ? 6 : 5];
    const extensions = fields.find((field) => field.tag === 0xa3);
    const signature = nameOf(children(algorithm)[0]);
    if (!spki) return null;
    const key = keyName(spki);
    const small = /^RSA (\d+)$/.exec(key)?.[1];
    const weak = [
      ...(small !== undefined && Number(small) < 2048 ? [key] : []),
      ...(/md5|sha1/i.test(signature) ? [signature] : []),
    ];
    return {
      signature,
      key,
      keyFingerprint: createHash('sha256').update(spki.whole).digest('hex'),
      digitalSignature: extensions ? digitalSignature(extensions) : null,
      weak: weak.join(', '),
    };
  } catch {
    return null;
  }
}

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  readonly whole: Uint8Array;
}

/** One DER element (X.690 §8.1). @throws RangeError when it ends too early */
function element(bytes: Uint8Array, at: number): Element {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined) throw new RangeError('truncated');
  const more = first < 0x80 ? 0 : first & 0x7f;
  if (more > 4) throw new RangeError('too long');
  let length = first;
  if (more > 0) {
    length = 0;
    for (let i = 0; i < more; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0);
  }
  const begin = at + 2 + more;
  if (begin + length > bytes.length) throw new RangeError('truncated');
  return { tag, content: bytes.subarray(begin, begin + length), whole: bytes.subarray(at, begin + length) };
}

function children({ content }: Element): Element[] {
  const found: Element[] = [];
  for (let at = 0; at < content.length; ) {
    const next = element(content, at);
    found.push(next);
    at += next.whole.length;
  }
  return found;
}

function nameOf(oid: Element | undefined): string {
  const dotted = oid ? objectIdentifier(oid.content) : '';
  return names[dotted] ?? dotted;
}

function objectIdentifier(content: Uint8Array): string {
  const first = content[0] ?? 0;
  const parts = [Math.min(2, Math.floor(first / 40)), first - 40 * Math.min(2, Math.floor(first / 40))];
  let value = 0;
  for (const byte of content.subarray(1)) {
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      parts.push(value);
      value = 0;
    }
  }
  return parts.join('.');
}

/** Algorithm and size or curve of a SubjectPublicKeyInfo (RFC 3279 §2.3, RFC 5480 §2.1). */
function keyName(spki: Element): string {
  const [algorithm, bits] = children(spki);
  const [oid, parameters] = algorithm ? children(algorithm) : [];
  const name = nameOf(oid);
  if (name === 'EC') return `EC ${parameters?.tag === 6 ? nameOf(parameters) : 'with its own curve'}`;
  if (name !== 'RSA' || !bits) return name;
  const modulus = children(element(bits.content, 1))[0]?.content ?? new Uint8Array();
  const digits = modulus[0] === 0 ? modulus.subarray(1) : modulus;
  return `RSA ${digits.length === 0 ? 0 : (digits.length - 1) * 8 + (32 - Math.clz32(digits[0] ?? 0))}`;
}

/** Bit 0 of keyUsage; null when the extension is not there. */
function digitalSignature(extensions: Element): boolean | null {
  const list = children(extensions)[0];
  for (const extension of list ? children(list) : []) {
    const parts = children(extension);
    const oid = parts[0];
    const value = parts.at(-1);
    if (oid && value && objectIdentifier(oid.content) === '2.5.29.15')
      return ((element(value.content, 0).content[1] ?? 0) & 0x80) !== 0;
  }
  return null;
}

/** RFC 3279, RFC 4055, RFC 5480, RFC 5758, RFC 8410. */
const names: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.1': 'RSA',
  '1.2.840.113549.1.1.4': 'md5WithRSAEncryption',
  '1.2.840.113549.1.1.5': 'sha1WithRSAEncryption',
  '1.2.840.113549.1.1.10': 'RSASSA-PSS',
  '1.2.840.113549.1.1.11': 'sha256WithRSAEncryption',
  '1.2.840.113549.1.1.12': 'sha384WithRSAEncryption',
  '1.2.840.113549.1.1.13': 'sha512WithRSAEncryption',
  '1.2.840.10045.2.1': 'EC',
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
  '1.3.132.0.10': 'secp256k1',
  '1.3.36.3.3.2.8.1.1.7': 'brainpoolP256r1',
  '1.2.840.10045.4.1': 'ecdsa-with-SHA1',
  '1.2.840.10045.4.3.2': 'ecdsa-with-SHA256',
  '1.2.840.10045.4.3.3': 'ecdsa-with-SHA384',
  '1.2.840.10045.4.3.4': 'ecdsa-with-SHA512',
  '1.3.101.112': 'Ed25519',
  '1.3.101.113': 'Ed448',
};
