import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { issuingAuthority } from '../authority/lookup.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { addDevices } from '../jobs/add-devices.ts';
import { exportProject } from '../jobs/export-project.ts';
import { provision } from '../jobs/provision.ts';
import { renewDevices } from '../jobs/renew.ts';
import { revokeAndPublish } from '../jobs/revoke.ts';
import { listCopies } from './copies.ts';
import { addKeychain } from './keychain.ts';
import { migrations } from './migrations.ts';
import { makeShares } from './recovery.ts';
import { schemaProblem } from './schema.ts';
import type { VaultSession } from './session.ts';
import { backToVersion } from './testing/older-schema.ts';
import { Vault } from './vault.ts';
import { verifyVault } from './verify.ts';

let folder: string;
let file: string;
let vault: Vault;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-migrations-'));
  file = join(folder, 'v.fieldkey');
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What nobody may lose: who there is, with which certificates and keys, and what was recorded. */
const contents = ({ tables, database }: VaultSession) => ({
  devices: tables.device.where('1 = 1 ORDER BY id').map(({ name, role }) => `${name} ${role}`),
  certificates: tables.certificate.where('1 = 1 ORDER BY id').map(({ fingerprint }) => fingerprint.toString('hex')),
  keys: tables.privateKey.where('1 = 1 ORDER BY id').map(({ spki_sha256: hash }) => hash.toString('hex')),
  lists: tables.crl.where('1 = 1 ORDER BY id').map(({ number }) => number),
  trust: tables.trust.where('1 = 1 ORDER BY id').map(({ purpose, certificate_id: id }) => `${purpose} ${id}`),
  entries: database.prepare<[], string>("SELECT action FROM audit WHERE action <> 'vault.unlock' ORDER BY seq").pluck().all(),
});

const older = migrations.slice(0, -1).map(({ number, name }) => [number, name] as const);

it.each(older)('a vault of version %i (%s) is brought on with all that is in it, and everything works on it', async (version) => {
  vault = await testVault(file);
  const { projectId } = await provision(vault.session, testPlan());
  const first = vault.session.tables.certificate.where("kind = 'device' ORDER BY id")[0];
  await revokeAndPublish(vault.session, first?.id ?? 0, { reason: 'keyCompromise' });
  const before = contents(vault.session);
  vault.close();
  backToVersion(file, version);

  vault = Vault.open(file, { kdfCost: testKdfCost });
  expect(vault.copyBeforeMigration).toBe(`${file}.before-v${migrations.at(-1)?.number}`);
  expect(listCopies(file).map(({ kind }) => kind)).toContain('migration');
  const session = await vault.unlock(testSecret.passphrase, testSecret.operator);
  expect(session.trouble).toBeNull();
  expect(schemaProblem(session.database, migrations)).toBeNull();
  expect(contents(session)).toEqual(before);
  expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
  for (const { id, sealed } of session.tables.privateKey.where('1 = 1')) if (sealed) session.openKey(id).pkcs8.fill(0);
  // what was copied before is the vault of that version, whole
  const copy = Vault.read(`${file}.before-v${migrations.at(-1)?.number}`, { kdfCost: testKdfCost });
  expect(contents(await copy.unlock(testSecret.passphrase, 'Ana'))).toEqual(before);
  copy.close();

  await addDevices(session, projectId, [{ id: 'after', role: 'device' }]);
  await renewDevices(session, projectId, { mode: 'rekey' });
  await exportProject(session, projectId, { directory: join(folder, 'out'), withBroker: true });
  const { passphrase } = testSecret;
  await addKeychain(session, { slot: '0f'.repeat(16), key: Buffer.alloc(32, 7) }, { passphrase, computer: 'laptop-7' });
  await makeShares(session, file, { passphrase, threshold: 2, count: 3 });
  expect(issuingAuthority(session, projectId).state).toBe('active');
  expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
});
