import { ipToOctets } from './ip.ts';
import { contentOf, DerError, inside, readWhole, type Tlv, tag } from './lint/der-reader.ts';
import { type Attribute, ascii, attributeText, readName } from './lint/name.ts';
import type { CertificateInfo } from './read.ts';

/** The names that an authority lets those below it use (RFC 5280 §4.2.1.10): companies fence an issuing authority in with them. */

/** One subtree. Types that nothing of ours carries (e-mail, other names) are counted as `other`. */
export type Subtree =
  | { readonly type: 'dns' | 'uri'; readonly value: string }
  | { readonly type: 'ip'; readonly address: Buffer; readonly mask: Buffer }
  | { readonly type: 'directory'; readonly attributes: readonly Attribute[] }
  | { readonly type: 'other' };

export interface NameConstraints {
  readonly permitted: readonly Subtree[];
  readonly excluded: readonly Subtree[];
}

/** Reads the extension's value. Throws DerError. */
export function readNameConstraints(bytes: Uint8Array): NameConstraints {
  const fields = inside(bytes, readWhole(bytes, tag.sequence));
  const permitted = fields.optional(0xa0);
  const excluded = fields.optional(0xa1);
  fields.finish();
  return { permitted: subtrees(bytes, permitted), excluded: subtrees(bytes, excluded) };
}

function subtrees(bytes: Uint8Array, list: Tlv | undefined): Subtree[] {
  const found: Subtree[] = [];
  const reader = list && inside(bytes, list);
  while (reader && !reader.done) {
    // minimum and maximum are 0 and absent in this profile; whoever sets them is not understood by validators either
    const base = reader.enter(tag.sequence).next();
    found.push(subtree(bytes, base));
  }
  return found;
}

const generalName = { dns: 0x82, directory: 0xa4, uri: 0x86, ip: 0x87 } as const;

function subtree(bytes: Uint8Array, base: Tlv): Subtree {
  const content = contentOf(bytes, base);
  switch (base.tag) {
    case generalName.dns:
      return { type: 'dns', value: ascii(content).toLowerCase() };
    case generalName.uri:
      return { type: 'uri', value: ascii(content).toLowerCase() };
    case generalName.ip: {
      if (content.length !== 8 && content.length !== 32) throw new DerError('address range of the wrong length');
      const half = content.length / 2;
      return { type: 'ip', address: Buffer.from(content.subarray(0, half)), mask: Buffer.from(content.subarray(half)) };
    }
    case generalName.directory:
      return { type: 'directory', attributes: readName(bytes, inside(bytes, base).expect(tag.sequence)) };
    default:
      return { type: 'other' };
  }
}

/** A certificate's names as far as they can be constrained. */
export interface ConstrainedNames {
  readonly dns: readonly string[];
  readonly ip: readonly string[];
  readonly uri: readonly string[];
  readonly subject: readonly Attribute[];
}

/** What a certificate is named, the way OpenSSL looks at it: without a host in the SAN a CN that looks like one counts as host. */
export function namesOf({ alternativeNames, subjectDer, commonName }: CertificateInfo): ConstrainedNames {
  const { dns, ip, uri } = alternativeNames;
  const host = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$/.test(commonName);
  return {
    dns: dns.length === 0 && host ? [commonName] : dns,
    ip,
    uri,
    subject: readName(subjectDer, readWhole(subjectDer, tag.sequence)),
  };
}

/** The names that some authorities above do not allow, as text; empty when the certificate may carry all of its names. */
export function forbiddenNames(names: ConstrainedNames, above: readonly NameConstraints[]): string[] {
  const texts = (type: 'dns' | 'ip' | 'uri') =>
    names[type].filter((name) => above.some((each) => !allows(each, type, (tree) => matches(tree, name))));
  const subject = above.some((each) => !allows(each, 'directory', (tree) => isBelow(tree, names.subject)));
  const subjectText = names.subject.map((each) => attributeText(each) ?? '').join(', ');
  return [...texts('dns'), ...texts('ip'), ...texts('uri'), ...(subject ? [subjectText] : [])];
}

/** Of the permitted subtrees of a type one must match, unless there is none; of the excluded none may. */
function allows({ permitted, excluded }: NameConstraints, type: Subtree['type'], hit: (tree: Subtree) => boolean): boolean {
  const own = permitted.filter((tree) => tree.type === type);
  return (own.length === 0 || own.some(hit)) && !excluded.some((tree) => tree.type === type && hit(tree));
}

function matches(tree: Subtree, name: string): boolean {
  switch (tree.type) {
    case 'dns':
      return isHostBelow(name, tree.value);
    case 'uri': {
      const host = /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?([^:/?#]*)/i.exec(name)?.[1] ?? '';
      // for URIs a value without a leading dot is one host, not a domain
      return tree.value.startsWith('.') ? isHostBelow(host, tree.value) : host.toLowerCase() === tree.value;
    }
    case 'ip': {
      const octets = ipToOctets(name);
      if (octets?.length !== tree.address.length) return false;
      return octets.every((octet, at) => (octet & (tree.mask[at] ?? 0)) === ((tree.address[at] ?? 0) & (tree.mask[at] ?? 0)));
    }
    default:
      return false;
  }
}

/** `corp.example` allows itself and everything below, `.corp.example` only what is below, an empty value everything. */
function isHostBelow(host: string, domain: string): boolean {
  const name = host.toLowerCase();
  if (domain === '') return true;
  return domain.startsWith('.') ? name.endsWith(domain) : name === domain || name.endsWith(`.${domain}`);
}

/** RFC 5280 §7.1: the subtree's RDNs are the first of the name, compared without case and without repeated blanks. */
function isBelow(tree: Subtree, subject: readonly Attribute[]): boolean {
  if (tree.type !== 'directory') return false;
  const plain = (attribute: Attribute | undefined) =>
    attribute &&
    `${attribute.rdn} ${attribute.oid} ${(attributeText(attribute) ?? '').trim().replace(/\s+/g, ' ').toLowerCase()}`;
  return tree.attributes.every((attribute, at) => plain(attribute) === plain(subject[at]));
}
