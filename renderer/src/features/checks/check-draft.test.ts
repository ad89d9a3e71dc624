import { expect, it } from 'vitest';
import { type Check, checkComparisons, checkMatches, newCheck } from '../../../../shared/model/check.ts';
import { checkOf, draftOf, freeName, sameCheck } from './check-draft.ts';
import { problemsOf } from './check-problems.ts';

const matches = {
  any: { kind: 'any' },
  same: { kind: 'same' },
  text: { kind: 'text', text: 'on' },
  contains: { kind: 'contains', text: '{{device}}' },
  bytes: { kind: 'bytes', text: '00 ff' },
  json: { kind: 'json', text: '{"id":"{{run}}"}' },
  path: { kind: 'path', path: '$.power', compare: 'above', value: '12' },
} as const;

const named: Check = { ...newCheck, name: 'values' };

it.each(checkMatches)('gives back a check that expects “%s” as it was', (kind) => {
  for (const answer of ['accepted', 'any', 135, 16] as const) {
    const check = {
      ...named,
      publish: { ...named.publish, answer },
      expect: { ...named.expect, arrives: answer !== 135, match: answer === 135 ? matches.any : matches[kind] },
    };
    expect(checkOf(draftOf(check))).toEqual(check);
    expect([...problemsOf(draftOf(check))]).toEqual([]);
  }
});

it('keeps what is typed for another kind of match, and asks for no value where there is to be one', () => {
  const draft = draftOf({ ...named, expect: { ...named.expect, match: matches.path } });
  expect(checkOf({ ...draft, expect: { ...draft.expect, kind: 'any' } }).expect.match).toEqual({ kind: 'any' });
  for (const compare of checkComparisons)
    expect(checkOf({ ...draft, expect: { ...draft.expect, compare } }).expect.match).toEqual({
      ...matches.path,
      compare,
      value: compare === 'exists' ? '' : '12',
    });
});

it('says at which field something is wrong', () => {
  const draft = draftOf(newCheck);
  const wrong = {
    ...draft,
    name: ' ',
    publish: { ...draft.publish, topic: 'a/#', text: '{"power":', answer: 'code' as const, code: 'no' },
    expect: { ...draft.expect, topic: '', within: 'soon', kind: 'path' as const, path: 'power' },
  };
  expect([...problemsOf(wrong).keys()].sort()).toEqual([
    'expect.match.path',
    'expect.topic',
    'expect.within',
    'name',
    'publish.answer',
    'publish.text',
    'publish.topic',
  ]);
  // nothing arrives: what it would say does not count
  const silent = { ...draft, name: 'x', expect: { ...draft.expect, arrives: false, kind: 'path' as const, path: 'power' } };
  expect([...problemsOf(silent)]).toEqual([]);
});

it('knows the same check in another order of its members', () => {
  const { name, enabled, publish, expect: wanted } = named;
  expect(sameCheck(named, { expect: { ...wanted }, publish: { ...publish }, enabled, name })).toBe(true);
  expect(sameCheck(named, { ...named, publish: { ...publish, qos: 0 } })).toBe(false);
});

it('finds a name that no other check has', () => {
  expect(freeName('a', ['b'])).toBe('a');
  expect(freeName('a', ['A', 'a 2', 'b'])).toBe('a 3');
});
