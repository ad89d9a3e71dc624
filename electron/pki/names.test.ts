import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { generateEcKey } from './keys.ts';
import { issueLinted } from './linted.ts';
import { encodeSubject, type Subject } from './names.ts';
import { certificatePem } from './pem.ts';
import { nameText, readCertificate } from './read.ts';
import { type Authority, makeRoot, project } from './testing/fleet.ts';
import { run } from './testing/run.ts';

const now = new Date();
let root: Authority;

beforeAll(async () => {
  root = await makeRoot(generateEcKey('p256'), now);
});

/** Text that a name may hold: whole Unicode characters, no controls, no blanks at the ends. */
function text(maximum: number): fc.Arbitrary<string> {
  return fc
    .string({ unit: 'binary', minLength: 1, maxLength: maximum })
    .map((value) => value.replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, '').trim())
    .filter((value) => value !== '' && [...value].length <= maximum);
}

const anySubject: fc.Arbitrary<Subject> = fc.record(
  {
    country: fc.stringMatching(/^[A-Z]{2}$/),
    state: text(128),
    city: text(128),
    organisation: text(64),
    organisationalUnit: text(64),
    commonName: text(64),
  },
  { requiredKeys: ['commonName'] },
);

const shortNames = [
  ['country', 'C'],
  ['state', 'ST'],
  ['city', 'L'],
  ['organisation', 'O'],
  ['organisationalUnit', 'OU'],
  ['commonName', 'CN'],
] as const;

async function certified(subject: Subject): Promise<Buffer> {
  const { spki } = root.key;
  return (await issueLinted({ kind: 'root', subject, spki, issuer: { selfSigned: root.issuer.signer }, now })).der;
}

describe('a subject', () => {
  test('comes back from a linted certificate as it was given', async () => {
    await fc.assert(
      fc.asyncProperty(anySubject, async (subject) => {
        const { subject: parts } = readCertificate(await certified(subject));
        const wanted = shortNames.flatMap(([field, type]) =>
          subject[field] === undefined ? [] : [{ type, value: subject[field] }],
        );
        expect(parts).toEqual(wanted);
      }),
      { numRuns: 300 },
    );
  });

  test('means the same to openssl', async () => {
    const samples: Subject[] = [
      { ...project, commonName: 'meter-001' },
      {
        country: 'DE',
        state: 'Thüringen',
        city: 'Bad Köstritz',
        organisation: 'Müller & Söhne <GmbH>',
        commonName: '测试 · тест · 🔌',
      },
      ...fc.sample(anySubject, 12),
    ];
    for (const subject of samples) {
      const args = ['x509', '-noout', '-subject', '-nameopt', 'utf8,sep_multiline,sname'];
      const { output } = await run('openssl', args, certificatePem(await certified(subject)));
      const lines = output.split('\n').slice(1, -1);
      const wanted = shortNames.flatMap(([field, type]) =>
        subject[field] === undefined ? [] : [`    ${type}=${subject[field]}`],
      );
      expect(lines).toEqual(wanted);
    }
  });

  test('has a country in PrintableString and everything else in UTF8String', async () => {
    const { output } = await run(
      'openssl',
      ['asn1parse', '-i'],
      certificatePem(await certified({ ...project, commonName: 'x' })),
    );
    expect(output.match(/PRINTABLESTRING/g)).toHaveLength(2);
    expect(output.match(/UTF8STRING/g)).toHaveLength(8);
  });

  test('is read by people with the most specific part first', () => {
    expect(
      nameText([
        { type: 'O', value: 'Lab, Inc' },
        { type: 'CN', value: 'meter' },
      ]),
    ).toBe('CN=meter, O=Lab\\, Inc');
  });
});

test.each<[reason: string, subject: Subject]>([
  ['country-code', { country: 'es', commonName: 'x' }],
  ['country-code', { country: 'ESP', commonName: 'x' }],
  ['country-code', { country: 'E1', commonName: 'x' }],
  ['country-code', { country: '', commonName: 'x' }],
  ['name-too-long', { commonName: 'x'.repeat(65) }],
  ['name-too-long', { commonName: '🔌'.repeat(65) }],
  ['name-too-long', { organisation: 'x'.repeat(65) }],
  ['name-too-long', { organisationalUnit: 'x'.repeat(65) }],
  ['name-too-long', { state: 'x'.repeat(129) }],
  ['name-too-long', { city: 'x'.repeat(129) }],
  ['name-too-long', { city: 'x'.repeat(1_000_000) }],
  ['name-empty', { commonName: '' }],
  ['name-missing', {}],
  ['name-characters', { commonName: 'a\0b' }],
  ['name-characters', { commonName: 'a\nb' }],
  ['name-characters', { commonName: ' a' }],
  ['name-characters', { commonName: 'a\ud800b' }],
])('%s: %j is refused', (reason, subject) => {
  expect(() => encodeSubject(subject)).toThrow(expect.objectContaining({ code: 'PROFILE_REFUSED', params: { reason } }));
});

test('lengths at their bounds are taken, counted in characters', () => {
  expect(encodeSubject({ commonName: '🔌'.repeat(64), state: 'ß'.repeat(128) }).length).toBeGreaterThan(500);
});
