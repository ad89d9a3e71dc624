import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compared, orderOf, startDoctorCases } from '../testing/doctor-cases.ts';
import { patienceOfCases } from '../testing/failure-cases.ts';
import { localTester } from '../testing/local-tester.ts';

/** The same cases run inside Electron, whose TLS is another one: e2e/tester-causes.spec.ts. */
it('the verdict of the doctor is the cause, in each row of the table', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fieldkey-doctor-'));
  const { cases, close } = await startDoctorCases(folder);
  const tester = localTester({ connect: patienceOfCases, probe: 500 });
  const found: Record<string, unknown> = {};
  const expected: Record<string, unknown> = {};
  for (const [index, one] of cases.entries()) {
    const report = await tester.call('diagnose', orderOf(one, `case-number-${index}`));
    const both = compared(one, report, false);
    found[one.name] = both.found;
    expected[one.name] = both.expected;
  }
  await close();
  await rm(folder, { recursive: true, force: true });
  expect(Object.keys(found).length).toBeGreaterThan(70);
  expect(found).toEqual(expected);
});
