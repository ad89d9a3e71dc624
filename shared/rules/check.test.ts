import { describe, expect, it } from 'vitest';
import { type Check, type CheckExpectation, type CheckPublish, newCheck } from '../model/check.ts';
import { checkSchema } from './check.ts';
import { concernsDevice, takesOver } from './check-scope.ts';
import { problemsOfZod } from './zod-problems.ts';

const good: Check = { ...newCheck, name: 'Reading' };
const publishing = (changes: Partial<CheckPublish>): Check => ({ ...good, publish: { ...good.publish, ...changes } });
const expecting = (changes: Partial<CheckExpectation>): Check => ({ ...good, expect: { ...good.expect, ...changes } });
const problems = (check: unknown) => {
  const read = checkSchema.safeParse(check);
  return read.success ? [] : problemsOfZod(read.error, check).map(({ path, rule }) => `${path}: ${rule}`);
};

it.each([
  ['as it begins', good],
  ['hexadecimal', publishing({ form: 'hex', text: 'de ad be ef' })],
  ['numbers where JSON wants them', publishing({ text: '{"w": {{random 0 100}}, "n": {{counter}}, "at": "{{now}}"}' })],
  ['a denied topic', { ...publishing({ answer: 135 }), expect: { ...good.expect, arrives: false } }],
  ['wildcards where it listens', expecting({ topic: '{project}/+/{device}/#' })],
  ['JSON with names', expecting({ match: { kind: 'json', text: '{"id":"{{device}}","run":"{{run}}"}' } })],
  ['a place', expecting({ match: { kind: 'path', path: "$.a['b c'][-1]", compare: 'at-least', value: '3.5' } })],
])('takes a check: %s', (_what, check) => expect(problems(check)).toEqual([]));

it.each<[string, unknown, string]>([
  ['no name', { ...good, name: ' ' }, 'name: missing'],
  ['a line end in the name', { ...good, name: 'a\nb' }, 'name: control-character'],
  ['a wildcard to publish to', publishing({ topic: 'a/+' }), 'publish.topic: topic-wildcard'],
  ['a placeholder that is none', publishing({ topic: 'a/{role}' }), 'publish.topic: topic-placeholder'],
  ['no topic', expecting({ topic: '' }), 'expect.topic: topic-empty'],
  ['half a wildcard', expecting({ topic: 'a/b+' }), 'expect.topic: topic-plus'],
  ['broken JSON', publishing({ text: '{"a":}' }), 'publish.text: json'],
  ['an unknown variable', publishing({ text: '{"a":"{{dev}}"}' }), 'publish.text: variable'],
  ['half a byte', publishing({ form: 'hex', text: 'abc' }), 'publish.text: bytes-hex'],
  [
    'a code for QoS 0',
    { ...publishing({ qos: 0, answer: 135 }), expect: { ...good.expect, arrives: false } },
    'publish.answer: check-code-qos',
  ],
  ['a refusal that arrives', publishing({ answer: 135 }), 'publish.answer: check-refused-arrives'],
  ['a code that is none', publishing({ answer: 256 }), 'publish.answer: number-range'],
  ['no time', expecting({ within: 0 }), 'expect.within: number-range'],
  ['a part that is empty', expecting({ match: { kind: 'contains', text: '' } }), 'expect.match.text: missing'],
  ['a random expectation', expecting({ match: { kind: 'text', text: '{{random 0 9}}' } }), 'expect.match.text: check-variable'],
  ['broken expected JSON', expecting({ match: { kind: 'json', text: '{' } }), 'expect.match.text: json'],
  ['broken expected bytes', expecting({ match: { kind: 'bytes', text: 'zz' } }), 'expect.match.text: bytes-hex'],
  [
    'a place that is none',
    expecting({ match: { kind: 'path', path: 'a.b', compare: 'exists', value: '' } }),
    'expect.match.path: json-path',
  ],
  ['a member too many', { ...good, secret: 1 }, ': unknown-key'],
])('refuses %s, and says where', (_what, check, problem) => expect(problems(check)).toEqual([problem]));

describe('what a check is about', () => {
  const observer = { ...good, publish: { ...good.publish, by: 'observer' } } as const satisfies Check;
  const alone: Check = {
    ...observer,
    publish: { ...observer.publish, topic: '{project}/commands/all' },
    expect: { ...observer.expect, topic: '{project}/commands/all' },
  };
  it('takes the place of a device that publishes or listens', () => {
    expect([good, observer, expecting({ at: 'device' })].map(takesOver)).toEqual([true, false, true]);
  });
  it('is another one for each device that it names', () => {
    const byPayload = { ...alone, publish: { ...alone.publish, text: '"{{ device }}"' } };
    expect([good, observer, alone, byPayload].map(concernsDevice)).toEqual([true, true, false, true]);
  });
});
