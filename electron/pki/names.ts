import type { ProjectSubject } from '../../shared/model/subject.ts';
import { type DerNode, oid, printableString, sequence, setOfOne, toDer, utf8String } from './der.ts';
import { oids } from './oids.ts';
import { refuse } from './refusal.ts';

/** The distinguished name of one certificate. Fields that are undefined are left out; an empty text is refused. */
export interface Subject extends ProjectSubject {
  readonly commonName?: string | undefined;
}

/** Upper bounds in characters, RFC 5280 appendix A.1 (ub-state-name …). Validators do not check them, devices do. */
const maximumLength = { state: 128, city: 128, organisation: 64, organisationalUnit: 64, commonName: 64 } as const;

const attributes = [
  ['state', oid(oids.state)],
  ['city', oid(oids.locality)],
  ['organisation', oid(oids.organisation)],
  ['organisationalUnit', oid(oids.organisationalUnit)],
  ['commonName', oid(oids.commonName)],
] as const;

const countryType = oid(oids.country);

/**
 * Gives the DER of a Name in the order C, ST, L, O, OU, CN: country as PrintableString, everything else as UTF8String
 * (RFC 5280 §4.1.2.4). Throws PROFILE_REFUSED for lengths above RFC 5280 appendix A.1, a country that is not two
 * capital letters, control characters, blanks at an end, broken Unicode, or no attribute at all.
 */
export function encodeSubject(subject: Subject): Buffer {
  const rdns: DerNode[] = [];
  if (subject.country !== undefined) {
    if (!/^[A-Z]{2}$/.test(subject.country)) refuse('country-code');
    rdns.push(setOfOne(sequence(countryType, printableString(subject.country))));
  }
  for (const [field, type] of attributes) {
    const text = subject[field];
    if (text === undefined) continue;
    checkText(text, maximumLength[field]);
    rdns.push(setOfOne(sequence(type, utf8String(text))));
  }
  // RFC 5280 §4.1.2.4: an issuer has a name; §4.1.2.6 lets a subject do without, and no broker log is readable then
  if (rdns.length === 0) refuse('name-missing');
  return toDer(sequence(...rdns));
}

function checkText(text: string, maximum: number): void {
  if (text === '') refuse('name-empty');
  // characters, not UTF-16 units: an emoji counts once
  if (text.length > 2 * maximum || [...text].length > maximum) refuse('name-too-long');
  // a NUL ends the name for C code; line breaks forge log lines; blanks at the ends are lost when names are compared
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(text) || text !== text.trim()) refuse('name-characters');
}
