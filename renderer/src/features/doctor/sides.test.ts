import { expect, test } from 'vitest';
import type { DoctorCertificate } from '../../../../shared/model/doctor-evidence.ts';
import { clockStanding, differenceOf } from './clocks.ts';
import { compareSides, type Marked, type SidesInput, sharedSigner } from './sides.ts';

const certificate = (subject: string, change: Partial<DoctorCertificate> = {}): DoctorCertificate => ({
  subject,
  issuer: 'Root',
  serial: '01',
  notBefore: 0,
  notAfter: 1_000,
  fingerprint: `fp-${subject}`,
  keyFingerprint: `key-${subject}`,
  names: [],
  key: 'EC P-256',
  signature: 'ecdsa-with-SHA256',
  purposes: [],
  isAuthority: false,
  selfSigned: false,
  ...change,
});
const root = certificate('Root', { isAuthority: true, selfSigned: true, fingerprint: 'fp-root', keyFingerprint: 'key-root' });
const broker = certificate('mqtt.lab');
const meter = certificate('meter-1');
const compare = (change: Partial<SidesInput> = {}) =>
  compareSides({
    presented: [broker],
    expected: [broker, root],
    chain: [meter],
    authorities: [root],
    trusted: true,
    nameMatches: true,
    now: 500,
    ...change,
  });
const said = (side: readonly Marked[]) => side.map(({ certificate: { subject }, marks }) => [subject, ...marks].join(' '));

test('shows both chains up to whoever signed them, and nothing else when all is right', () => {
  const sides = compare();
  expect(said(sides.broker)).toEqual(['mqtt.lab same', 'Root trusted']);
  expect(said(sides.own)).toEqual(['meter-1', 'Root sameRoot']);
  expect(sides.should).toEqual([]);
  // the one that both end in is shown once
  const { broker: theirs, own, both } = sharedSigner(sides);
  expect([said(theirs), said(own), both?.certificate.subject]).toEqual([['mqtt.lab same'], ['meter-1'], 'Root']);
  expect(sharedSigner(compare({ trusted: false })).both).toBeNull();
});

test('marks another certificate of the broker, and shows what it should be', () => {
  const sides = compare({ presented: [certificate('mqtt.lab', { fingerprint: 'fp-earlier' })] });
  expect(said(sides.broker)).toEqual(['mqtt.lab differs', 'Root trusted']);
  expect(said(sides.should)).toEqual(['mqtt.lab', 'Root']);
});

test('tells an authority that was made anew under the same name by its key', () => {
  const anew = { ...root, fingerprint: 'fp-new', keyFingerprint: 'key-new' };
  const sides = compare({ presented: [certificate('mqtt.lab', { fingerprint: 'fp-x' }), anew], trusted: false });
  expect(said(sides.broker)).toEqual(['mqtt.lab differs', 'Root recreated']);
  // its certificate was renewed with the same key: the same authority
  const renewed = { ...root, fingerprint: 'fp-renewed' };
  expect(said(compare({ presented: [broker, renewed] }).broker)).toEqual(['mqtt.lab same', 'Root trusted']);
});

test('never calls the signer trusted by its name alone', () => {
  const stranger = certificate('mqtt.lab', { fingerprint: 'fp-stranger' });
  expect(said(compare({ presented: [stranger], trusted: false }).broker)).toEqual(['mqtt.lab differs untrusted']);
});

test('marks dates, names, and a chain of somebody else', () => {
  expect(said(compare({ now: 2_000, nameMatches: false }).broker)).toEqual(['mqtt.lab expired same lacksName', 'Root trusted']);
  expect(said(compare({ now: -1 }).own)[0]).toBe('meter-1 notYet');
  expect(said(compare({ chain: [certificate('meter-1', { issuer: 'Other' })] }).own)).toEqual(['meter-1 otherRoot']);
  expect(compare({ presented: [], trusted: null })).toMatchObject({ broker: [], should: [] });
});

test('says how clocks are to each other only where the broker tells', () => {
  const clocks = { own: 1_000_000, broker: null, source: null, after: null, before: null };
  expect(clockStanding(clocks)).toBe('unknown');
  expect(clockStanding({ ...clocks, after: 1, before: 2 })).toBe('between');
  expect(clockStanding({ ...clocks, broker: 1_002_000 })).toBe('fine');
  expect(clockStanding({ ...clocks, broker: 1_000_000 - 121_000 })).toBe('apart');
  expect([1_400, 119_000, 120_000, 7_199_000, 7_200_000, 172_800_000].map(differenceOf)).toEqual([
    { unit: 'seconds', value: 1 },
    { unit: 'seconds', value: 119 },
    { unit: 'minutes', value: 2 },
    { unit: 'minutes', value: 120 },
    { unit: 'hours', value: 2 },
    { unit: 'days', value: 2 },
  ]);
});
