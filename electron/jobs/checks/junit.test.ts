import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CheckReport, type CheckResult, newCheck } from '../../../shared/model/check.ts';
import { junitOf, xmlAttribute, xmlText } from './junit.ts';

/** Another parser than our own reading of XML: suites with their attributes, cases with what is in them. */
const reader = `
import json, sys, xml.etree.ElementTree as tree
def told(element):
    return {'tag': element.tag, **element.attrib, 'text': (element.text or '').strip(), 'in': [told(each) for each in element]}
print(json.dumps([told(tree.fromstring(each)) for each in json.load(sys.stdin)]))
`;
interface Told {
  readonly tag: string;
  readonly text: string;
  readonly in: readonly Told[];
  readonly [attribute: string]: unknown;
}
function parsed(documents: readonly string[]): Told[] {
  const { stdout, stderr, status } = spawnSync('python3', ['-c', reader], { input: JSON.stringify(documents), encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

const blank = { at: 0, roundTrip: null, code: null, got: null, others: 0, who: null, failure: null };
const result = (check: number, device: string | null, changes: Partial<CheckResult> = {}): CheckResult => ({
  ...blank,
  check,
  device,
  outcome: 'passed',
  reason: null,
  ...changes,
});
const report: CheckReport = {
  version: 1,
  project: 'lab',
  operator: 'Ana "the <first>"',
  host: 'broker.lab.example',
  port: 8883,
  startedAt: Date.UTC(2027, 2, 1, 9, 30, 15, 250),
  finishedAt: Date.UTC(2027, 2, 1, 9, 30, 17),
  cancelled: true,
  checks: [
    { ...newCheck, name: 'Reading & <more>' },
    {
      ...newCheck,
      name: 'Denied',
      publish: { ...newCheck.publish, answer: 135 },
      expect: { ...newCheck.expect, arrives: false },
    },
    { ...newCheck, name: 'All' },
  ],
  devices: ['meter-001', 'meter-002'],
  results: [
    result(2, null, { roundTrip: 12.5 }),
    result(0, 'meter-001', { roundTrip: 1_250 }),
    result(1, 'meter-001', {
      outcome: 'failed',
      reason: 'unexpected',
      got: { topic: 'lab/x', base64: Buffer.from('a\u0000<\u001b]]>').toString('base64'), size: 7 },
    }),
    result(0, 'meter-002', {
      outcome: 'untried',
      reason: 'connection',
      who: 'device',
      failure: { cause: 'client-certificate-revoked', params: {}, raw: 'alert 44', alert: 44, reasonCode: null },
    }),
    result(1, 'meter-002', { outcome: 'untried', reason: 'cancelled' }),
  ],
};

it('is a suite for each device and a case for each check, as Ant writes them', () => {
  const [document] = parsed([junitOf(report)]);
  expect(document?.tag).toBe('testsuites');
  const suites = document?.in ?? [];
  expect(
    suites.map(({ name, tests, failures, errors, skipped, time }) => [name, tests, failures, errors, skipped, time]),
  ).toEqual([
    ['lab', '1', '0', '0', '0', '0.013'],
    ['meter-001', '2', '1', '0', '0', '1.250'],
    ['meter-002', '2', '0', '1', '1', '0.000'],
  ]);
  for (const [at, suite] of suites.entries()) {
    expect(suite).toMatchObject({
      package: 'lab',
      id: String(at),
      hostname: 'broker.lab.example',
      timestamp: '2027-03-01T09:30:15',
    });
    // the order in which the schema wants them
    expect(suite.in.map(({ tag }) => tag).join(' ')).toMatch(/^properties (testcase )+system-out system-err$/);
    expect(suite.in[0]?.in[0]).toMatchObject({ name: 'operator', value: 'Ana "the <first>"' });
  }
  const cases = suites.flatMap((suite) => suite.in.filter(({ tag }) => tag === 'testcase'));
  expect(cases.map(({ name, classname, in: [inside] }) => [name, classname, inside?.tag, inside?.['type']])).toEqual([
    ['All', 'lab', undefined, undefined],
    ['Reading & <more>', 'lab.meter-001', undefined, undefined],
    ['Denied', 'lab.meter-001', 'failure', 'unexpected'],
    ['Reading & <more>', 'lab.meter-002', 'error', 'connection'],
    ['Denied', 'lab.meter-002', 'skipped', undefined],
  ]);
  expect(cases[2]?.in[0]?.['message']).toBe('it arrived and must not: 61003c1b5d5d3e on lab/x');
  expect(cases[3]?.in[0]?.['message']).toBe('the device has no connection (client-certificate-revoked, alert 44)');
  expect(cases[3]?.in[0]?.text).toContain('device publishes to {project}/energy/{device}');
});

it('any text comes out of a parser as it went in, but for what XML cannot write', () => {
  const texts = fc.sample(fc.oneof(fc.string({ unit: 'binary' }), fc.string()), { numRuns: 400, seed: 7 });
  const all = [...texts, 'a\r\nb\tc', '\ud800', ']]>', '\u0000\u000b\ufffe\uffff', '😀'];
  const writable = (text: string) => text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
  const documents = all.map((text) => `<a b="${xmlAttribute(text)}"><c>|${xmlText(text)}|</c></a>`);
  for (const [at, told] of parsed(documents).entries()) {
    expect(told['b'], JSON.stringify(all[at])).toBe(writable(all[at] as string));
    expect(told.in[0]?.text, JSON.stringify(all[at])).toBe(`|${writable(all[at] as string)}|`);
  }
});
