import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateEcKey } from '../pki/keys.ts';
import { loadDraft, saveDraft } from './draft.ts';
import { migrations } from './migrations.ts';
import type { VaultSession } from './session.ts';
import { Vault } from './vault.ts';
import { verifyVault } from './verify.ts';

const secret = { passphrase: 'correct horse battery', operator: 'Ana' };
const kdfCost = { n: 2 ** 10, r: 8, p: 1 };
let folder: string;
let file: string;
let vault: Vault;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-migration-'));
  file = join(folder, 'v.fieldkey');
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Rows as version 1 wrote them, through the tables that both versions have. */
function fill(session: VaultSession): { projectId: number; deviceId: number; keyId: number } {
  const key = generateEcKey('p256');
  return session.write((log) => {
    const keyId = session.addKey(key);
    const project = { name: 'lab', name_folded: 'lab', subject: '{}', device_days: 365, created_at: 1 };
    const projectId = session.tables.project.insert(project);
    log('project.create', { projectId, subject: 'lab' });
    const device = { name: 'm-1', name_folded: 'm-1', role: 'device', created_at: 1, retired_at: null };
    const deviceId = session.tables.device.insert({ project_id: projectId, ...device });
    log('device.add', { projectId, subject: 'm-1', detail: { role: 'device' } });
    // an export of version 1: an entry, no record
    log('export.write', { projectId, subject: '/media/stick/lab', detail: { devices: 1, files: 13, keysEncrypted: false } });
    return { projectId, deviceId, keyId };
  });
}

/** A vault file whose schema, recorded migrations and user_version are those of version 1, with data in it. */
async function versionOne(): Promise<ReturnType<typeof fill>> {
  vault = await Vault.create(file, secret, { kdfCost });
  const made = fill(vault.session);
  vault.close();
  const database = new Sqlite(file);
  database.exec('DROP TABLE export_item; DROP TABLE export; DROP TABLE draft; DELETE FROM migration WHERE number > 1');
  database.pragma('user_version = 1');
  database.close();
  return made;
}

/** The schema as SQLite has it. */
function schemaOf(path: string): unknown {
  const database = new Sqlite(path, { readonly: true });
  try {
    return database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all();
  } finally {
    database.close();
  }
}

describe('migration 2', () => {
  it('starts from what version 1 really made, and ends where a new vault begins', async () => {
    await versionOne();
    const bare = new Sqlite(join(folder, 'bare'));
    bare.exec(migrations[0]?.sql ?? '');
    bare.close();
    expect(schemaOf(file)).toEqual(schemaOf(join(folder, 'bare')));
    vault = Vault.open(file, { kdfCost });
    vault.close();
    const fresh = join(folder, 'fresh.fieldkey');
    (await Vault.create(fresh, secret, { kdfCost })).close();
    expect(schemaOf(file)).toEqual(schemaOf(fresh));
  });

  it('keeps everything, makes a copy before, and the vault stays sound', async () => {
    const made = await versionOne();
    vault = Vault.open(file, { kdfCost });
    expect(vault.copyBeforeMigration).toBe(`${file}.before-v2`);
    expect(existsSync(`${file}.before-v2`)).toBe(true);
    const session = await vault.unlock(secret.passphrase, 'Ana');
    expect(session.tables.project.get(made.projectId)?.name).toBe('lab');
    expect(session.tables.device.get(made.deviceId)?.name).toBe('m-1');
    expect(session.openKey(made.keyId).pkcs8.length).toBeGreaterThan(0);
    expect(session.tables.export.where('1 = 1')).toEqual([]);
    expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
  });
});

describe('the draft', () => {
  it('survives a restart, is replaced by the next one and forgotten by null', async () => {
    vault = await Vault.create(file, secret, { kdfCost });
    expect(loadDraft(vault.session)).toBeNull();
    saveDraft(vault.session, '{"step":1}');
    saveDraft(vault.session, '{"step":2,"city":"Córdoba"}');
    vault.close();
    vault = Vault.open(file, { kdfCost });
    const session = await vault.unlock(secret.passphrase, 'Ben');
    expect(loadDraft(session)).toBe('{"step":2,"city":"Córdoba"}');
    saveDraft(session, null);
    expect(loadDraft(session)).toBeNull();
    expect(session.tables.draft.where('1 = 1')).toHaveLength(1);
    expect(await verifyVault(session)).toMatchObject({ sound: true });
  });
});
