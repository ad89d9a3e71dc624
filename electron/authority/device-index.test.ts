import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ParsedInput } from '../../shared/contract.ts';
import { provision } from '../jobs/provision.ts';
import { replaceAndPublish } from '../jobs/replace.ts';
import type { VaultSession } from '../vault/session.ts';
import { Vault } from '../vault/vault.ts';
import { listDevices } from './device-view.ts';
import { issueDevices } from './issue-devices.ts';
import { projectByName } from './lookup.ts';

import { testKdfCost, testPlan, testSecret, testVault } from './testing/fixtures.ts';

let folder: string;
let file: string;
let vault: Vault;
let projectId: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-index-'));
  file = join(folder, 'v.fieldkey');
  vault = await testVault(file);
  await provision(vault.session, testPlan());
  projectId = projectByName(vault.session, 'lab')?.id ?? 0;
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const everything = (session: VaultSession) =>
  listDevices(session, { projectId, search: '', offset: 0, limit: 1000 } as ParsedInput<'device.list'>, 0).rows;

/** As it is listed, after having been listed before the act; then as a new session lists it that knows nothing of before. */
async function afterAct(act: (session: VaultSession) => unknown): Promise<ReturnType<typeof everything>> {
  everything(vault.session);
  await act(vault.session);
  const listed = everything(vault.session);
  vault.close();
  vault = Vault.open(file, { kdfCost: testKdfCost });
  expect(listed).toEqual(everything(await vault.unlock(testSecret.passphrase, 'Ana')));
  return listed;
}
const issue = (ids: readonly string[]) => (session: VaultSession) =>
  issueDevices(
    session,
    projectId,
    ids.map((id) => ({ id, role: 'device' as const })),
    { key: 'p256', days: 365 },
  );

it('after an act the list is what a new one would be', async () => {
  expect((await afterAct(issue(['meter-010', 'a-1', 'zz']))).map(({ id }) => id)).toEqual([
    'a-1',
    'dash-1',
    'meter-001',
    'meter-010',
    'zz',
  ]);
  const [first] = everything(vault.session);
  const replaced = await afterAct((session) =>
    replaceAndPublish(session, projectId, { deviceIds: [first?.deviceId ?? 0], reason: 'superseded' }, {}),
  );
  expect(replaced[0]).toMatchObject({ id: 'a-1', state: 'valid' });
  expect(replaced[0]?.serial).not.toBe(first?.serial);
});

it('what was rolled back is not listed', async () => {
  const before = everything(vault.session);
  const after = await afterAct((session) => {
    const row = session.tables.device.where('1 = 1 LIMIT 1')[0];
    expect(() =>
      session.write(() => {
        session.tables.device.insert({ ...(row as NonNullable<typeof row>), name: 'ghost', name_folded: 'ghost' });
        throw new Error('no');
      }),
    ).toThrow('no');
  });
  expect(after).toEqual(before);
});
