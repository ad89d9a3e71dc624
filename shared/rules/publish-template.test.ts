import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PublishTemplate } from '../model/publish-template.ts';
import { base64Bytes, hexBytes, toBase64 } from './payload-form.ts';
import { fillTemplate, varies } from './publish-template.ts';
import { fillVariables, hasVariables, type VariableValues } from './variables.ts';

const encoder = new TextEncoder();
const utf8 = (text: string) => Uint8Array.from(encoder.encode(text));
const values: VariableValues = {
  device: 'meter-001',
  project: 'lab',
  now: Date.UTC(2026, 10, 22, 11, 5, 7, 89),
  index: 0,
  random: () => 0.5,
  uuid: () => '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
};
const fill = (text: string, more: Partial<VariableValues> = {}) => fillVariables(text, { ...values, ...more });
const template: PublishTemplate = {
  topic: 'lab/energy/{{device}}',
  form: 'json',
  text: '{"power": {{random 0 100}}, "at": "{{now}}"}',
  variables: true,
  qos: 1,
  retain: false,
  properties: {},
};

it('fills in each variable, in every form of it', () => {
  const table: [written: string, sent: string][] = [
    ['{{device}}', 'meter-001'],
    ['{{ project }}', 'lab'],
    ['{{now}}', '2026-11-22T11:05:07.089Z'],
    ['{{now iso}}', '2026-11-22T11:05:07.089Z'],
    ['{{now ms}}', '1795345507089'],
    ['{{now s}}', '1795345507'],
    ['{{random 0 100}}', '50'],
    ['{{random -2.0 2.00}}', '0.00'],
    ['{{random 0 5 3}}', '2.500'],
    ['{{random 7 7}}', '7'],
    ['{{counter}}', '1'],
    ['{{counter 100}}', '100'],
    ['{{uuid}}', '3f2504e0-4f89-41d3-9a0c-0305e82c3301'],
    ['a{{device}}b{{device}}', 'ameter-001bmeter-001'],
  ];
  for (const [written, sent] of table) expect(fill(written), written).toEqual({ text: sent, problems: [] });
  expect(fill('{{counter}}/{{counter 10}}', { index: 4 }).text).toBe('5/14');
});

it('tells what it does not know and leaves it as it stands', () => {
  for (const [text, kind] of [
    ['{{nwo}}', 'unknown'],
    ['{{Now}}', 'unknown'],
    ['{{now utc}}', 'arguments'],
    ['{{random}}', 'arguments'],
    ['{{random 5 1}}', 'arguments'],
    ['{{random 0 1e3}}', 'arguments'],
    ['{{counter x}}', 'arguments'],
    ['{{uuid 4}}', 'arguments'],
    ['{{device 2}}', 'arguments'],
  ] as const)
    expect(fill(text), text).toEqual({ text, problems: [{ kind, text }] });
  expect(fill('x {{device}}', { device: null })).toEqual({
    text: 'x {{device}}',
    problems: [{ kind: 'no-device', text: '{{device}}' }],
  });
});

it('takes braces of JSON and of code for nothing else', () => {
  for (const text of ['{"a":{"b":{}}}', '{{"a":1}}', '{{}}', '{{ }}', '{ {now} }', '{{1}}', '{{{}}}'])
    expect([hasVariables(text), fill(text)], text).toEqual([false, { text, problems: [] }]);
  expect(fill('{"a":{"b":{{counter}}}}').text).toBe('{"a":{"b":1}}');
});

it('keeps random numbers within both ends, with the decimals that were asked for, and reaches both', () => {
  const number = fc.tuple(fc.integer({ min: -1_000_000, max: 1_000_000 }), fc.integer({ min: 0, max: 4 }));
  fc.assert(
    fc.property(number, number, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (a, b, random) => {
      const text = ([value, places]: readonly [number, number]) => (value / 10 ** places).toFixed(places);
      const [low = '', high = ''] = [text(a), text(b)].sort((x, y) => Number(x) - Number(y));
      const made = fill(`{{random ${low} ${high}}}`, { random: () => random });
      expect(made.problems).toEqual([]);
      expect(Number(made.text)).toBeGreaterThanOrEqual(Number(low));
      expect(Number(made.text)).toBeLessThanOrEqual(Number(high));
      const places = (each: string) => each.split('.')[1]?.length ?? 0;
      expect(places(made.text)).toBe(Math.max(places(low), places(high)));
    }),
  );
  const seen = new Set(Array.from({ length: 300 }, (_, i) => fill('{{random 1 3}}', { random: () => i / 300 }).text));
  expect([...seen].sort()).toEqual(['1', '2', '3']);
});

it('leaves any text without variables exactly as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      fc.pre(!hasVariables(text));
      expect(fill(text)).toEqual({ text, problems: [] });
    }),
  );
});

it('makes the bytes that were written in hexadecimal and base64', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom('', ' ', ':', '\n', ', '), (bytes, between) => {
      const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(between);
      expect(hexBytes(hex)).toEqual({ bytes: Uint8Array.from(bytes) });
      const base64 = Buffer.from(bytes).toString('base64');
      expect(toBase64(bytes)).toBe(base64);
      for (const form of [base64, base64.replaceAll('=', ''), Buffer.from(bytes).toString('base64url'), `${base64}\n`])
        expect(base64Bytes(form)).toEqual({ bytes: Uint8Array.from(bytes) });
    }),
  );
  expect(hexBytes('0x0A, 0xff')).toEqual({ bytes: Uint8Array.of(10, 255) });
  expect(hexBytes('0 1 2')).toEqual({ problem: { kind: 'hex', at: null } });
  expect(hexBytes('00 zz')).toEqual({ problem: { kind: 'hex', at: 3 } });
  for (const wrong of ['A', 'AAAAA', 'A=A=', 'AAA==', 'AA=', '====', 'AA*A'])
    expect(base64Bytes(wrong), wrong).toHaveProperty('problem');
});

it('fills in a whole message, and checks JSON as it is sent, not as it is written', () => {
  const { message, problems, text } = fillTemplate(template, values, utf8);
  expect(problems).toEqual([]);
  expect(text).toBe('{"power": 50, "at": "2026-11-22T11:05:07.089Z"}');
  expect(message).toEqual({ topic: 'lab/energy/meter-001', payload: utf8(text), qos: 1, retain: false, properties: undefined });
  const broken = fillTemplate({ ...template, text: '{"power": {{random 0 100}}' }, values, utf8);
  expect(broken).toMatchObject({ message: null, problems: [{ kind: 'json', part: 'payload' }] });
  const unknown = fillTemplate({ ...template, text: '{"power": {{rnadom 0 100}}}' }, values, utf8);
  expect(unknown).toMatchObject({ message: null, problems: [{ kind: 'unknown', text: '{{rnadom 0 100}}', part: 'payload' }] });
  expect(unknown.problems).toHaveLength(1);
  const asWritten = fillTemplate({ ...template, topic: 't', form: 'text', variables: false }, values, utf8);
  expect(asWritten.text).toBe(template.text);
  expect([varies(template), varies({ ...template, variables: false })]).toEqual([true, false]);
});

it('fills in properties, and tells which of them is wrong', () => {
  const properties = {
    contentType: 'application/json',
    responseTopic: 'answers/{{device}}',
    correlation: { form: 'text', text: '{{uuid}}' },
    userProperties: [
      ['run', '{{counter}}'],
      ['{{counter}}', 'names stay'],
    ],
  } as const;
  const { message } = fillTemplate({ ...template, properties }, values, utf8);
  expect(message?.properties).toEqual({
    contentType: 'application/json',
    responseTopic: 'answers/meter-001',
    correlationData: utf8(values.uuid()),
    userProperties: [
      ['run', '1'],
      ['{{counter}}', 'names stay'],
    ],
  });
  const wrong = { ...template, properties: { correlation: { form: 'hex', text: '123' } } } as const;
  expect(fillTemplate(wrong, values, utf8).problems).toEqual([{ kind: 'hex', at: null, part: 'correlation' }]);
  const large = { ...template, form: 'text', text: 'x'.repeat(1_048_577) } as const;
  expect(fillTemplate(large, values, utf8)).toMatchObject({ message: null, problems: [{ kind: 'too-large' }] });
});
