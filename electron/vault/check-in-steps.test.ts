import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { accessOf, projectByName } from '../authority/lookup.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { changeAccess } from '../jobs/change-project.ts';
import { provision } from '../jobs/provision.ts';
import { copiesFolder, listCopies } from './copies.ts';
import { loadDraft, saveDraft } from './draft.ts';
import type { VaultSession } from './session.ts';
import { Vault } from './vault.ts';
import { verifyVault } from './verify.ts';

let folder: string;
let file: string;
let vault: Vault;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-steps-'));
  file = join(folder, 'v.fieldkey');
  vault = await testVault(file);
  await provision(vault.session, testPlan());
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An act that waits for nobody: the check must not take what it finds half-way for an edit. */
function act(session: VaultSession, round: number): void {
  const projectId = projectByName(session, 'lab')?.id ?? 0;
  changeAccess(
    session,
    projectId,
    accessOf(session, projectId).map((rule) => (rule.role === 'device' ? { ...rule, write: [`lab/${round}/{device}`] } : rule)),
  );
}

it('is no edit of the database, what is written while it is checked', async () => {
  let done = false;
  const checking = verifyVault(vault.session).finally(() => {
    done = true;
  });
  let rounds = 0;
  while (!done) {
    act(vault.session, ++rounds);
    await setImmediate();
  }
  expect(await checking).toMatchObject({ sound: true, findings: [] });
  expect(rounds).toBeGreaterThan(10);
});

it('an edit is found although acts go on', async () => {
  vault.session.database.exec(`UPDATE device SET role = 'admin' WHERE id = 1`);
  let done = false;
  const checking = verifyVault(vault.session).finally(() => {
    done = true;
  });
  while (!done) {
    vault.session.write((log) => log('vault.unlock', { subject: 'Ana' }));
    await setImmediate();
  }
  const { sound, rows } = await checking;
  expect(sound).toBe(false);
  expect(rows).toContainEqual({ kind: 'changed', table: 'device', row: '1' });
});

/** Large enough that a copy of it takes many steps. */
const large = JSON.stringify('x'.repeat(12_000_000));

it('the copy has what was written while it was made, whole', async () => {
  saveDraft(vault.session, large);
  const checking = vault.check();
  while (!existsSync(join(copiesFolder(file), 'copying.new'))) await setImmediate();
  act(vault.session, 1);
  await checking;
  const [copy, ...more] = listCopies(file);
  expect(more).toEqual([]);
  const copied = Vault.read(join(copiesFolder(file), copy?.name ?? ''), { kdfCost: testKdfCost });
  const session = await copied.unlock(testSecret.passphrase, 'Ana');
  expect(loadDraft(session)).toBe(large);
  expect(session.audit.head).toEqual(vault.session.audit.head);
  expect(await verifyVault(session)).toMatchObject({ sound: true });
  copied.close();
});

it('a vault that is closed while it is copied leaves nothing half', async () => {
  saveDraft(vault.session, large);
  const checking = vault.check();
  while (!existsSync(join(copiesFolder(file), 'copying.new'))) await setImmediate();
  vault.close();
  await checking;
  expect(readdirSync(copiesFolder(file)).filter((name) => !/^\d+\.fieldkey$/.test(name))).toEqual([]);
  for (const { name } of listCopies(file)) {
    const copied = Vault.read(join(copiesFolder(file), name), { kdfCost: testKdfCost });
    expect(await verifyVault(await copied.unlock(testSecret.passphrase, 'Ana'))).toMatchObject({ sound: true });
    copied.close();
  }
});
