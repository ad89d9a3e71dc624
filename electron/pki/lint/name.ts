import { contentOf, DerError, elementOf, inside, type Tlv, tag } from './der-reader.ts';
import { oidText } from './der-values.ts';

/** One attribute of a distinguished name. */
export interface Attribute {
  readonly oid: string;
  /** Identifier octet of the string type. */
  readonly stringTag: number;
  readonly content: Uint8Array;
  /** Which RDN it belongs to, from 0; two of the same number form a multi-valued RDN. */
  readonly rdn: number;
}

/** Takes a Name (RFC 5280 §4.1.2.4), gives its attributes in order. Throws DerError. */
export function readName(bytes: Uint8Array, name: Tlv): Attribute[] {
  const found: Attribute[] = [];
  const rdns = inside(bytes, name);
  for (let rdn = 0; !rdns.done; rdn += 1) {
    const set = rdns.enter(tag.set);
    let previous: Uint8Array | undefined;
    if (set.done) throw new DerError('empty RDN');
    while (!set.done) {
      const tlv = set.expect(tag.sequence);
      const element = elementOf(bytes, tlv);
      // X.690 §11.6: the members of a SET OF are sorted
      if (previous !== undefined && Buffer.compare(previous, element) > 0) throw new DerError('RDN not sorted');
      previous = element;
      const pair = inside(bytes, tlv);
      const oid = oidText(bytes, pair.expect(tag.oid));
      const value = pair.next();
      pair.finish();
      found.push({ oid, stringTag: value.tag, content: contentOf(bytes, value), rdn });
    }
  }
  return found;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text of an attribute by its string type; undefined when the octets are not text of that type. */
export function attributeText(attribute: Attribute): string | undefined {
  const { content } = attribute;
  switch (attribute.stringTag) {
    case tag.utf8String:
      if (content.every((octet) => octet < 0x80)) return ascii(content);
      try {
        return strictUtf8.decode(content);
      } catch {
        return undefined;
      }
    case tag.printableString:
    case tag.ia5String:
      return content.every((octet) => octet < 0x80) ? ascii(content) : undefined;
    case tag.teletexString:
      // in practice this is Latin-1, whatever T.61 says
      return Buffer.from(content).toString('latin1');
    case tag.bmpString:
      if (content.length % 2 !== 0) return undefined;
      return Buffer.from(content).swap16().toString('utf16le');
    default:
      return undefined;
  }
}

/** Octets below 0x80 as text. */
export function ascii(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('latin1');
}
