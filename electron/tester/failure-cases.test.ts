import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compared, type DoctorCase, orderOf, startDoctorCases } from './testing/doctor-cases.ts';
import { type FailureCase, patienceOfCases } from './testing/failure-cases.ts';
import { localTester } from './testing/local-tester.ts';

/** The same cases run inside Electron, whose TLS is another one: e2e/tester-causes.spec.ts. */
let folder: string;
let failures: FailureCase[];
let cases: DoctorCase[];
let close: () => Promise<void>;
const tester = localTester({ connect: patienceOfCases, probe: 500 });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-causes-'));
  ({ failures, cases, close } = await startDoctorCases(folder));
});
afterAll(async () => {
  await close();
  await rm(folder, { recursive: true, force: true });
});

it('every connection that cannot come about is explained', async () => {
  const found: Record<string, unknown> = {};
  const expected: Record<string, unknown> = {};
  for (const [index, { name, host, port, identity, expected: cause, alert, protocolVersion }] of failures.entries()) {
    const key = Buffer.from(identity.key);
    const connectionId = `case-number-${index}`;
    const state = await tester.call('connect', { connectionId, host, port, identity: { ...identity, key }, reconnects: true });
    found[name] = [state.failure?.cause ?? state.phase, state.failure?.alert ?? null, state.protocolVersion, state.phase];
    expected[name] = [cause, alert ?? null, protocolVersion ?? null, cause === 'connected' ? 'connected' : 'closed'];
    await tester.call('disconnect', { connectionId });
  }
  expect(found).toEqual(expected);
});

it('the verdict of the doctor is the cause, in each row of the table', async () => {
  const found: Record<string, unknown> = {};
  const expected: Record<string, unknown> = {};
  for (const [index, one] of cases.entries()) {
    const report = await tester.call('diagnose', orderOf(one, `case-number-${index}`));
    const both = compared(one, report, false);
    found[one.name] = both.found;
    expected[one.name] = both.expected;
  }
  expect(Object.keys(found).length).toBeGreaterThan(70);
  expect(found).toEqual(expected);
});
