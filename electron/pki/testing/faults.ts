import type { CertificateKind } from '../../../shared/model/certificate.ts';
import type { RuleId } from '../../../shared/rules/lint-catalogue.ts';
import { type CertificateParts, children, content, extension, name, replaced, tlv, without } from './patch.ts';

/** What is wrong with a certificate, of which kind it is, the one rule that must say so, and how to make it. */
export type Fault = readonly [what: string, kind: CertificateKind, rule: RuleId, change: Change];
type Change = (parts: CertificateParts) => void;

const printable = 0x13;
const utf8 = 0x0c;

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const utcTime = (text: string): Buffer => tlv(0x17, ascii(text));
const serial = (hex: string): Buffer => tlv(0x02, Buffer.from(hex, 'hex'));

const set =
  (parts: Partial<CertificateParts>): Change =>
  (certificate) => {
    Object.assign(certificate, parts);
  };
const subject = (...attributes: Parameters<typeof name>): Change => set({ subject: name(...attributes) });
const drop =
  (oid: number): Change =>
  (certificate) => {
    certificate.extensions = without(certificate.extensions, oid);
  };
const replace =
  (oid: number, critical: boolean, value: string | Buffer): Change =>
  (certificate) => {
    const der = typeof value === 'string' ? Buffer.from(value, 'hex') : value;
    certificate.extensions = replaced(certificate.extensions, oid, critical, der);
  };
const add =
  (oid: number, critical: boolean, value: Buffer): Change =>
  (certificate) => {
    certificate.extensions = [...certificate.extensions, extension(oid, critical, value)];
  };
const algorithms = (oid: string, ...parameters: Buffer[]): Pick<CertificateParts, 'innerAlgorithm' | 'outerAlgorithm'> => {
  const algorithm = tlv(0x30, tlv(0x06, Buffer.from(oid, 'hex')), ...parameters);
  return { innerAlgorithm: algorithm, outerAlgorithm: algorithm };
};
const ecdsaWithSha256 = '2a8648ce3d040302';
const ecdsaWithSha384 = '2a8648ce3d040303';

/** A SAN of the broker's own name and these: [number of the GeneralName, its content]. */
const names = (...more: [type: number, value: string | Buffer][]): Buffer => {
  const all: [number, string | Buffer][] = [[2, 'mqtt.lab.example'], ...more];
  return tlv(0x30, ...all.map(([type, value]) => tlv(0x80 | type, typeof value === 'string' ? ascii(value) : value)));
};

/** The variants of x509.md, of which no validator sees all. Times are those of a fleet made on 2026-11-22 at noon. */
export const specifiedFaults: readonly Fault[] = [
  ['CA whose basicConstraints is not critical', 'site', 'basic-constraints-critical', replace(19, false, '30060101ff020100')],
  ['CA without keyUsage', 'site', 'key-usage-present', drop(15)],
  ['no SKI', 'device', 'subject-key-identifier-present', drop(14)],
  ['no AKI', 'device', 'authority-key-identifier-present', drop(35)],
  ['keyCertSign on a leaf', 'device', 'key-usage-bits', replace(15, true, '03020284')],
  ['ECDSA with NULL parameters', 'device', 'signature-algorithm-parameters', set(algorithms(ecdsaWithSha256, tlv(0x05)))],
  ['negative serial', 'device', 'serial-positive', set({ serial: serial('c0112233445566778899aabbccddeeff') })],
  ['zero serial', 'device', 'serial-positive', set({ serial: serial('00') })],
  ['serial of 21 octets', 'device', 'serial-length', set({ serial: serial('40112233445566778899aabbccddeeff0011223344') })],
  ['CN of 65 characters', 'device', 'dn-length', subject([6, printable, 'ES'], [10, utf8, 'Lab'], [3, utf8, 'x'.repeat(65)])],
  ['bad PrintableString', 'device', 'dn-printable-characters', subject([10, printable, 'Lab_@'], [3, utf8, 'device-001'])],
  ['GeneralizedTime before 2050', 'device', 'time-encoding', set({ notAfter: tlv(0x18, ascii('20271122115959Z')) })],
  [
    'leaf that outlives its CA by three hours',
    'device',
    'validity-within-issuer',
    set({ notBefore: utcTime('261122150000Z'), notAfter: utcTime('361122145959Z') }),
  ],
  ['version 1', 'device', 'version-3', set({ version: undefined })],
  ['an extension twice', 'device', 'extension-duplicate', add(37, false, Buffer.from('300a06082b06010505070302', 'hex'))],
  ['broker without SAN', 'broker', 'san-present', drop(17)],
  ['device with serverAuth', 'device', 'extended-key-usage', replace(37, false, '300a06082b06010505070301')],
  [
    'two different signature algorithms',
    'device',
    'signature-algorithm-match',
    set({ outerAlgorithm: algorithms(ecdsaWithSha384).outerAlgorithm, hash: 'sha384' }),
  ],
  ['the name of another issuer', 'device', 'issuer-name', set({ issuer: name([6, printable, 'ES'], [3, utf8, 'Other root']) })],
  ['IP address of 5 octets', 'broker', 'san-ip-length', replace(17, false, names([7, Buffer.from([127, 0, 0, 1, 0])]))],
];

const authorityKeyIdentifier: Change = (certificate) => {
  const value = children(certificate.extensions.at(-1) ?? Buffer.alloc(0)).at(-1) ?? Buffer.alloc(0);
  const [keyIdentifier] = children(content(value));
  const withSerial = tlv(0x30, keyIdentifier ?? Buffer.alloc(0), tlv(0x82, Buffer.from([1])));
  certificate.extensions = replaced(certificate.extensions, 35, false, withSerial);
};

const rootNamesItself: Change = (certificate) => {
  const value = children(certificate.extensions.at(-1) ?? Buffer.alloc(0)).at(-1) ?? Buffer.alloc(0);
  certificate.extensions = [...certificate.extensions, extension(35, false, tlv(0x30, tlv(0x80, content(content(value)))))];
};

const compressedPoint: Change = (certificate) => {
  const [algorithm = Buffer.alloc(0), key = Buffer.alloc(0)] = children(certificate.spki);
  const point = content(key).subarray(1);
  const parity = 2 + ((point.at(-1) ?? 0) & 1);
  certificate.spki = tlv(0x30, algorithm, tlv(0x03, Buffer.from([0, parity]), point.subarray(1, 33)));
};

const pointOffCurve: Change = (certificate) => {
  certificate.spki = Buffer.from(certificate.spki);
  certificate.spki[certificate.spki.length - 1] = (certificate.spki.at(-1) ?? 0) ^ 1;
};

const ed25519 = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.alloc(32, 7)]);
const permitted = tlv(0x30, tlv(0xa0, tlv(0x30, tlv(0x82, ascii('lab.example')))));
const device: [number, number, string] = [3, utf8, 'device-001'];

/** One or more for each rule that the list above leaves out. */
export const furtherFaults: readonly Fault[] = [
  ['serial of 4 octets', 'device', 'serial-entropy', set({ serial: serial('40112233') })],
  ['P-256 with SHA-384', 'device', 'signature-algorithm-allowed', set({ ...algorithms(ecdsaWithSha384), hash: 'sha384' })],
  ['another hash than it says', 'device', 'signature-verifies', set({ hash: 'sha384' })],
  ['UTCTime without seconds', 'device', 'time-encoding', set({ notAfter: utcTime('2711221200Z') })],
  ['30 February', 'device', 'time-encoding', set({ notAfter: utcTime('280230120000Z') })],
  ['end before beginning', 'device', 'validity-order', set({ notAfter: utcTime('251122120000Z') })],
  ['a beginning in the future', 'device', 'validity-begun', set({ notBefore: utcTime('261201120000Z') })],
  ['an end in the past', 'broker', 'validity-ended', set({ notAfter: utcTime('261122220000Z') })],
  ['a broker for three years', 'broker', 'validity-bounds', set({ notAfter: utcTime('291122120000Z') })],
  ['a device for a month', 'device', 'validity-bounds', set({ notAfter: utcTime('261222120000Z') })],
  ['an empty issuer', 'device', 'dn-empty', set({ issuer: name() })],
  ['O as TeletexString', 'device', 'dn-string-type', subject([10, 0x14, 'Lab'], device)],
  ['O as PrintableString', 'device', 'dn-string-type', subject([10, printable, 'Lab'], device)],
  ['O with a NUL', 'device', 'dn-characters', subject([10, utf8, 'Lab\0'], device)],
  ['O that is no UTF-8', 'device', 'dn-characters', subject([10, utf8, Buffer.from([0xc3, 0x28])], device)],
  ['empty O', 'device', 'dn-length', subject([10, utf8, ''], device)],
  ['country in small letters', 'device', 'dn-country', subject([6, printable, 'es'], device)],
  ['attribute that is not ours', 'device', 'dn-attribute', subject([5, printable, '123'], device)],
  ['CN before O', 'device', 'dn-order', subject(device, [10, utf8, 'Lab'])],
  ['CN twice', 'device', 'dn-duplicate', subject([3, utf8, 'device-002'], device)],
  ['wildcard of MQTT in the name', 'device', 'common-name', subject([10, utf8, 'Lab'], [3, utf8, 'device/+'])],
  ['device id of 64 characters', 'device', 'common-name', subject([3, utf8, 'x'.repeat(64)])],
  ['CN that the SAN does not have', 'broker', 'common-name', subject([3, utf8, 'other.lab.example'])],
  ['Ed25519', 'device', 'key-algorithm', set({ spki: ed25519 })],
  ['point off its curve', 'device', 'key-ec-point', pointOffCurve],
  ['compressed point', 'device', 'key-ec-point', compressedPoint],
  ['unknown critical extension', 'device', 'extension-unknown-critical', add(99, true, tlv(0x05))],
  ['unknown extension', 'device', 'extension-unexpected', add(99, false, tlv(0x05))],
  ['name constraints', 'site', 'name-constraints', add(30, true, permitted)],
  ['no basicConstraints', 'device', 'basic-constraints-present', drop(19)],
  ['leaf that says it is a CA', 'device', 'basic-constraints-ca', replace(19, true, '30030101ff')],
  ['site CA without path length', 'site', 'basic-constraints-path-length', replace(19, true, '30030101ff')],
  ['cA FALSE written out', 'device', 'der-encoding', replace(19, true, '3003010100')],
  ['keyUsage not critical', 'device', 'key-usage-critical', replace(15, false, '03020780')],
  ['keyEncipherment with an EC key', 'device', 'key-usage-bits', replace(15, true, '030205a0')],
  ['named bits with zeros at the end', 'device', 'der-encoding', replace(15, true, '03020080')],
  ['critical extKeyUsage', 'device', 'extended-key-usage-critical', replace(37, true, '300a06082b06010505070302')],
  [
    'AKI of another key',
    'device',
    'authority-key-identifier-match',
    replace(35, false, tlv(0x30, tlv(0x80, Buffer.alloc(20, 1)))),
  ],
  ['AKI with the serial of the issuer', 'device', 'authority-key-identifier-form', authorityKeyIdentifier],
  ['root with an AKI', 'root', 'authority-key-identifier-form', rootNamesItself],
  ['critical SKI', 'device', 'key-identifier-critical', replace(14, true, tlv(0x04, Buffer.alloc(20, 1)))],
  ['critical SAN', 'broker', 'san-critical', replace(17, true, names())],
  ['host name on a device', 'device', 'san-unexpected', replace(17, false, names())],
  ['e-mail address on a broker', 'broker', 'san-unexpected', replace(17, false, names([1, 'a@lab.example']))],
  ['underscore in a host name', 'broker', 'san-dns-syntax', replace(17, false, names([2, 'mqtt_2.lab.example']))],
  ['wildcard inside a label', 'broker', 'san-dns-syntax', replace(17, false, names([2, 'm*.lab.example']))],
  ['address as host name alone', 'broker', 'san-dns-syntax', replace(17, false, names([2, '192.0.2.1']))],
  [
    'address as host name too',
    'broker',
    'san-address-as-dns',
    replace(17, false, names([2, '192.0.2.1'], [7, Buffer.from([192, 0, 2, 1])])),
  ],
  ['wildcard', 'broker', 'san-wildcard', replace(17, false, names([2, '*.lab.example']))],
  ['host name twice', 'broker', 'san-duplicate', replace(17, false, names([2, 'MQTT.lab.example']))],
  ['URI without a scheme', 'device', 'san-uri-syntax', replace(17, false, tlv(0x30, tlv(0x86, ascii('device-001'))))],
];
