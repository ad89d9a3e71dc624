import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { provision } from '../jobs/provision.ts';
import { Vault } from '../vault/vault.ts';
import { createVaultService, type VaultHandlers } from './vault-service.ts';

let folder: string;
let file: string;
let service: VaultHandlers;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-service-'));
  file = join(folder, 'v.fieldkey');
  const vault = await testVault(file);
  await provision(vault.session, testPlan());
  vault.close();
  service = createVaultService();
});
afterEach(() => {
  service['vault.close']();
  rmSync(folder, { recursive: true, force: true });
});

it('answers nothing before it is unlocked, and nothing after it was locked', async () => {
  expect(service['vault.use']({ file })).toEqual({ state: 'locked', file, lastOperator: 'Ana', keychain: false });
  expect(() => service['project.list'](undefined)).toThrow('VAULT_LOCKED');
  expect(await service['vault.unlock']({ ...testSecret, operator: 'Ben' })).toMatchObject({ state: 'unlocked', operator: 'Ben' });
  const [project] = await service['project.list'](undefined);
  expect(project).toMatchObject({ name: 'lab', devices: 2 });
  expect(service['vault.lock'](undefined)).toEqual({ state: 'locked', file, lastOperator: 'Ben', keychain: false });
  expect(() => service['project.list'](undefined)).toThrow('VAULT_LOCKED');
});

it('holds the file only while it is unlocked', async () => {
  service['vault.use']({ file });
  Vault.open(file).close();
  await service['vault.unlock'](testSecret);
  expect(() => Vault.open(file)).toThrow('VAULT_IN_USE');
  await expect(service['vault.unlock']({ ...testSecret, passphrase: 'not this one' })).rejects.toMatchObject({
    code: 'PASSPHRASE_WRONG',
  });
  Vault.open(file).close();
});

it('says that a file is no vault when somebody wants to unlock it', async () => {
  const other = join(folder, 'letter.txt');
  writeFileSync(other, 'Dear bank');
  expect(service['vault.use']({ file: other })).toEqual({ state: 'locked', file: other, lastOperator: '', keychain: false });
  await expect(service['vault.unlock'](testSecret)).rejects.toMatchObject({ code: 'VAULT_NOT_A_VAULT' });
  expect(service['vault.use']({ file: join(folder, 'none') })).toMatchObject({ state: 'none' });
  await expect(service['vault.unlock'](testSecret)).rejects.toMatchObject({ code: 'VAULT_NOT_FOUND' });
});

it('may be locked at any moment of the check that follows a new vault: nothing fails that nobody waits for', async () => {
  const failed: unknown[] = [];
  const note = (error: unknown) => failed.push(error);
  process.on('unhandledRejection', note);
  try {
    for (let moment = 0; moment < 60; moment++) {
      const own = createVaultService({ kdfCost: testKdfCost });
      own['vault.use']({ file: join(folder, `new-${moment}`) });
      await own['vault.create'](testSecret);
      for (let turn = 0; turn < moment; turn++) await setImmediate();
      await own['vault.close']();
    }
    // what is rejected is told in a later turn
    await setTimeout(20);
    expect(failed).toEqual([]);
  } finally {
    process.off('unhandledRejection', note);
  }
});

it('a lock, or another file, while it is being unlocked wins', async () => {
  await service['vault.use']({ file });
  const locked = { code: 'VAULT_LOCKED' };
  const refused = expect(service['vault.unlock'](testSecret)).rejects.toMatchObject(locked);
  await service['vault.lock'](undefined);
  await refused;
  expect(() => service['project.list'](undefined)).toThrow('VAULT_LOCKED');
  const refusedAgain = expect(service['vault.unlock'](testSecret)).rejects.toMatchObject(locked);
  await service['vault.use']({ file: join(folder, 'other') });
  await refusedAgain;
  Vault.open(file).close();
});
