import { DerError, DerReader, inside, tag } from './lint/der-reader.ts';
import { type Extension, type RequestStructure, readExtensions } from './lint/structure.ts';
import { oids } from './oids.ts';

/**
 * The extensions that a request asks for: the attribute extensionRequest (RFC 2985 §5.4.2), or what old Windows writes in
 * its place. An empty list is tolerated. Throws DerError, also when there are two lists.
 */
export function requestedExtensions({ bytes, attributes }: RequestStructure): Extension[] {
  const lists = attributes.filter(({ oid }) => oid === oids.extensionRequest || oid === oids.microsoftExtensionRequest);
  if (lists.length > 1) throw new DerError('extensions requested twice');
  const [list] = lists;
  if (list === undefined) return [];
  const [value, ...more] = list.values;
  if (value === undefined || more.length > 0 || value.tag !== tag.sequence) throw new DerError('not a list of extensions');
  if (inside(bytes, value).done) return [];
  return readExtensions(new DerReader(bytes, value.start, value.end));
}
