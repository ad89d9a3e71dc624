import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { patienceOfCases, startFailureCases } from './testing/failure-cases.ts';
import { localTester } from './testing/local-tester.ts';

/** The same cases run inside Electron, whose TLS is another one: e2e/tester-causes.spec.ts. */
it('every connection that cannot come about is explained', { timeout: 120_000 }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fieldkey-causes-'));
  const { cases, close } = await startFailureCases(folder);
  const tester = localTester({ connect: patienceOfCases, probe: 500 });
  const found: Record<string, unknown> = {};
  const expected: Record<string, unknown> = {};
  for (const [index, { name, host, port, identity, expected: cause, alert, protocolVersion }] of cases.entries()) {
    const key = Buffer.from(identity.key);
    const connectionId = `case-number-${index}`;
    const state = await tester.call('connect', { connectionId, host, port, identity: { ...identity, key }, reconnects: true });
    found[name] = [state.failure?.cause ?? state.phase, state.failure?.alert ?? null, state.protocolVersion, state.phase];
    expected[name] = [cause, alert ?? null, protocolVersion ?? null, cause === 'connected' ? 'connected' : 'closed'];
    await tester.call('disconnect', { connectionId });
  }
  expect(found).toEqual(expected);
  await close();
  await rm(folder, { recursive: true, force: true });
});
