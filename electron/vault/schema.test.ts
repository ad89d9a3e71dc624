import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { provision } from '../jobs/provision.ts';
import { Vault } from './vault.ts';

let folder: string;
let file: string;
let vault: Vault;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-schema-'));
  file = join(folder, 'v.fieldkey');
  vault = await testVault(file);
  await provision(vault.session, testPlan());
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Changes the closed file as somebody with a SQLite shell would, and unlocks it. */
async function changed(sql: string) {
  vault.close();
  const database = new Sqlite(file);
  database.exec(sql);
  database.close();
  vault = Vault.open(file, { kdfCost: testKdfCost });
  return vault.unlock(testSecret.passphrase, 'Ana');
}
const entriesIn = () => {
  const database = new Sqlite(file, { readonly: true });
  try {
    return Number(database.prepare('SELECT count(*) FROM audit').pluck().get());
  } finally {
    database.close();
  }
};

it.each([
  ['a trigger', 'CREATE TRIGGER spy AFTER INSERT ON audit BEGIN UPDATE vault SET last_operator = 1; END'],
  ['a view', 'CREATE VIEW people AS SELECT name FROM device'],
  ['a table', 'CREATE TABLE notes (a)'],
  ['an index less', 'DROP INDEX certificate_of_device'],
])('%s from outside is found before anything is written; what there is can be read', async (_, sql) => {
  const before = vault.session.audit.head.count;
  const session = await changed(sql);
  expect(session.trouble).toMatchObject({ kind: 'damaged', detail: expect.stringMatching(/is missing|not as the program made/) });
  expect(session.tables.device.where('1 = 1')).toHaveLength(2);
  expect(() => session.write(() => 0)).toThrow('VAULT_DAMAGED');
  vault.close();
  expect(entriesIn()).toBe(before);
});

it.each([
  'ALTER TABLE draft RENAME COLUMN content TO kontent',
  'ALTER TABLE device RENAME TO devhce',
  'PRAGMA foreign_keys = OFF; DROP TABLE certificate',
  'DROP TABLE migration',
])('a damage that leaves no table to read is told as one: %s', async (sql) => {
  await expect(changed(sql)).rejects.toMatchObject({ code: 'VAULT_DAMAGED' });
});

it('a derivation that would take more than seconds is refused before it is begun', async () => {
  for (const change of ['kdf_n = 131072, kdf_p = 16', 'kdf_n = 2, kdf_r = 8388608', 'kdf_n = 2097152, kdf_r = 8'])
    await expect(changed(`UPDATE vault SET ${change}`), change).rejects.toMatchObject({ code: 'VAULT_TAMPERED' });
});
