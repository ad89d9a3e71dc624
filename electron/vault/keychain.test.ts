import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { provision } from '../jobs/provision.ts';
import { publishAfterRestore } from '../jobs/restore-backup.ts';
import { restoreBackup, writeBackup } from './backup.ts';
import { listCopies } from './copies.ts';
import { addKeychain, removeKeychain } from './keychain.ts';
import { type KeychainSecret, keychainSlots } from './keychain-slots.ts';
import { migrations } from './migrations.ts';
import { changePassphrase } from './passphrase.ts';
import { makeShares } from './recovery.ts';
import { backToVersion } from './testing/older-schema.ts';
import { Vault } from './vault.ts';
import { verifyVault } from './verify.ts';

const options = { kdfCost: testKdfCost };
const { passphrase } = testSecret;
let folder: string;
let file: string;
let vault: Vault;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-keychain-'));
  file = join(folder, 'v.fieldkey');
  vault = await testVault(file);
  await provision(vault.session, testPlan());
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const newSecret = (): KeychainSecret => ({ slot: randomBytes(16).toString('hex'), key: randomBytes(32) });
async function added(computer = 'laptop-7'): Promise<KeychainSecret> {
  const secret = newSecret();
  await addKeychain(vault.session, secret, { passphrase, computer });
  return secret;
}
function reopened(at = file): Vault {
  vault.close();
  vault = Vault.open(at, options);
  return vault;
}
const unlocksOf = () =>
  vault.session.database
    .prepare<[], string>("SELECT json_extract(detail, '$.by') FROM audit WHERE action = 'vault.unlock' ORDER BY seq")
    .pluck()
    .all();

it('opens the vault with the secret and with nothing else, beside the passphrase, and says which it was', async () => {
  const wrong = { passphrase: 'not this one at all', computer: 'laptop-7' };
  await expect(addKeychain(vault.session, newSecret(), wrong)).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' });
  expect(keychainSlots(vault.session)).toEqual([]);
  const secret = await added();
  expect(keychainSlots(vault.session)).toMatchObject([{ slot: secret.slot, computer: 'laptop-7' }]);
  expect(await verifyVault(vault.session)).toMatchObject({ sound: true });
  const devices = vault.session.tables.device.where('1 = 1').length;
  reopened();
  expect(vault.keychainSlots).toEqual([secret.slot]);
  await expect(vault.unlockWithKeychain({ ...secret, key: randomBytes(32) }, 'Ana')).rejects.toMatchObject({
    code: 'KEYCHAIN_LOST',
  });
  await expect(vault.unlockWithKeychain(newSecret(), 'Ana')).rejects.toMatchObject({ code: 'KEYCHAIN_ENDED' });
  const session = await vault.unlockWithKeychain(secret, 'Ben', { checkUpTo: 20_000 });
  expect(session.operator).toBe('Ben');
  expect(session.tables.device.where('1 = 1')).toHaveLength(devices);
  session.openKey(1).pkcs8.fill(0);
  expect(await verifyVault(session)).toMatchObject({ sound: true });
  await reopened().unlock(passphrase, 'Ana');
  expect(unlocksOf()).toEqual(['keychain', 'passphrase']);
  vault.close();
  const bytes = readFileSync(file);
  expect(bytes.includes(secret.key)).toBe(false);
  expect(bytes.includes(secret.key.toString('hex'))).toBe(false);
});

it('the secret of one vault opens no other, not even with the row of the first in it', async () => {
  const secret = await added();
  const row = vault.session.database.prepare('SELECT * FROM keychain').get() as Record<string, unknown>;
  const other = await testVault(join(folder, 'other.fieldkey'));
  other.lock();
  await expect(other.unlockWithKeychain(secret, 'Ana')).rejects.toMatchObject({ code: 'KEYCHAIN_ENDED' });
  other.close();
  const database = new Sqlite(other.file);
  const names = Object.keys(row);
  database.prepare(`INSERT INTO keychain (${names}) VALUES (${names.map((name) => `@${name}`)})`).run(row);
  database.close();
  const again = Vault.open(other.file, options);
  await expect(again.unlockWithKeychain(secret, 'Ana')).rejects.toMatchObject({ code: 'KEYCHAIN_LOST' });
  again.close();
});

it('a flipped bit anywhere in the stored row or in the secret is found', async () => {
  const secret = await added();
  const row = vault.session.database.prepare('SELECT * FROM keychain').get() as Record<string, Buffer | number | string>;
  vault.close();
  const bytes = readFileSync(file);
  const columns = Object.entries(row).filter(([name]) => name !== 'id');
  const changed = join(folder, 'changed.fieldkey');
  await fc.assert(
    fc.asyncProperty(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), async (pick, place, by) => {
      const [name = '', value] = columns[pick % columns.length] ?? [];
      writeFileSync(changed, bytes);
      const database = new Sqlite(changed);
      const hurt = Buffer.isBuffer(value)
        ? value.map((byte, i) => (i === place % value.length ? byte ^ by : byte))
        : typeof value === 'string'
          ? `${value}x`
          : Number(value) + by;
      database.prepare(`UPDATE keychain SET ${name} = ?`).run(hurt);
      database.close();
      const read = Vault.read(changed, options);
      // the row's own seal can be checked only when the vault is open
      if (name !== 'mac')
        await expect(read.unlockWithKeychain(secret, 'Ana'), name).rejects.toMatchObject({
          code: expect.stringMatching(/^(VAULT_TAMPERED|KEYCHAIN_LOST|KEYCHAIN_ENDED)$/),
        });
      const { findings } = await verifyVault(await read.unlock(passphrase, 'Ana'));
      read.close();
      expect(findings, name).toContain('keychain 1 was changed outside the program');
    }),
    { numRuns: 60 },
  );
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 31 }), fc.integer({ min: 1, max: 255 }), async (at, by) => {
      const read = Vault.read(file, options);
      const key = Buffer.from(secret.key.map((byte, i) => (i === at ? byte ^ by : byte)));
      await expect(read.unlockWithKeychain({ ...secret, key }, 'Ana')).rejects.toMatchObject({ code: 'KEYCHAIN_LOST' });
      read.close();
    }),
    { numRuns: 20 },
  );
});

it('turned off, neither the vault nor a copy beside it opens with the secret, and a row put back is found', async () => {
  const kept = await added('stays');
  const secret = await added('goes');
  await vault.check();
  const { database } = vault.session;
  const row = database.prepare("SELECT * FROM keychain WHERE computer = 'goes'").get() as Record<string, unknown>;
  await removeKeychain(vault.session, file, secret.slot);
  await expect(removeKeychain(vault.session, file, secret.slot)).rejects.toMatchObject({ code: 'KEYCHAIN_ENDED' });
  expect(await verifyVault(vault.session)).toMatchObject({ sound: true });
  vault.close();
  const copies = listCopies(file).map(({ name }) => join(`${file}.copies`, name));
  expect(copies.length).toBeGreaterThan(0);
  for (const at of [file, ...copies]) {
    const read = Vault.read(at, options);
    await expect(read.unlockWithKeychain(secret, 'Ana'), at).rejects.toMatchObject({ code: 'KEYCHAIN_ENDED' });
    await read.unlockWithKeychain(kept, 'Ana');
    read.close();
  }
  expect(readFileSync(file).includes(row['wrapped_key'] as Buffer)).toBe(false);
  // as somebody would who has the lost computer and gets at the file
  const names = Object.keys(row);
  const edited = new Sqlite(file);
  edited.prepare(`INSERT INTO keychain (${names}) VALUES (${names.map((name) => `@${name}`)})`).run(row);
  edited.close();
  const session = await reopened().unlock(passphrase, 'Ana');
  expect((await verifyVault(session)).findings.join()).toContain(
    `keychain slot ${secret.slot} was never made by an act in the audit log`,
  );
  // and one that vanished
  vault.close();
  const emptied = new Sqlite(file);
  emptied.exec('DELETE FROM keychain');
  emptied.close();
  expect((await verifyVault(await reopened().unlock(passphrase, 'Ana'))).findings.join()).toContain(
    `keychain slot ${kept.slot} is in the audit log and missing in its table`,
  );
});

it('another passphrase ends the slots of all other computers; one set by cards ends all', async () => {
  const here = await added('here');
  const there = await added('there');
  const next = 'a longer new passphrase';
  await changePassphrase(vault.session, file, { old: passphrase, next, keep: here.slot }, testKdfCost);
  expect(keychainSlots(vault.session)).toMatchObject([{ computer: 'here' }]);
  expect(await verifyVault(vault.session)).toMatchObject({ sound: true });
  await expect(reopened().unlockWithKeychain(there, 'Ana')).rejects.toMatchObject({ code: 'KEYCHAIN_ENDED' });
  const session = await vault.unlockWithKeychain(here, 'Ana');
  const { cards } = await makeShares(session, file, { passphrase: next, threshold: 2, count: 2 });
  await reopened().unlockWithShares(
    cards.map(({ text }) => text),
    { passphrase, operator: 'Bea' },
  );
  expect(keychainSlots(vault.session)).toEqual([]);
  expect(unlocksOf()).toEqual(['keychain', 'shares']);
  expect(await verifyVault(vault.session)).toMatchObject({ sound: true });
  await expect(reopened().unlockWithKeychain(here, 'Ana')).rejects.toMatchObject({ code: 'KEYCHAIN_ENDED' });
});

it('a new slot of the same computer takes the place of the one before', async () => {
  const before = await added();
  const secret = newSecret();
  await addKeychain(vault.session, secret, { passphrase, computer: 'laptop-7', replaces: before.slot });
  expect(keychainSlots(vault.session).map(({ slot }) => slot)).toEqual([secret.slot]);
  expect(await verifyVault(vault.session)).toMatchObject({ sound: true });
});

it('a restored backup asks for the passphrase on every computer', async () => {
  const secret = await added();
  const backup = join(folder, 'v.backup');
  await writeBackup(vault.session, backup, 'a word for the backup', testKdfCost);
  vault.close();
  const secrets = { passphrase: 'a word for the backup', vaultPassphrase: passphrase, operator: 'Ana' };
  await restoreBackup(backup, file, secrets, options);
  const session = await reopened().unlock(passphrase, 'Ana');
  await publishAfterRestore(session, []);
  expect(await verifyVault(session)).toMatchObject({ sound: true });
  await expect(reopened().unlockWithKeychain(secret, 'Ana')).rejects.toMatchObject({ code: 'KEYCHAIN_ENDED' });
});

it('migration 9 keeps a vault of the version before as it was, and slots can be added then', async () => {
  const devices = vault.session.tables.device.where('1 = 1').length;
  vault.close();
  backToVersion(file, 8);
  vault = Vault.open(file, options);
  expect(vault.copyBeforeMigration).toBe(`${file}.before-v${migrations.at(-1)?.number}`);
  await vault.unlock(passphrase, 'Ana');
  expect(vault.session.tables.device.where('1 = 1')).toHaveLength(devices);
  expect(await verifyVault(vault.session)).toMatchObject({ sound: true, findings: [] });
  const secret = await added();
  await reopened().unlockWithKeychain(secret, 'Ana');
  expect(await verifyVault(vault.session)).toMatchObject({ sound: true });
});
