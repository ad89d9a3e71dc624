import { expect, it } from 'vitest';
import { type Check, type CheckReport, type CheckResult, newCheck } from '../../../../shared/model/check.ts';
import { countsOf, failedOf, rounded, shownOf, standingsOf, textFor, topicFor } from './results.ts';

const result = (check: number, device: string | null, outcome: CheckResult['outcome']): CheckResult => ({
  check,
  device,
  outcome,
  reason: outcome === 'passed' ? null : outcome === 'failed' ? 'timeout' : 'connection',
  at: 0,
  roundTrip: outcome === 'passed' ? 3 : null,
  code: null,
  got: null,
  others: 0,
  who: null,
  failure: null,
});
const named = (name: string): Check => ({ ...newCheck, name });
const report: CheckReport = {
  version: 1,
  project: 'lab',
  operator: 'me',
  host: 'localhost',
  port: 8883,
  startedAt: 0,
  finishedAt: 1,
  cancelled: false,
  checks: [named('a'), named('b'), named('c')],
  devices: ['meter-001', 'meter-002'],
  results: [
    result(2, null, 'failed'),
    result(0, 'meter-001', 'passed'),
    result(1, 'meter-001', 'untried'),
    result(0, 'meter-002', 'passed'),
    result(1, 'meter-002', 'passed'),
  ],
};

it('counts and filters by outcome', () => {
  expect(countsOf(report.results)).toEqual({ all: 5, passed: 3, failed: 1, untried: 1 });
  expect(shownOf(report.results, 'failed').map(({ check }) => check)).toEqual([2]);
  expect(shownOf(report.results, 'all')).toBe(report.results);
});

it('knows how each check stood, and which one says something else by now', () => {
  const standing = standingsOf(report);
  expect(standing(named('a'))).toEqual({ kind: 'ran', passed: 2, failed: 0, untried: 0 });
  expect(standing(named('b'))).toEqual({ kind: 'ran', passed: 1, failed: 0, untried: 1 });
  expect(standing({ ...named('a'), enabled: false })).toMatchObject({ kind: 'ran' });
  expect(standing({ ...named('a'), publish: { ...newCheck.publish, retain: true } })).toEqual({ kind: 'changed' });
  expect(standing(named('d'))).toEqual({ kind: 'left' });
  expect(standingsOf(null)(named('a'))).toEqual({ kind: 'never' });
});

it('finds what is to be tried once more', () => {
  expect(failedOf(report)).toEqual({ checks: new Set(['b', 'c']), devices: ['meter-001'] });
});

it('fills in the names of an execution and nothing else', () => {
  expect(topicFor('{project}/energy/{device}', 'lab', 'meter-001')).toBe('lab/energy/meter-001');
  expect(topicFor('{project}/all', 'lab', null)).toBe('lab/all');
  expect(textFor('{{project}} {{ device }} {{run}} {{now}}', 'lab', '$&')).toBe('lab $& {{run}} {{now}}');
  expect(textFor('{{device}}', 'lab', null)).toBe('{{device}}');
});

it('writes times with the digits that mean something', () => {
  expect([0.04, 3.26, 9.97, 12.4, 999.4, 1_234.5, 61_960].map(rounded)).toEqual([0, 3.3, 10, 12, 999, 1_200, 62_000]);
});
