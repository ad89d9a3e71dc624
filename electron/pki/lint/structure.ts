import { contextTag, DerError, type DerReader, inside, readWhole, type Tlv, tag } from './der-reader.ts';
import { booleanValue, oidText, smallInteger } from './der-values.ts';

/** The outer shape of certificates, CRLs and requests: where each field is, not yet whether it is right. All throw DerError. */

export interface AlgorithmIdentifier {
  readonly oid: string;
  /** Undefined when the field is absent. */
  readonly parameters: Tlv | undefined;
  readonly tlv: Tlv;
}

export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** FALSE was written out although it is the default (X.690 §11.5). */
  readonly falseWritten: boolean;
  /** The OCTET STRING; its content is the DER of the extension's value. */
  readonly value: Tlv;
}

export interface CertificateStructure {
  readonly bytes: Uint8Array;
  readonly tbs: Tlv;
  /** As written: 2 means v3. Absent means v1, here 0. */
  readonly version: number;
  readonly serial: Tlv;
  readonly innerAlgorithm: AlgorithmIdentifier;
  readonly issuer: Tlv;
  readonly notBefore: Tlv;
  readonly notAfter: Tlv;
  readonly subject: Tlv;
  readonly spki: Tlv;
  readonly hasUniqueIds: boolean;
  readonly extensions: readonly Extension[];
  readonly outerAlgorithm: AlgorithmIdentifier;
  readonly signature: Tlv;
}

export interface CrlEntryStructure {
  readonly serial: Tlv;
  readonly revocationDate: Tlv;
  readonly extensions: readonly Extension[];
}

export interface CrlStructure {
  readonly bytes: Uint8Array;
  readonly tbs: Tlv;
  /** As written: 1 means v2. Absent means v1, here 0. */
  readonly version: number;
  readonly innerAlgorithm: AlgorithmIdentifier;
  readonly issuer: Tlv;
  readonly thisUpdate: Tlv;
  readonly nextUpdate: Tlv | undefined;
  /** Undefined when the field is absent, which differs from an empty list (RFC 5280 §5.1.2.6). */
  readonly entries: readonly CrlEntryStructure[] | undefined;
  readonly extensions: readonly Extension[];
  readonly outerAlgorithm: AlgorithmIdentifier;
  readonly signature: Tlv;
}

export function readAlgorithm(reader: DerReader): AlgorithmIdentifier {
  const tlv = reader.expect(tag.sequence);
  const fields = inside(reader.bytes, tlv);
  const oid = oidText(reader.bytes, fields.expect(tag.oid));
  const parameters = fields.done ? undefined : fields.next();
  fields.finish();
  return { oid, parameters, tlv };
}

/** One attribute of a request: its type, and the members of its SET OF values. */
export interface RequestAttribute {
  readonly oid: string;
  readonly values: readonly Tlv[];
}

export interface RequestStructure {
  readonly bytes: Uint8Array;
  /** CertificationRequestInfo: what is signed. */
  readonly tbs: Tlv;
  /** As written: 0 means v1, the only one there is. */
  readonly version: number;
  readonly subject: Tlv;
  readonly spki: Tlv;
  readonly attributes: readonly RequestAttribute[];
  /** False when the field is left out, which old software does although RFC 2986 has no OPTIONAL there. */
  readonly hasAttributes: boolean;
  readonly outerAlgorithm: AlgorithmIdentifier;
  readonly signature: Tlv;
}

/** Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension. Takes the reader that stands before it. */
export function readExtensions(reader: DerReader): Extension[] {
  const list = reader.enter(tag.sequence);
  const found: Extension[] = [];
  while (!list.done) {
    const fields = list.enter(tag.sequence);
    const oid = oidText(list.bytes, fields.expect(tag.oid));
    const flag = fields.optional(tag.boolean);
    const critical = flag !== undefined && booleanValue(list.bytes, flag);
    const value = fields.expect(tag.octetString);
    fields.finish();
    found.push({ oid, critical, falseWritten: flag !== undefined && !critical, value });
  }
  if (found.length === 0) throw new DerError('empty list of extensions');
  return found;
}

function readTaggedExtensions(reader: DerReader, number: number): Extension[] {
  if (reader.done) return [];
  const wrapper = reader.enter(contextTag(number, true));
  const found = readExtensions(wrapper);
  wrapper.finish();
  return found;
}

function readTimeField(reader: DerReader): Tlv {
  const tlv = reader.next();
  if (tlv.tag !== tag.utcTime && tlv.tag !== tag.generalizedTime) throw new DerError('something else where a time belongs');
  return tlv;
}

/** Certificate (RFC 5280 §4.1). Takes exactly one certificate, nothing behind it. */
export function readCertificateStructure(bytes: Uint8Array): CertificateStructure {
  const outer = inside(bytes, readWhole(bytes, tag.sequence));
  const tbs = outer.expect(tag.sequence);
  const outerAlgorithm = readAlgorithm(outer);
  const signature = outer.expect(tag.bitString);
  outer.finish();

  const fields = inside(bytes, tbs);
  const versionWrapper = fields.optional(contextTag(0, true));
  let version = 0;
  if (versionWrapper !== undefined) {
    const wrapped = inside(bytes, versionWrapper);
    version = smallInteger(bytes, wrapped.expect(tag.integer));
    wrapped.finish();
  }
  const serial = fields.expect(tag.integer);
  const innerAlgorithm = readAlgorithm(fields);
  const issuer = fields.expect(tag.sequence);
  const validity = fields.enter(tag.sequence);
  const notBefore = readTimeField(validity);
  const notAfter = readTimeField(validity);
  validity.finish();
  const subject = fields.expect(tag.sequence);
  const spki = fields.expect(tag.sequence);
  const issuerId = fields.optional(contextTag(1, false));
  const subjectId = fields.optional(contextTag(2, false));
  const extensions = readTaggedExtensions(fields, 3);
  fields.finish();
  const hasUniqueIds = issuerId !== undefined || subjectId !== undefined;
  return {
    bytes,
    tbs,
    version,
    serial,
    innerAlgorithm,
    issuer,
    notBefore,
    notAfter,
    subject,
    spki,
    hasUniqueIds,
    extensions,
    outerAlgorithm,
    signature,
  };
}

/** CertificateList (RFC 5280 §5.1). Takes exactly one CRL, nothing behind it. */
export function readCrlStructure(bytes: Uint8Array): CrlStructure {
  const outer = inside(bytes, readWhole(bytes, tag.sequence));
  const tbs = outer.expect(tag.sequence);
  const outerAlgorithm = readAlgorithm(outer);
  const signature = outer.expect(tag.bitString);
  outer.finish();

  const fields = inside(bytes, tbs);
  const versionField = fields.optional(tag.integer);
  const version = versionField === undefined ? 0 : smallInteger(bytes, versionField);
  const innerAlgorithm = readAlgorithm(fields);
  const issuer = fields.expect(tag.sequence);
  const thisUpdate = readTimeField(fields);
  const nextUpdate = fields.optional(tag.utcTime) ?? fields.optional(tag.generalizedTime);
  const listField = fields.optional(tag.sequence);
  const entries = listField === undefined ? undefined : readEntries(inside(bytes, listField));
  const extensions = readTaggedExtensions(fields, 0);
  fields.finish();
  return { bytes, tbs, version, innerAlgorithm, issuer, thisUpdate, nextUpdate, entries, extensions, outerAlgorithm, signature };
}

function readEntries(list: DerReader): CrlEntryStructure[] {
  const entries: CrlEntryStructure[] = [];
  while (!list.done) {
    const fields = list.enter(tag.sequence);
    const serial = fields.expect(tag.integer);
    const revocationDate = readTimeField(fields);
    const extensions = fields.done ? [] : readExtensions(fields);
    fields.finish();
    entries.push({ serial, revocationDate, extensions });
  }
  return entries;
}

/** CertificationRequest (RFC 2986 §4). Takes exactly one request, nothing behind it. */
export function readRequestStructure(bytes: Uint8Array): RequestStructure {
  const outer = inside(bytes, readWhole(bytes, tag.sequence));
  const tbs = outer.expect(tag.sequence);
  const outerAlgorithm = readAlgorithm(outer);
  const signature = outer.expect(tag.bitString);
  outer.finish();

  const fields = inside(bytes, tbs);
  const version = smallInteger(bytes, fields.expect(tag.integer));
  const subject = fields.expect(tag.sequence);
  const spki = fields.expect(tag.sequence);
  const attributeField = fields.optional(contextTag(0, true));
  const attributes: RequestAttribute[] = [];
  if (attributeField !== undefined) {
    const list = inside(bytes, attributeField);
    while (!list.done) {
      const pair = list.enter(tag.sequence);
      const oid = oidText(bytes, pair.expect(tag.oid));
      const set = pair.enter(tag.set);
      const values: Tlv[] = [];
      while (!set.done) values.push(set.next());
      pair.finish();
      attributes.push({ oid, values });
    }
  }
  fields.finish();
  const hasAttributes = attributeField !== undefined;
  return { bytes, tbs, version, subject, spki, attributes, hasAttributes, outerAlgorithm, signature };
}
