import { createInstance } from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { connectionCauses } from '../../../shared/model/connection.ts';
import { doctorIdentities } from '../../../shared/model/doctor.ts';
import { type DoctorCode, doctorRemarks } from '../../../shared/model/doctor-findings.ts';
import { refusalTests } from '../../../shared/model/proof.ts';
import { de } from '../locales/de.ts';
import { en } from '../locales/en.ts';
import { es } from '../locales/es.ts';
import { createFormat, type Format } from '../locales/format.ts';
import { type About, alternativesText, findingText, namesOf, whoText } from './diagnosis-words.ts';

const i18n = createInstance();
beforeAll(() =>
  i18n.init({
    lng: 'en',
    resources: { en: { translation: en }, de: { translation: de }, es: { translation: es } },
    contextSeparator: '~',
    interpolation: { escapeValue: false },
  }),
);
const formats: Record<string, Format> & { en: Format } = {
  en: createFormat('en-GB'),
  de: createFormat('de'),
  es: createFormat('es'),
};
const about: About = { kind: 'device', id: 'meter-017', host: '10.0.1.6', port: 8883 };
const said = (code: DoctorCode, params: Record<string, string | number> = {}, language = 'en', who: About = about) =>
  findingText({ code, params }, who, {
    t: i18n.getFixedT(language) as never,
    format: formats[language] ?? formats.en,
  });

test('speaks of times as dates, of sizes in bytes, of names without their technical prefix', () => {
  const notAfter = Date.UTC(2026, 11, 14, 12);
  expect(said('client-ends-soon', { client: 'meter-017', notAfter, days: 5 })).toEqual({
    title: 'The certificate of meter-017 ends soon',
    text: 'It is valid until 14 Dec 2026. Renew it before the device is out of reach.',
    remedy: '',
  });
  expect(said('packet-limit', { bytes: 1_048_576 }).text).toContain('1 MB');
  expect(said('own-broker-lacks-name', { host: '10.0.1.6', names: 'DNS:mqtt.lab, IP Address:10.0.1.5' }).text).toContain(
    'mqtt.lab and 10.0.1.5',
  );
  expect(namesOf('DNS:a, IP Address:::1')).toEqual(['a', '::1']);
  expect(said('let-in-plain', { port: 1883 }).title).toBe('Port 1883 is open without encryption');
});

test('names the one that connects, in the form that the sentence wants', () => {
  expect(said('client-certificate-revoked').title).toBe('The certificate of meter-017 is revoked');
  const none: About = { ...about, kind: 'none', id: '' };
  expect(said('not-authorized', {}, 'de', none).title).toContain('jemanden ohne Zertifikat');
  expect(said('client-id-rejected', {}, 'de', none).text).toContain('jemand ohne Zertifikat');
  // whoever has no certificate is refused, and nothing is the matter
  expect(said('client-certificate-required', {}, 'en', none)).toMatchObject({
    title: 'The broker wants a certificate',
    remedy: '',
  });
  expect(said('client-certificate-required').remedy).toContain('meter-017');
  expect(whoText('start', { ...about, kind: 'observer' }, i18n.t as never)).toBe('The observer');
});

test('says which other causes would look the same', () => {
  const finding = {
    code: 'client-certificate-expired' as const,
    weight: 'error' as const,
    params: { notAfter: 5_000 },
    alternatives: ['clock-wrong' as const],
    fixes: [],
    raw: '',
    alert: 45,
    reasonCode: null,
  };
  const words = { t: i18n.t as never, format: createFormat('en-GB') };
  expect(alternativesText(finding, about, words)).toBe(
    'From here this looks exactly the same: The clock of this computer is wrong.',
  );
  expect(alternativesText({ ...finding, alternatives: [] }, about, words)).toBe('');
});

describe.each(['en', 'de', 'es'])('in %s', (language) => {
  const params = {
    ...Object.fromEntries(
      'client broker names issuer authority key signature file form address error topic id tested host serial name fingerprint own answer method said'
        .split(' ')
        .map((name) => [name, `<${name}>`]),
    ),
    ...Object.fromEntries(
      'notAfter notBefore nextUpdate revokedAt now known at days bytes qos asked given milliseconds count total reasonCode port step'
        .split(' ')
        .map((name) => [name, 1]),
    ),
    file: 'key',
    test: 'revoked',
  };

  test('every cause and every remark has words, with nothing left open', () => {
    for (const kind of doctorIdentities) {
      for (const code of [...connectionCauses, ...doctorRemarks]) {
        const { title, text, remedy } = said(code, params, language, { ...about, kind });
        for (const part of [title, text]) expect(part, code).toMatch(/\S/);
        expect(`${title} ${text} ${remedy}`, code).not.toMatch(/\{\{|(connection|doctor|access)\.\w|undefined/);
      }
    }
  });

  test('no two of them share a title or a text', () => {
    const all = [...connectionCauses, ...doctorRemarks].map((code) => said(code, params, language));
    const repeated = (texts: readonly string[]) => texts.filter((each, place) => texts.indexOf(each) !== place);
    expect(repeated(all.map(({ title }) => title))).toEqual([]);
    expect(repeated(all.map(({ text }) => text))).toEqual([]);
  });

  test('every refusal has a name', () => {
    for (const name of refusalTests) expect(said('refusal-untried', { test: name }, language).text).not.toContain('access.');
  });
});
