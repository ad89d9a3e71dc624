import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isErrorReport } from '../../../shared/errors.ts';
import { type Check, checkLimits, newCheck } from '../../../shared/model/check.ts';
import { testPlan, testVault } from '../../authority/testing/fixtures.ts';
import type { Vault } from '../../vault/vault.ts';
import { verifyVault } from '../../vault/verify.ts';
import { provision } from '../provision.ts';
import { exportChecks, readChecks } from './file.ts';
import { orderChecks, removeCheck, saveCheck, savedChecks, takeChecks } from './store.ts';

let folder: string;
let vault: Vault;
let projectId: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-checks-'));
  vault = await testVault(join(folder, 'v.fieldkey'));
  ({ projectId } = await provision(vault.session, testPlan()));
});
afterAll(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const named = (name: string, changes: Partial<Check> = {}): Check => ({ ...newCheck, name, ...changes });
const names = () => savedChecks(vault.session, projectId).map(({ check }) => check.name);
const problemsOf = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    if (isErrorReport(error)) return { code: error.code, problems: error.params['problems'] };
    throw error;
  }
  throw new Error('it was taken');
};

it('keeps checks in their order, changes and forgets them, and each of it is in the record', async () => {
  const { session } = vault;
  const [reading, command, door] = ['Reading', 'Command', 'Door'].map((name) => saveCheck(session, projectId, null, named(name)));
  expect(names()).toEqual(['Reading', 'Command', 'Door']);
  orderChecks(session, projectId, [door as number, reading as number]);
  expect(names()).toEqual(['Door', 'Reading', 'Command']);
  expect(saveCheck(session, projectId, reading as number, named('Reading', { enabled: false }))).toBe(reading);
  expect(names()).toEqual(['Door', 'Reading', 'Command']);
  removeCheck(session, projectId, command as number);
  expect(savedChecks(session, projectId).map(({ check: { name, enabled } }) => [name, enabled])).toEqual([
    ['Door', true],
    ['Reading', false],
  ]);
  const told = session.database
    .prepare<[], string>("SELECT action || ' ' || subject FROM audit WHERE action LIKE 'check.%' ORDER BY seq")
    .pluck()
    .all();
  expect(told).toEqual([
    'check.save Reading',
    'check.save Command',
    'check.save Door',
    'check.save Reading',
    'check.remove Command',
  ]);
  expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
});

it('refuses a name that is taken, what could not be run, and what is not there', () => {
  const { session } = vault;
  expect(problemsOf(() => saveCheck(session, projectId, null, named(' reading ')))).toEqual({
    code: 'INPUT_INVALID',
    problems: [{ path: 'check.name', rule: 'check-name', params: { value: 'Reading' } }],
  });
  expect(() => removeCheck(session, projectId, 999)).toThrow('CHECK_NOT_FOUND');
  expect(() => orderChecks(session, projectId, [999])).toThrow('CHECK_NOT_FOUND');
  expect(() => saveCheck(session, projectId, 999, named('x'))).toThrow('CHECK_NOT_FOUND');
  expect(() => savedChecks(session, 999)).toThrow('PROJECT_NOT_FOUND');
  expect(problemsOf(() => saveCheck(session, projectId, null, named('')))).toMatchObject({ code: 'INPUT_INVALID' });
  expect(names()).toEqual(['Door', 'Reading']);
});

it('writes them to a file and takes them from one, all or none', () => {
  const { session } = vault;
  const { name, text } = exportChecks(session, projectId, null);
  expect(name).toBe('lab-checks.json');
  const checks = readChecks(text, name);
  expect(checks.map((check) => check.name)).toEqual(['Door', 'Reading']);
  const more = [named('Fresh'), named('DOOR', { enabled: false })];
  expect(takeChecks(session, projectId, more, 'skip')).toEqual({ added: ['Fresh'], replaced: [], skipped: ['DOOR'] });
  expect(names()).toEqual(['Door', 'Reading', 'Fresh']);
  expect(takeChecks(session, projectId, more, 'replace')).toEqual({ added: [], replaced: ['Fresh', 'DOOR'], skipped: [] });
  expect(names()).toEqual(['DOOR', 'Reading', 'Fresh']);
  expect(() => readChecks('{', 'x.json')).toThrow('FILE_MALFORMED');
  const wrong = { ...newCheck, name: 'x', expect: { ...newCheck.expect, topic: 'a#' } };
  const content = (list: unknown) => JSON.stringify({ format: 'fieldkey-checks', version: 1, checks: list });
  expect(problemsOf(() => readChecks(content([named('y'), wrong]), 'x.json'))).toEqual({
    code: 'INPUT_INVALID',
    problems: [{ path: 'checks[1].expect.topic', rule: 'topic-hash', params: { value: 'a#' } }],
  });
  expect(problemsOf(() => readChecks(content([named('y'), named('Y')]), 'x.json'))).toMatchObject({
    problems: [{ path: 'checks[1].name', rule: 'duplicate' }],
  });
  const many = Array.from({ length: checkLimits.checks }, (_, at) => named(`many ${at}`));
  expect(problemsOf(() => takeChecks(session, projectId, many, 'skip'))).toMatchObject({ code: 'INPUT_INVALID' });
  expect(names()).toHaveLength(3);
});

it('notices a check, and a result, that was put back to an older state, whose seal is right', async () => {
  const { session } = vault;
  const [row] = session.tables.messageCheck.where('project_id = ?', projectId);
  if (!row) throw new Error('one is kept');
  session.write(() => session.tables.messageCheck.update({ ...row, definition: JSON.stringify(named('other')) }));
  expect((await verifyVault(session)).findings.join('\n')).toContain('check 3:');
  session.write(() => session.tables.messageCheck.update(row));
  expect(await verifyVault(session)).toMatchObject({ sound: true });
  session.write(() => session.tables.checkRun.insert({ project_id: projectId, at: 1, report: '{}' }));
  expect((await verifyVault(session)).findings.join('\n')).toContain('result of checks');
});
