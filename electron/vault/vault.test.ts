import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../shared/errors.ts';
import { generateEcKey } from '../pki/keys.ts';
import { migrations } from './migrations.ts';
import { Vault } from './vault.ts';
import { verifyVault } from './verify.ts';

const secret = { passphrase: 'correct horse battery', operator: 'Ana' };
/** Cheap for tests; the real cost is measured by the benchmark. */
const kdfCost = { n: 2 ** 10, r: 8, p: 1 };
let folder: string;
let file: string;
const opened: Vault[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-vault-'));
  file = join(folder, 'fleet.fieldkey');
});
afterEach(() => {
  for (const vault of opened.splice(0)) vault.close();
  rmSync(folder, { recursive: true, force: true });
});

async function create(): Promise<Vault> {
  const vault = await Vault.create(file, secret, { kdfCost });
  opened.push(vault);
  return vault;
}
function open(options = {}): Vault {
  const vault = Vault.open(file, { kdfCost, ...options });
  opened.push(vault);
  return vault;
}
async function codeOf(work: () => unknown): Promise<ErrorCode | 'none'> {
  try {
    await work();
    return 'none';
  } catch (error) {
    return (error as { code: ErrorCode }).code;
  }
}
/** A project with one key, as the authority would store it. */
function addProject(vault: Vault, name = 'lab'): { projectId: number; keyId: number; pkcs8: string } {
  const key = generateEcKey('p256');
  const { session } = vault;
  return session.write((log) => {
    const keyId = session.addKey(key);
    const projectId = session.tables.project.insert({ name, name_folded: name, subject: '{}', device_days: 365, created_at: 1 });
    log('project.create', { projectId, subject: name });
    return { projectId, keyId, pkcs8: key.pkcs8.toString('hex') };
  });
}
/** Edits the closed vault's file as an attacker with a SQLite shell would. */
function edit(sql: string): void {
  for (const vault of opened.splice(0)) vault.close();
  const database = new Sqlite(file);
  database.exec(sql);
  database.close();
}

describe('vault', () => {
  it('keeps what was stored, and its key only for the passphrase', async () => {
    const made = addProject(await create());
    opened.pop()?.close();
    const vault = open();
    expect(vault.lastOperator).toBe('Ana');
    expect(await codeOf(() => vault.session)).toBe('VAULT_LOCKED');
    expect(await codeOf(() => vault.unlock('correct horse batterz', 'Ben'))).toBe('PASSPHRASE_WRONG');
    const session = await vault.unlock(secret.passphrase, 'Ben');
    expect(session.openKey(made.keyId).pkcs8.toString('hex')).toBe(made.pkcs8);
    vault.lock();
    expect(await codeOf(() => session.openKey(made.keyId))).toBe('VAULT_LOCKED');
    expect(await codeOf(() => session.write(() => 0))).toBe('VAULT_LOCKED');
  });

  it('holds no key and no passphrase in the clear', async () => {
    const made = addProject(await create());
    opened.pop()?.close();
    const bytes = readFileSync(file);
    expect(bytes.includes(Buffer.from(made.pkcs8, 'hex'))).toBe(false);
    // the private scalar alone, wherever it might lie
    expect(bytes.includes(Buffer.from(made.pkcs8, 'hex').subarray(36, 68))).toBe(false);
    expect(bytes.includes(secret.passphrase)).toBe(false);
  });

  it('accepts the passphrase however the keyboard composed its letters', async () => {
    const vault = await Vault.create(file, { passphrase: 'contrase\u00f1a segura', operator: 'Ana' }, { kdfCost });
    opened.push(vault);
    vault.lock();
    await vault.unlock('contrasen\u0303a segura', 'Ana');
  });

  it('refuses a short passphrase and an existing file, and leaves no half-made file', async () => {
    expect(await codeOf(() => Vault.create(file, { ...secret, passphrase: 'elevenchars' }, { kdfCost }))).toBe('PASSPHRASE_WEAK');
    expect(readdirSync(folder)).toEqual([]);
    writeFileSync(file, 'my letter to the bank');
    expect(await codeOf(create)).toBe('VAULT_EXISTS');
    expect(readFileSync(file, 'utf8')).toBe('my letter to the bank');
    expect(await codeOf(() => Vault.create(join(folder, 'no', 'such', 'vault'), secret, { kdfCost }))).toBe('VAULT_NOT_WRITABLE');
  });

  it('is readable by its owner only', async () => {
    addProject(await create());
    if (process.platform === 'win32') return;
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077, name).toBe(0);
  });

  it('says what is not a vault', async () => {
    expect(await codeOf(() => open())).toBe('VAULT_NOT_FOUND');
    writeFileSync(file, 'x'.repeat(5000));
    expect(await codeOf(() => open())).toBe('VAULT_NOT_A_VAULT');
    rmSync(file);
    new Sqlite(file).exec('CREATE TABLE t (a)').close();
    expect(await codeOf(() => open())).toBe('VAULT_NOT_A_VAULT');
  });

  it('refuses a second instance, in this process and in another, and lets go when the holder dies', async () => {
    addProject(await create());
    expect(await codeOf(() => open())).toBe('VAULT_IN_USE');
    opened.pop()?.close();
    const script = `const D=require('better-sqlite3');const d=new D(process.argv[1]);d.pragma('locking_mode=EXCLUSIVE');d.pragma('journal_mode=WAL');d.exec('BEGIN IMMEDIATE;COMMIT');console.log('held');setInterval(()=>{},1e3)`;
    const child = spawn(process.execPath, ['-e', script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(await codeOf(() => open())).toBe('VAULT_IN_USE');
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    await open().unlock(secret.passphrase, 'Ana');
  });

  it('refuses a vault of a newer version and leaves it alone', async () => {
    await create();
    edit('PRAGMA user_version = 99');
    const before = readFileSync(file);
    expect(await codeOf(() => open())).toBe('VAULT_FROM_FUTURE');
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('refuses a schema that is not the recorded one', async () => {
    await create();
    edit('UPDATE migration SET sha256 = zeroblob(32)');
    expect(await codeOf(() => open())).toBe('VAULT_DAMAGED');
  });

  it('copies the vault before it migrates, and keeps both when a migration fails', async () => {
    const made = addProject(await create());
    opened.pop()?.close();
    const next = (migrations.at(-1)?.number ?? 0) + 1;
    const second = { number: next, name: 'second', sql: 'CREATE TABLE extra (a INTEGER) STRICT;' };
    const failing = { ...second, sql: 'CREATE TABLE extra (a INTEGER) STRICT; INSERT INTO nowhere VALUES (1);' };
    expect(() => open({ migrations: [...migrations, failing] })).toThrow();
    expect(existsSync(`${file}.before-v${next}`)).toBe(true);
    const unchanged = open();
    await unchanged.unlock(secret.passphrase, 'Ana');
    unchanged.close();
    const vault = open({ migrations: [...migrations, second] });
    expect(vault.copyBeforeMigration).toBe(`${file}.before-v${next}-1`);
    expect((await vault.unlock(secret.passphrase, 'Ana')).openKey(made.keyId).pkcs8.toString('hex')).toBe(made.pkcs8);
    if (process.platform !== 'win32')
      for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077, name).toBe(0);
    const copy = Vault.open(`${file}.before-v${next}-1`, { kdfCost });
    opened.push(copy);
    expect((await copy.unlock(secret.passphrase, 'Ana')).tables.project.get(made.projectId)?.name).toBe('lab');
  });

  it('raises the cost of the passphrase when the default has grown', async () => {
    const made = addProject(await create());
    opened.pop()?.close();
    const vault = open({ kdfCost: { n: 2 ** 11, r: 8, p: 1 } });
    await vault.unlock(secret.passphrase, 'Ana');
    vault.close();
    const database = new Sqlite(file);
    expect(database.prepare('SELECT kdf_n FROM vault').pluck().get()).toBe(2 ** 11);
    database.close();
    expect((await open().unlock(secret.passphrase, 'Ana')).openKey(made.keyId).pkcs8.toString('hex')).toBe(made.pkcs8);
  });

  it('stores all of an act or nothing of it', async () => {
    const vault = await create();
    const head = vault.session.audit.head;
    expect(() =>
      vault.session.write((log) => {
        vault.session.tables.project.insert({ name: 'a', name_folded: 'a', subject: '{}', device_days: 1, created_at: 1 });
        log('project.create', { subject: 'a' });
        throw new Error('in the middle');
      }),
    ).toThrow('in the middle');
    expect(vault.session.audit.head).toEqual(head);
    expect(vault.session.tables.project.where('1 = 1')).toEqual([]);
    addProject(vault);
    expect(await verifyVault(vault.session)).toMatchObject({ sound: true, entries: 2 });
  });

  it.each([
    ['an edited row', "UPDATE project SET name = 'evil'", /project 1 was changed/],
    ['a swapped sealed key', 'UPDATE private_key SET sealed = randomblob(100)', /private_key 1 was changed/],
    ['an edited audit entry', "UPDATE audit SET operator = 'nobody' WHERE seq = 2", /audit entry 2/],
    ['a removed audit entry', 'DELETE FROM audit WHERE seq = 2', /audit entry 3|entries/],
    ['a removed row that others need', 'DELETE FROM private_key', /refers to|missing|never/],
  ])('finds %s', async (_, sql, finding) => {
    const vault = await create();
    const { projectId, keyId } = addProject(vault);
    vault.session.write((log) => {
      vault.session.tables.authority.insert({
        project_id: projectId,
        parent_id: null,
        name: 'r',
        key_id: keyId,
        state: 'active',
        created_at: 1,
      });
      log('authority.create', { projectId, subject: 'r' });
    });
    edit(`PRAGMA foreign_keys = OFF; ${sql}`);
    const session = await open().unlock(secret.passphrase, 'Ana');
    const result = await verifyVault(session);
    expect(result.sound).toBe(false);
    expect(result.findings.join('\n')).toMatch(finding);
  });

  it('refuses to use an edited row', async () => {
    const { projectId } = addProject(await create());
    edit("UPDATE project SET name = 'evil'");
    const session = await open().unlock(secret.passphrase, 'Ana');
    expect(await codeOf(() => session.tables.project.get(projectId))).toBe('VAULT_TAMPERED');
  });

  it.each([
    ['a cut tail', 'DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)'],
    [
      'a cut tail with a fitting count',
      'DELETE FROM audit WHERE seq = 2; UPDATE audit_head SET count = 1, last_mac = (SELECT mac FROM audit WHERE seq = 1)',
    ],
    ['a missing head', 'DELETE FROM audit_head'],
  ])('shows what there is after %s, and writes nothing', async (_, sql) => {
    const { projectId } = addProject(await create());
    edit(sql);
    const session = await open().unlock(secret.passphrase, 'Ana');
    expect(session.trouble).toMatchObject({ kind: 'damaged' });
    expect(session.tables.project.get(projectId)?.name).toBe('lab');
    expect(await codeOf(() => session.write(() => 0))).toBe('VAULT_DAMAGED');
  });

  it('cannot be tricked into a cheaper passphrase derivation', async () => {
    await create();
    edit('UPDATE vault SET kdf_n = 1024, kdf_p = 2');
    expect(await codeOf(() => open().unlock(secret.passphrase, 'Ana'))).toBe('PASSPHRASE_WRONG');
    for (const change of ['kdf_n = 1073741824', 'kdf_n = 4194304, kdf_r = 32', 'kdf_n = 3', 'kdf_n = 1024, kdf_p = 0']) {
      edit(`UPDATE vault SET ${change}`);
      expect(await codeOf(() => open().unlock(secret.passphrase, 'Ana')), change).toBe('VAULT_TAMPERED');
    }
  });

  it('is a database that the sqlite3 program finds sound', async () => {
    addProject(await create());
    opened.pop()?.close();
    const script = `const D=require('better-sqlite3');console.log(new D(process.argv[1],{readonly:true}).pragma('integrity_check',{simple:true}))`;
    expect(execFileSync(process.execPath, ['-e', script, file], { encoding: 'utf8' }).trim()).toBe('ok');
  });
});
