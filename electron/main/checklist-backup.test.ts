import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { checklistFacts } from '../jobs/checklist.ts';
import { provision } from '../jobs/provision.ts';
import { writeBackup } from '../vault/backup.ts';
import { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { createVaultService } from './vault-service.ts';

const day = 86_400_000;
let folder: string;
let file: string;
let vault: Vault;
let projectId: number;
let clock: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-checklist-'));
  file = join(folder, 'v.fieldkey');
  clock = Date.now();
  vault = await testVault(file, { now: () => clock });
  ({ projectId } = await provision(vault.session, testPlan({ devices: [] })));
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const facts = () => checklistFacts(vault.session, projectId, null);

async function reopened(): Promise<Vault> {
  const opened = Vault.open(file, { now: () => clock });
  await opened.unlock(testSecret.passphrase, testSecret.operator);
  return opened;
}

describe('evidence of backups', () => {
  it('a backup: never, fresh, checked, old', async () => {
    const service = createVaultService({ kdfCost: testKdfCost, now: () => clock });
    vault.close();
    await service['vault.use']({ file });
    await service['vault.unlock'](testSecret);
    const of = async () => (await service['checklist.show']({ projectId })).rows.find(({ point }) => point === 'backup');
    expect(await of()).toMatchObject({ state: 'red', evidence: [{ fact: 'backupNever' }] });
    const target = join(folder, 'b.fieldkey-backup');
    await service['backup.write']({ jobId: 'backup-job', file: target, passphrase: 'another long passphrase' });
    expect(await of()).toMatchObject({
      state: 'unknown',
      evidence: [{ fact: 'backupFresh', at: clock }, { fact: 'backupUnchecked' }],
    });
    clock += 1000;
    await service['backup.verify']({
      file: target,
      passphrase: 'another long passphrase',
      vaultPassphrase: testSecret.passphrase,
    });
    expect(await of()).toMatchObject({
      state: 'green',
      evidence: [{ fact: 'backupFresh' }, { fact: 'backupChecked', at: clock }],
    });
    clock += 31 * day;
    expect(await of()).toMatchObject({ state: 'amber', evidence: [{ fact: 'backupOld' }, { fact: 'backupChecked' }] });
    // a new one that nobody checked: the old one proves nothing of it
    const next = join(folder, 'next.fieldkey-backup');
    await service['backup.write']({ jobId: 'next-backup', file: next, passphrase: 'another long passphrase' });
    const older = { state: 'amber', evidence: [{ fact: 'backupFresh' }, { fact: 'backupCheckedOlder' }] };
    expect(await of()).toMatchObject(older);
    const verify = (from: string) =>
      service['backup.verify']({ file: from, passphrase: 'another long passphrase', vaultPassphrase: testSecret.passphrase });
    await verify(target);
    expect(await of()).toMatchObject(older);
    await verify(next);
    expect(await of()).toMatchObject({ state: 'green', evidence: [{ fact: 'backupFresh' }, { fact: 'backupChecked' }] });
    // one more: the checked one is younger than the reminder, so it would still do
    await service['backup.write']({ jobId: 'third-backup', file: `${next}-3`, passphrase: 'another long passphrase' });
    expect(await of()).toMatchObject({ state: 'green' });
    // and an old one checked again takes nothing away
    await verify(target);
    expect(await of()).toMatchObject({ state: 'green' });
    await service['vault.close']();
    vault = await reopened();
    expect(await verifyVault(vault.session)).toMatchObject({ sound: true, findings: [] });
  });

  it('the backup of another vault is no evidence for this one', async () => {
    const other = await testVault(join(folder, 'other.fieldkey'));
    const target = join(folder, 'other.fieldkey-backup');
    await writeBackup(other.session, target, 'another long passphrase', testKdfCost);
    other.close();
    vault.close();
    const service = createVaultService({ kdfCost: testKdfCost, now: () => clock });
    await service['vault.use']({ file });
    await service['vault.unlock'](testSecret);
    await service['backup.verify']({
      file: target,
      passphrase: 'another long passphrase',
      vaultPassphrase: testSecret.passphrase,
    });
    await service['vault.close']();
    vault = await reopened();
    expect(facts().backup).toEqual({ at: null, checked: null });
  });
});
