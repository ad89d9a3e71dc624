import { expect, test } from 'vitest';
import { expandEntries, readDeviceLines } from './device-lines.ts';

const rulesOf = (text: string) => readDeviceLines(text, 'device').problems.map(({ line, problem }) => `${line} ${problem.rule}`);

test('reads ids, patterns and roles in the forms that lists have', () => {
  const lines = readDeviceLines(
    'meter-001\r\n\n press-{001..100} , gateway\ndash-1\tDashboard # the one at the door\n# nothing',
    'device',
  );
  expect(lines.problems).toEqual([]);
  expect(lines.count).toBe(102);
  expect(lines.rolesUsed).toEqual(['device', 'gateway', 'dashboard']);
  expect(lines.entries).toEqual([
    { id: 'meter-001', role: 'device' },
    { pattern: 'press-{001..100}', role: 'gateway' },
    { id: 'dash-1', role: 'dashboard' },
  ]);
  expect(expandEntries(lines.entries)).toHaveLength(102);
});

test('the default role is the one that was chosen', () => {
  expect(readDeviceLines('g1', 'gateway').entries).toEqual([{ id: 'g1', role: 'gateway' }]);
});

test('nothing is no problem', () => {
  expect(readDeviceLines(' \n\n', 'device')).toEqual({ entries: [], count: 0, problems: [], rolesUsed: [] });
});

test('names the line that has the problem', () => {
  expect(rulesOf('ok\nbad/id\nok2')).toEqual(['2 device-id-characters']);
  expect(rulesOf('a boss')).toEqual(['1 choice']);
  expect(rulesOf('a device extra')).toEqual(['1 choice']);
  expect(rulesOf('p-{1..}')).toEqual(['1 pattern-form']);
  expect(rulesOf('p-{9..1}')).toEqual(['1 pattern-range']);
  expect(rulesOf('p-{1..999999}')).toEqual(['1 pattern-size']);
  expect(rulesOf('con\nobserver')).toEqual(['1 device-id-windows', '2 device-id-reserved']);
  expect(rulesOf('p:{1..3}')).toEqual(['1 device-id-characters']);
});

test('the same device twice, also in other letters or inside a pattern', () => {
  expect(rulesOf('Meter-1\nmeter-1')).toEqual(['2 duplicate']);
  const { problems, count } = readDeviceLines('m-02\nx\nm-{01..03}', 'device');
  expect(problems).toEqual([{ line: 3, problem: { path: '', rule: 'duplicate', params: { value: 'm-02', other: '1' } } }]);
  expect(count).toBe(2);
});

test('a pasted list of 100,000 lines is read while typing', () => {
  const text = Array.from({ length: 100_000 }, (_, index) => `meter-${index}`).join('\n');
  const start = performance.now();
  expect(readDeviceLines(text, 'device').count).toBe(100_000);
  // the limit only catches what grows with the square
  expect(performance.now() - start).toBeLessThan(15_000);
});
