import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type RecoveryShare, readShare, shareText } from '../../shared/rules/share-text.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { provision } from '../jobs/provision.ts';
import { listCopies } from './copies.ts';
import { migrations } from './migrations.ts';
import { drillShares, makeShares, recoverVaultKey, recoveryState } from './recovery.ts';
import { backToVersion } from './testing/older-schema.ts';
import { Vault } from './vault.ts';
import { verifyVault } from './verify.ts';

const options = { kdfCost: testKdfCost };
const next = { passphrase: 'the new one after that', operator: 'Bea' };
let folder: string;
let file: string;
let vault: Vault;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-recovery-'));
  file = join(folder, 'v.fieldkey');
  vault = await testVault(file);
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const make = async (threshold: number, count: number, of = vault) => {
  const { cards } = await makeShares(of.session, of.file, { passphrase: testSecret.passphrase, threshold, count });
  return cards.map(({ text }) => text);
};
/** The same share with other content, and a checksum that fits. */
const forged = (text: string, change: (share: RecoveryShare) => RecoveryShare) =>
  shareText(change(readShare(text) as RecoveryShare));
const code = (expected: string, params: object = {}) => ({ code: expected, params: expect.objectContaining(params) });

it('any k of n open the vault, fewer do not, and the passphrase is asked for to make them', async () => {
  expect(recoveryState(vault.session)).toBeNull();
  await expect(recoverVaultKey(vault.session.database, [])).rejects.toMatchObject(code('SHARES_NONE'));
  const wrong = { passphrase: 'not this one at all', threshold: 2, count: 3 };
  await expect(makeShares(vault.session, file, wrong)).rejects.toMatchObject(code('PASSPHRASE_WRONG'));
  for (const [threshold, count] of [
    [1, 3],
    [4, 3],
    [2, 13],
    [2.5, 3],
  ] as const)
    expect(() => makeShares(vault.session, file, { passphrase: testSecret.passphrase, threshold, count })).toThrow(
      'INPUT_INVALID',
    );
  const shares = await make(3, 5);
  expect(new Set(shares).size).toBe(5);
  expect(recoveryState(vault.session)).toMatchObject({ threshold: 3, count: 5, lastDrill: null });
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(shares, { minLength: 0, maxLength: 5 }), async (some) => {
      const opening = recoverVaultKey(vault.session.database, some);
      if (some.length >= 3) expect((await opening).vaultKey).toHaveLength(32);
      else await expect(opening).rejects.toMatchObject(code('SHARES_TOO_FEW', { needed: 3, given: some.length }));
    }),
    { numRuns: 40 },
  );
});

it('the shares are nowhere in the files, and a drill changes nothing but the audit log', async () => {
  const { session } = vault;
  await provision(session, testPlan());
  const shares = await make(2, 3);
  const before = session.database.prepare('SELECT * FROM recovery').get();
  const entries = session.audit.head.count;
  expect(await drillShares(session, [shares[2] ?? '', shares[0] ?? ''])).toEqual([3, 1]);
  expect(session.audit.head.count).toBe(entries + 1);
  expect(session.database.prepare('SELECT * FROM recovery').get()).toEqual(before);
  expect(recoveryState(session)?.lastDrill).toBeGreaterThan(Date.now() - 60_000);
  await expect(drillShares(session, [shares[0] ?? ''])).rejects.toMatchObject(code('SHARES_TOO_FEW'));
  expect(session.audit.head.count).toBe(entries + 1);
  expect(await verifyVault(session)).toMatchObject({ sound: true });
  vault.close();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  for (const { parentPath, name } of files) {
    const bytes = readFileSync(join(parentPath, name));
    for (const text of shares) {
      expect(bytes.includes(text), name).toBe(false);
      expect(bytes.includes(Buffer.from((readShare(text) as RecoveryShare).bytes.subarray(0, 16))), name).toBe(false);
    }
  }
});

it('opens a vault whose passphrase is forgotten, gives it a new one, and keeps everything', async () => {
  const shares = await make(2, 3);
  await provision(vault.session, testPlan());
  const devices = vault.session.tables.device.where('1 = 1').map(({ name }) => name);
  vault.close();
  vault = Vault.open(file, options);
  await expect(vault.unlockWithShares(shares, { ...next, passphrase: 'short' })).rejects.toMatchObject(code('PASSPHRASE_WEAK'));
  const session = await vault.unlockWithShares(shares.slice(1), next);
  expect(session.tables.device.where('1 = 1').map(({ name }) => name)).toEqual(devices);
  expect(await verifyVault(session)).toMatchObject({ sound: true });
  const said = session.database.prepare("SELECT operator, detail FROM audit WHERE action = 'passphrase.recover'").get();
  expect(said).toEqual({ operator: 'Bea', detail: '{"shares":"2 3"}' });
  vault.close();
  for (const at of [file, ...listCopies(file).map(({ name }) => join(`${file}.copies`, name))]) {
    const read = Vault.read(at, options);
    await expect(read.unlock(testSecret.passphrase, 'Ana')).rejects.toMatchObject(code('PASSPHRASE_WRONG'));
    await read.unlock(next.passphrase, 'Bea');
    read.close();
  }
  // the shares stay good
  vault = Vault.open(file, options);
  await vault.unlockWithShares(shares.slice(0, 2), next);
});

it('says of each share what is wrong with it', async () => {
  const [a = '', b = '', c = ''] = await make(2, 3);
  const open = (...shares: string[]) => expect(recoverVaultKey(vault.session.database, shares)).rejects;
  await open(
    a,
    b.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
  ).toMatchObject(code('SHARE_MISTYPED', { share: 2, group: 13, reason: 'checksum' }));
  await open('', b).toMatchObject(code('SHARE_MISTYPED', { share: 1, group: 0, reason: 'empty' }));
  await open(a, c, a).toMatchObject(code('SHARE_TWICE', { share: 3, other: 1, index: 1 }));
  const other = await testVault(join(folder, 'other.fieldkey'));
  const [foreign = ''] = await make(2, 3, other);
  other.close();
  await open(a, foreign).toMatchObject(code('SHARE_OTHER_VAULT', { share: 2 }));
  await open(
    a,
    forged(b, (share) => ({ ...share, index: 3 })),
  ).toMatchObject(code('SHARE_WRONG', { share: 2, index: 3 }));
  await open(
    a,
    forged(b, (share) => ({ ...share, index: 200 })),
  ).toMatchObject(code('SHARE_WRONG', { share: 2, index: 200 }));
  const fresh = await make(2, 3);
  await open(a, b).toMatchObject(code('SHARE_OTHER_SET', { share: 1, index: 1 }));
  await open(fresh[0] ?? '', b).toMatchObject(code('SHARE_OTHER_SET', { share: 2, index: 2 }));
  expect((await recoverVaultKey(vault.session.database, fresh.slice(0, 2))).vaultKey).toHaveLength(32);
});

it('a flipped bit in a share, whatever its checksum says, or anywhere in the stored row is found', async () => {
  const shares = await make(3, 4);
  const used = shares.slice(0, 3);
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 2 }),
      fc.integer({ min: 0, max: 32 }),
      fc.integer({ min: 1, max: 255 }),
      async (which, at, by) => {
        const hurt = used.with(
          which,
          forged(used[which] ?? '', (share) => ({ ...share, bytes: share.bytes.with(at, (share.bytes[at] ?? 0) ^ by) })),
        );
        await expect(recoverVaultKey(vault.session.database, hurt)).rejects.toMatchObject(
          code('SHARE_WRONG', { share: which + 1 }),
        );
      },
    ),
    { numRuns: 60 },
  );
  const row = vault.session.database.prepare('SELECT * FROM recovery').get() as Record<string, Buffer | number>;
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
        : Number(value) + by;
      database.prepare(`UPDATE recovery SET ${name} = ?`).run(hurt);
      // what is opened by its shares alone knows no key for the row's own seal, only the seal of what is in it
      if (name !== 'mac')
        await expect(recoverVaultKey(database, shares)).rejects.toMatchObject({
          code: expect.stringMatching(/^(VAULT_TAMPERED|SHARE_WRONG|SHARE_OTHER_SET|SHARES_TOO_FEW)$/),
        });
      database.close();
      const read = Vault.read(changed, options);
      const { findings } = await verifyVault(await read.unlock(testSecret.passphrase, 'Ana'));
      read.close();
      expect(findings, name).toContain('recovery 1 was changed outside the program');
    }),
    { numRuns: 60 },
  );
});

it('an old row put back, or a removed one, does not pass the check', async () => {
  await make(2, 3);
  const { database } = vault.session;
  const old = database.prepare('SELECT * FROM recovery').get() as Record<string, unknown>;
  await make(2, 3);
  const put = Object.keys(old).map((name) => `${name} = @${name}`);
  database.prepare(`UPDATE recovery SET ${put.join(', ')}`).run(old);
  expect((await verifyVault(vault.session)).findings.join()).toContain('the recovery shares are of set');
  database.prepare('DELETE FROM recovery').run();
  expect((await verifyVault(vault.session)).findings.join()).toContain('the recovery shares are of set none');
});

it('a vault of the version before gets shares after it was brought to this one', async () => {
  await provision(vault.session, testPlan());
  const devices = vault.session.tables.device.where('1 = 1').length;
  vault.close();
  backToVersion(file, 6);
  vault = Vault.open(file, options);
  expect(vault.copyBeforeMigration).toBe(`${file}.before-v${migrations.at(-1)?.number}`);
  await vault.unlock(testSecret.passphrase, 'Ana');
  expect(vault.session.tables.device.where('1 = 1')).toHaveLength(devices);
  expect(await verifyVault(vault.session)).toMatchObject({ sound: true });
  const shares = await make(2, 2);
  expect(await drillShares(vault.session, shares)).toEqual([1, 2]);
  expect(await verifyVault(vault.session)).toMatchObject({ sound: true });
  // what the migration left behind knows nothing of the shares and goes with the other copies
  expect(listCopies(file).map(({ kind }) => kind)).toEqual(['sound']);
});
