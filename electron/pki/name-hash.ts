import { createHash } from 'node:crypto';
import { DerReader, elementOf, readWhole, tag } from './lint/der-reader.ts';

/** String types that OpenSSL brings to UTF-8 before it hashes (asn1_string_canon); the rest is taken as it stands. */
const decoders = new Map<number, (content: Buffer) => string>([
  [tag.utf8String, (content) => content.toString('utf8')],
  [tag.printableString, (content) => content.toString('latin1')],
  [tag.ia5String, (content) => content.toString('latin1')],
  [tag.teletexString, (content) => content.toString('latin1')],
  [tag.bmpString, (content) => Buffer.from(content).swap16().toString('utf16le')],
]);

/**
 * The hash of a Name by which OpenSSL (`openssl crl -hash`, X509_NAME_hash) and Erlang (public_key:short_name_hash) find
 * files in a folder: `<hash>.r0`. The first four octets of a SHA-1, the last one first, as eight hexadecimal digits.
 * Letters of ASCII count as small, blanks at the ends not at all, and several of them as one.
 * @throws DerError when `der` is no Name
 */
export function nameHash(der: Uint8Array): string {
  const name = new DerReader(der).enter(tag.sequence);
  readWhole(der, tag.sequence);
  const sets: Buffer[] = [];
  while (!name.done) {
    const set = name.enter(tag.set);
    const attributes: Buffer[] = [];
    while (!set.done) {
      const attribute = set.enter(tag.sequence);
      const type = Buffer.from(elementOf(der, attribute.expect(tag.oid)));
      const value = attribute.next();
      const decode = decoders.get(value.tag);
      const content = Buffer.from(der.subarray(value.content, value.end));
      attributes.push(
        element(
          tag.sequence,
          Buffer.concat([
            type,
            decode
              ? element(tag.utf8String, Buffer.from(canonical(decode(content)), 'utf8'))
              : Buffer.from(elementOf(der, value)),
          ]),
        ),
      );
    }
    // a SET is in the order of its encodings (X.690 §11.6)
    sets.push(element(tag.set, Buffer.concat(attributes.sort(Buffer.compare))));
  }
  const digest = createHash('sha1').update(Buffer.concat(sets)).digest();
  return digest.readUInt32LE(0).toString(16).padStart(8, '0');
}

function canonical(text: string): string {
  return text
    .replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '')
    .replace(/[ \t\n\v\f\r]+/g, ' ')
    .replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function element(identifier: number, content: Buffer): Buffer {
  const length = content.length;
  const octets = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([identifier, ...octets]), content]);
}
