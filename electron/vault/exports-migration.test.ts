import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateEcKey } from '../pki/keys.ts';
import { loadDraft, saveDraft } from './draft.ts';
import { migrations } from './migrations.ts';
import type { VaultSession } from './session.ts';
import { backToVersion } from './testing/older-schema.ts';
import { Vault } from './vault.ts';
import { verifyVault } from './verify.ts';

const secret = { passphrase: 'correct horse battery', operator: 'Ana' };
/** Opening an older vault brings it to this version. */
const newest = migrations.at(-1)?.number;
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
  backToVersion(file, 1);
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
    expect(vault.copyBeforeMigration).toBe(`${file}.before-v${newest}`);
    expect(existsSync(`${file}.before-v${newest}`)).toBe(true);
    const session = await vault.unlock(secret.passphrase, 'Ana');
    expect(session.tables.project.get(made.projectId)?.name).toBe('lab');
    expect(session.tables.device.get(made.deviceId)?.name).toBe('m-1');
    expect(session.openKey(made.keyId).pkcs8.length).toBeGreaterThan(0);
    expect(session.tables.export.where('1 = 1')).toEqual([]);
    expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
  });
});

/** An export as version 2 recorded it when it had been written: one row, its bundles, one entry. */
function recordAsVersionTwo(session: VaultSession, { projectId, deviceId, keyId }: ReturnType<typeof fill>): number {
  return session.write((log) => {
    const certificateId = session.tables.certificate.insert({
      project_id: projectId,
      kind: 'device',
      issuer_id: null,
      authority_id: null,
      device_id: deviceId,
      broker_id: null,
      key_id: keyId,
      serial: Buffer.from('01', 'hex'),
      common_name: 'm-1',
      not_before: 0,
      not_after: 4_102_444_800_000,
      fingerprint: Buffer.alloc(32, 7),
      der: Buffer.alloc(1),
      status: 'valid',
      revoked_at: null,
      revocation_reason: null,
      predecessor_id: null,
      created_at: 1,
    });
    log('certificate.issue', { projectId, subject: 'm-1', detail: { fingerprint: Buffer.alloc(32, 7).toString('hex') } });
    const row = {
      project_id: projectId,
      at: 1,
      operator: 'Ana',
      medium_label: 'FIELD',
      volume_id: '4F9A-1C22',
      directory: '/media/field/lab',
      with_broker: 0 as const,
      broker_key_id: null,
      keys_encrypted: 0 as const,
      kit_files: '{}',
      files: 6,
      audit_head: '',
    };
    const exportId = session.tables.export.insert(row);
    log('export.write', { projectId, subject: row.directory, detail: { export: exportId, bundles: 1, devices: 1, files: 6 } });
    session.tables.export.update({ ...row, id: exportId, audit_head: session.audit.head.mac });
    const item = { export_id: exportId, device_id: deviceId, certificate_id: certificateId, key_id: keyId, basis: null };
    session.tables.exportItem.insert(item);
    return exportId;
  });
}

describe('migration 3', () => {
  async function versionTwo(): Promise<number> {
    vault = await Vault.create(file, secret, { kdfCost });
    const exportId = recordAsVersionTwo(vault.session, fill(vault.session));
    vault.close();
    backToVersion(file, 2);
    return exportId;
  }

  it('starts from what version 2 really made, and ends where a new vault begins', async () => {
    await versionTwo();
    const bare = new Sqlite(join(folder, 'bare'));
    for (const { sql } of migrations.slice(0, 2)) bare.exec(sql);
    bare.close();
    expect(schemaOf(file)).toEqual(schemaOf(join(folder, 'bare')));
    vault = Vault.open(file, { kdfCost });
    vault.close();
    const fresh = join(folder, 'fresh.fieldkey');
    (await Vault.create(fresh, secret, { kdfCost })).close();
    expect(schemaOf(file)).toEqual(schemaOf(fresh));
  });

  it('leaves every earlier export finished, with its bundles and its seal', async () => {
    const exportId = await versionTwo();
    vault = Vault.open(file, { kdfCost });
    const session = await vault.unlock(secret.passphrase, 'Ana');
    expect(session.tables.export.get(exportId)).toMatchObject({ medium_label: 'FIELD', volume_id: '4F9A-1C22', files: 6 });
    expect(session.tables.exportItem.where('export_id = ?', exportId)).toHaveLength(1);
    expect(session.tables.exportOutcome.where('1 = 1')).toEqual([]);
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
