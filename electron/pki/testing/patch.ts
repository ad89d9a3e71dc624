import { createPrivateKey, sign } from 'node:crypto';

/**
 * Takes a signed structure apart, lets a test change any part, and signs it again: so a faulty certificate has exactly
 * one fault. Uses neither the builder nor the reader under test, only the few lines of TLV below.
 */

/** One element: identifier, then the length in as few octets as possible, then the contents. */
export function tlv(identifier: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  if (content.length < 0x80) return Buffer.concat([Buffer.from([identifier, content.length]), content]);
  const hex = content.length.toString(16);
  const length = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.from([identifier, 0x80 | length.length]), length, content]);
}

/** The elements inside one element of well-formed DER. */
export function children(element: Uint8Array): Buffer[] {
  const parts: Buffer[] = [];
  const [start, end] = contentBounds(element, 0);
  for (let offset = start; offset < end; ) {
    const [, next] = contentBounds(element, offset);
    parts.push(Buffer.from(element.subarray(offset, next)));
    offset = next;
  }
  return parts;
}

export function content(element: Uint8Array): Buffer {
  const [start, end] = contentBounds(element, 0);
  return Buffer.from(element.subarray(start, end));
}

function contentBounds(bytes: Uint8Array, offset: number): [start: number, end: number] {
  const first = bytes[offset + 1] ?? 0;
  if (first < 0x80) return [offset + 2, offset + 2 + first];
  const count = first & 0x7f;
  const length = Number.parseInt(Buffer.from(bytes.subarray(offset + 2, offset + 2 + count)).toString('hex'), 16);
  return [offset + 2 + count, offset + 2 + count + length];
}

/** A certificate in parts, each a whole element. */
export interface CertificateParts {
  version: Buffer | undefined;
  serial: Buffer;
  innerAlgorithm: Buffer;
  issuer: Buffer;
  notBefore: Buffer;
  notAfter: Buffer;
  subject: Buffer;
  spki: Buffer;
  extensions: Buffer[];
  outerAlgorithm: Buffer;
  /** What the signature is made with; the hash of the algorithms if they are honest. */
  hash: 'sha256' | 'sha384';
}

/** Gives `certificate` with `change` applied, signed again with the issuer's key (PKCS#8). */
export function patchCertificate(
  certificate: Uint8Array,
  issuerPkcs8: Buffer,
  change: (parts: CertificateParts) => void,
): Buffer {
  const [tbs, outerAlgorithm] = children(certificate);
  const fields = children(tbs ?? Buffer.alloc(0));
  const [version, serial, innerAlgorithm, issuer, validity, subject, spki, extensions] = fields;
  const [notBefore, notAfter] = children(validity ?? Buffer.alloc(0));
  if (!(serial && innerAlgorithm && issuer && notBefore && notAfter && subject && spki && extensions && outerAlgorithm)) {
    throw new Error('not one of our certificates');
  }
  const [list] = children(extensions);
  const parts: CertificateParts = {
    version,
    serial,
    innerAlgorithm,
    issuer,
    notBefore,
    notAfter,
    subject,
    spki,
    extensions: children(list ?? Buffer.alloc(0)),
    outerAlgorithm,
    hash: 'sha256',
  };
  change(parts);
  const patched = tlv(
    0x30,
    parts.version ?? Buffer.alloc(0),
    parts.serial,
    parts.innerAlgorithm,
    parts.issuer,
    tlv(0x30, parts.notBefore, parts.notAfter),
    parts.subject,
    parts.spki,
    tlv(0xa3, tlv(0x30, ...parts.extensions)),
  );
  return signAgain(patched, parts.outerAlgorithm, issuerPkcs8, parts.hash);
}

/** Gives `crl` with the elements of its TBSCertList changed, signed again. */
export function patchCrl(crl: Uint8Array, issuerPkcs8: Buffer, change: (fields: Buffer[]) => void): Buffer {
  const [tbs, algorithm] = children(crl);
  const fields = children(tbs ?? Buffer.alloc(0));
  change(fields);
  return signAgain(tlv(0x30, ...fields), algorithm ?? Buffer.alloc(0), issuerPkcs8, 'sha256');
}

function signAgain(tbs: Buffer, algorithm: Buffer, pkcs8: Buffer, hash: string): Buffer {
  const signature = sign(hash, tbs, createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
  return tlv(0x30, tbs, algorithm, tlv(0x03, Buffer.from([0]), signature));
}

/** Content octets of `2.5.29.n`. */
export function extensionOid(number: number): Buffer {
  return Buffer.from([0x55, 0x1d, number]);
}

/** An extension `2.5.29.n`. */
export function extension(number: number, critical: boolean, value: Uint8Array): Buffer {
  const flag = critical ? tlv(0x01, Buffer.from([0xff])) : Buffer.alloc(0);
  return tlv(0x30, tlv(0x06, extensionOid(number)), flag, tlv(0x04, value));
}

/** The extensions without `2.5.29.n`. */
export function without(extensions: readonly Buffer[], number: number): Buffer[] {
  const oid = tlv(0x06, extensionOid(number));
  return extensions.filter((candidate) => !children(candidate)[0]?.equals(oid));
}

/** The extensions with another `2.5.29.n` in the place of the present one. */
export function replaced(extensions: readonly Buffer[], number: number, critical: boolean, value: Uint8Array): Buffer[] {
  return [...without(extensions, number), extension(number, critical, value)];
}

/** A name of one attribute per RDN: [last arc of `2.5.4.n`, identifier of the string type, text]. */
export function name(...attributes: [type: number, stringTag: number, text: string | Uint8Array][]): Buffer {
  const rdns = attributes.map(([type, stringTag, text]) =>
    tlv(0x31, tlv(0x30, tlv(0x06, Buffer.from([0x55, 0x04, type])), tlv(stringTag, Buffer.from(text as string)))),
  );
  return tlv(0x30, ...rdns);
}
