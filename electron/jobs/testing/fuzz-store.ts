import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProject } from '../../authority/create-project.ts';
import { issueDevices } from '../../authority/issue-devices.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../../authority/testing/fixtures.ts';
import { planImport } from '../../import/plan-import.ts';
import { readFolder } from '../../import/read-folder.ts';
import { readSource, wipeImported } from '../../import/read-source.ts';
import { easyRsaPki } from '../../import/testing/easy-rsa.ts';
import { passwordHash } from '../../import/testing/script-folder.ts';
import { xcaDatabase } from '../../import/testing/xca.ts';
import type { FuzzTarget } from '../../pki/testing/fuzz.ts';
import { verifyBackup, writeBackup } from '../../vault/backup.ts';
import { addKeychain } from '../../vault/keychain.ts';
import { drillShares, makeShares, recoverVaultKey } from '../../vault/recovery.ts';
import { Vault } from '../../vault/vault.ts';

const options = { kdfCost: testKdfCost };
const { passphrase, operator } = testSecret;
const backupPassphrase = 'a word for the backup';

/**
 * What reads files that people bring along: vaults, backups, recovery shares, and what easy-rsa, XCA and the script left, each
 * made by the real program. `folder` is for the files that are read from a disk.
 */
export async function storeTargets(folder: string): Promise<FuzzTarget[]> {
  return [...(await vaultTargets(join(folder, 'vault'))), ...(await importTargets(join(folder, 'import')))];
}

async function vaultTargets(folder: string): Promise<FuzzTarget[]> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'v.fieldkey');
  const backup = join(folder, 'v.backup');
  const vault = await testVault(file);
  const projectId = await createProject(vault.session, testPlan());
  const devices = ['meter-1', 'meter-2'].map((id) => ({ id, role: 'device' as const }));
  await issueDevices(vault.session, projectId, devices, { key: 'p256', days: 365 });
  await addKeychain(vault.session, { slot: '0f'.repeat(16), key: Buffer.alloc(32, 7) }, { passphrase, computer: 'laptop' });
  const { cards } = await makeShares(vault.session, file, { passphrase, threshold: 2, count: 3 });
  await drillShares(
    vault.session,
    cards.slice(1).map(({ text }) => text),
  );
  await writeBackup(vault.session, backup, backupPassphrase, testKdfCost);
  vault.close();
  const bytes = readFileSync(file);
  const whole = readFileSync(backup);
  const hurt = join(folder, 'hurt.backup');
  const known = Vault.readBytes(file, Buffer.from(bytes), options);
  await known.unlock(passphrase, operator);
  const { database } = known.session;
  return [
    { name: 'vault', seeds: [bytes], read: (b) => readVault(b, passphrase), share: 6 },
    {
      name: 'backup',
      seeds: [whole],
      read: async (b) => {
        writeFileSync(hurt, b);
        await verifyBackup(hurt, { passphrase: backupPassphrase, vaultPassphrase: passphrase, operator }, options);
        // two changes may undo each other
        if (!b.equals(whole)) throw new Error('a changed backup was taken for a sound one');
      },
      share: 4,
    },
    {
      name: 'share',
      seeds: cards.map(({ text }) => Buffer.from(text)),
      read: async (b) => (await recoverVaultKey(database, [b.toString('latin1'), cards[2]?.text ?? ''])).vaultKey.fill(0),
      share: 6,
    },
  ];
}

/** As far as a vault can be read: unlocked, checked, every table once. */
async function readVault(bytes: Buffer, word: string): Promise<void> {
  const vault = Vault.readBytes('mutated', bytes, options);
  try {
    const session = await vault.unlock(word, operator);
    await vault.check();
    for (const table of Object.values(session.tables)) table.where('1 = 1');
  } finally {
    vault.close();
  }
}

async function importTargets(folder: string): Promise<FuzzTarget[]> {
  const easy = join(folder, 'easy-rsa');
  const made = join(folder, 'xca');
  mkdirSync(made, { recursive: true });
  await easyRsaPki(join(easy, 'pki'), passphrase);
  await xcaDatabase((name) => join(made, name), passphrase);
  const xdb = join(folder, 'mutated.xdb');
  const small = join(folder, 'small');
  mkdirSync(small);
  copyFileSync(join(easy, 'pki', 'ca.crt'), join(small, 'ca.crt'));
  copyFileSync(join(easy, 'pki', 'issued', 'meter-1.crt'), join(small, 'meter-1.crt'));
  const now = Date.now() + 60_000;
  const planned = async (reading: ReturnType<typeof readFolder>) => {
    const imported = await reading;
    wipeImported(imported);
    await planImport(imported, now);
  };
  const inFolder = (name: string) => (b: Buffer) => {
    for (const each of ['index.txt', 'passwd', 'meter-1.key']) writeFileSync(join(small, each), each === name ? b : '');
    return planned(readFolder(small, { now, passphrase }));
  };
  const pki = (name: string) => readFileSync(join(easy, 'pki', name));
  const passwd = Buffer.from(`meter-1:${passwordHash}\ngw-1:${passwordHash}\nbroken line\n`);
  return [
    { name: 'easy-rsa index', seeds: [pki('index.txt')], read: inFolder('index.txt'), share: 3 },
    { name: 'password file', seeds: [passwd], read: inFolder('passwd'), share: 2 },
    {
      name: 'key in a folder',
      seeds: [pki('private/meter-1.key'), pki('private/gw-1.key')],
      read: inFolder('meter-1.key'),
      share: 1,
    },
    {
      name: 'xca',
      seeds: [readFileSync(join(made, 'x.xdb'))],
      read: (b) => {
        writeFileSync(xdb, b);
        return planned(readSource(xdb, { now, passphrase }));
      },
      share: 3,
    },
  ];
}
