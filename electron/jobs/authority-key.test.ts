import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { authoritiesOf } from '../authority/lookup.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { copyPath, keepCopy, listCopies } from '../vault/copies.ts';
import { Vault } from '../vault/vault.ts';
import { takeOffline } from './authority-key.ts';
import { provision } from './provision.ts';

/** What is beside the vault once an authority's key is kept elsewhere. */
let folder: string;
let file: string;
let vault: Vault;
let projectId: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-key-'));
  file = join(folder, 'v.fieldkey');
  vault = await testVault(file);
  ({ projectId } = await provision(vault.session, testPlan({ devices: [{ pattern: 'm-{1..2}' }] })));
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const root = () => authoritiesOf(vault.session, projectId)[0] as { id: number; key_id: number };

/** How many of the copies beside the vault open the root's key with the vault's own passphrase. */
async function copiesWithKey(): Promise<{ copies: number; withKey: number }> {
  const copies = listCopies(file);
  let withKey = 0;
  for (const { name } of copies) {
    const copy = Vault.read(copyPath(file, name), { kdfCost: testKdfCost });
    try {
      const session = await copy.unlock(testSecret.passphrase, testSecret.operator);
      if (Buffer.isBuffer(session.tables.privateKey.get(root().key_id)?.sealed)) withKey++;
    } finally {
      copy.close();
    }
  }
  return { copies: copies.length, withKey };
}

it('leaves no copy beside the vault that opens the key', async () => {
  expect(keepCopy(vault.session.database, file)).not.toBeNull();
  await provision(vault.session, testPlan({ project: 'second', devices: [{ pattern: 'n-{1..2}' }] }));
  expect(keepCopy(vault.session.database, file)).not.toBeNull();
  expect(await copiesWithKey()).toEqual({ copies: 2, withKey: 2 });

  await takeOffline(vault.session, root().id, { directory: folder, passphrase: 'kept in the safe of the plant' });
  expect(await copiesWithKey()).toEqual({ copies: 1, withKey: 0 });

  // what is kept when it is locked and opened again has none either
  vault.close();
  vault = await Vault.open(file, { kdfCost: testKdfCost });
  await vault.unlock(testSecret.passphrase, testSecret.operator);
  keepCopy(vault.session.database, file);
  expect(await copiesWithKey()).toMatchObject({ withKey: 0 });
});
