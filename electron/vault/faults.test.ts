import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { issueDevices } from '../authority/issue-devices.ts';
import { projectByName } from '../authority/lookup.ts';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { provision } from '../jobs/provision.ts';
import { copiesFolder, copiesKept, listCopies } from './copies.ts';
import { restoreCopy } from './restore.ts';
import type { VaultSession } from './session.ts';
import { Vault } from './vault.ts';
import { verifyVault } from './verify.ts';

const options = { kdfCost: testKdfCost };
let folder: string;
let file: string;
const opened: Vault[] = [];
const mounts: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-faults-'));
  file = join(folder, 'v.fieldkey');
});
afterEach(() => {
  for (const vault of opened.splice(0)) vault.close();
  for (const at of mounts.splice(0)) execFileSync('umount', [at]);
  rmSync(folder, { recursive: true, force: true });
});

function open(at = file, more = {}): Vault {
  const vault = Vault.open(at, { ...options, ...more });
  opened.push(vault);
  return vault;
}
async function unlocked(at = file, more = {}): Promise<VaultSession> {
  return open(at, more).unlock(testSecret.passphrase, 'Ana');
}
async function filled(at = file): Promise<void> {
  const vault = await testVault(at);
  await provision(vault.session, testPlan());
  vault.close();
}
const devices = (session: VaultSession) => session.tables.device.where('1 = 1 ORDER BY id').map((row) => row.name);
const issue = (session: VaultSession, ids: readonly string[]) =>
  issueDevices(
    session,
    projectByName(session, 'lab')?.id ?? 0,
    ids.map((id) => ({ id, role: 'device' as const })),
    { key: 'p256', days: 365 },
  );
/** Only where this process may mount: build machines run as root, a developer's computer does not. */
const mayMount =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  (() => {
    const at = mkdtempSync(join(tmpdir(), 'fieldkey-mount-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', at], { stdio: 'ignore' });
      execFileSync('umount', [at]);
      return true;
    } catch {
      return false;
    } finally {
      rmSync(at, { recursive: true });
    }
  })();
function mounted(name: string, size: string): string {
  const at = join(folder, name);
  mkdirSync(at);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', at]);
  mounts.push(at);
  return at;
}

describe('a full disk', () => {
  async function fillUp(session: VaultSession): Promise<string[]> {
    const before = devices(session);
    const ids = Array.from({ length: 3000 }, (_, i) => `full-${i}`);
    await expect(issue(session, ids)).rejects.toMatchObject({ code: 'VAULT_FULL' });
    const after = devices(session);
    expect(after.length).toBeGreaterThanOrEqual(before.length);
    expect(await verifyVault(session)).toMatchObject({ sound: true });
    return after;
  }

  it('keeps what was committed and says what is the matter', async () => {
    await filled();
    const vault = open();
    const session = await vault.unlock(testSecret.passphrase, 'Ana');
    const pages = Number(session.database.pragma('page_count', { simple: true }));
    session.database.pragma(`max_page_count = ${pages + 40}`);
    const kept = await fillUp(session);
    // room again: it goes on in the same session
    session.database.pragma('max_page_count = 1000000');
    await issue(session, ['after']);
    vault.close();
    expect(devices(await unlocked())).toEqual([...kept, 'after']);
  });

  it.runIf(mayMount)('also on a medium that really has no room', async () => {
    const stick = mounted('stick', '2m');
    await filled(join(stick, 'v.fieldkey'));
    const vault = open(join(stick, 'v.fieldkey'));
    const kept = await fillUp(await vault.unlock(testSecret.passphrase, 'Ana'));
    vault.close();
    execFileSync('mount', ['-o', 'remount,size=20m', stick]);
    const session = await unlocked(join(stick, 'v.fieldkey'));
    expect(devices(session)).toEqual(kept);
    await issue(session, ['after']);
  });
});

describe('a protected medium', () => {
  it.runIf(mayMount)(
    'is read, also with the log of a crash beside the vault, and refuses to be written with the reason',
    async () => {
      const stick = mounted('stick', '20m');
      const at = join(stick, 'v.fieldkey');
      await filled(at);
      // as after a power cut: the last acts are in the write-ahead log only
      const vault = open(at);
      await issue(await vault.unlock(testSecret.passphrase, 'Ana'), ['in-the-log']);
      for (const end of ['', '-wal']) copyFileSync(at + end, join(stick, `crashed${end}`));
      vault.close();
      execFileSync('mount', ['-o', 'remount,ro', stick]);
      const session = await unlocked(join(stick, 'crashed'));
      expect(session.trouble).toMatchObject({ kind: 'protected' });
      expect(devices(session)).toContain('in-the-log');
      expect(await verifyVault(session)).toMatchObject({ sound: true });
      await expect(issue(session, ['x'])).rejects.toMatchObject({ code: 'VAULT_READ_ONLY' });
      expect(() => session.write(() => 0)).toThrow('VAULT_READ_ONLY');
      execFileSync('mount', ['-o', 'remount,rw', stick]);
      await issue(await unlocked(join(stick, 'crashed')), ['x']);
    },
  );
});

describe('a file that is removed or replaced while it is open', () => {
  it.each(['removed', 'moved', 'replaced'])('%s: nothing is written any more, and what is open can be saved', async (how) => {
    await filled();
    const vault = open();
    const session = await vault.unlock(testSecret.passphrase, 'Ana');
    await issue(session, ['before']);
    const other = join(folder, 'other.fieldkey');
    if (how === 'replaced') await testVault(other).then((made) => made.close());
    if (how === 'moved') renameSync(file, join(folder, 'elsewhere'));
    else rmSync(file);
    if (how === 'replaced') renameSync(other, file);
    await expect(issue(session, ['after'])).rejects.toMatchObject({ code: 'VAULT_GONE' });
    expect(session.trouble).toEqual({ kind: 'gone' });
    expect(devices(session)).toContain('before');
    const saved = join(folder, 'saved.fieldkey');
    vault.saveCopy(saved);
    expect(statSync(saved).mode & 0o777).toBe(0o600);
    const again = await unlocked(saved);
    expect(devices(again)).toEqual([...devices(session)]);
    expect(devices(again)).not.toContain('after');
    expect(await verifyVault(again)).toMatchObject({ sound: true });
  });

  it('does not give the log of the lost file to a new vault of the same name', async () => {
    await filled();
    const vault = open();
    await issue(await vault.unlock(testSecret.passphrase, 'Ana'), ['before']);
    copyFileSync(`${file}-wal`, join(folder, 'log'));
    vault.close();
    rmSync(file);
    copyFileSync(join(folder, 'log'), `${file}-wal`);
    const made = await testVault(file);
    opened.push(made);
    expect(made.session.tables.project.where('1 = 1')).toEqual([]);
    expect(await verifyVault(made.session)).toMatchObject({ sound: true });
    expect(readdirSync(folder).filter((name) => name.includes('.damaged-') && name.endsWith('-wal'))).toHaveLength(1);
  });
});

describe('a damaged file', () => {
  it('is opened for reading with what is left, not touched, and replaced by the newest sound copy', async () => {
    await filled();
    const first = open();
    await issue(await first.unlock(testSecret.passphrase, 'Ana'), ['kept-1', 'kept-2']);
    await first.check();
    first.close();
    expect(listCopies(file)).toHaveLength(1);
    const bytes = readFileSync(file);
    const size = bytes.readUInt16BE(16);
    let shown = 0;
    let unreadable = 0;
    for (let page = 1; page < bytes.length / size; page++) {
      const hurt = Buffer.from(bytes);
      // header of the page's tree and a stretch of its cells
      hurt.fill(0xa5, page * size, page * size + 12);
      hurt.fill(0x5a, page * size + size - 200, page * size + size - 100);
      writeFileSync(file, hurt);
      let vault: Vault;
      try {
        vault = open();
      } catch (error) {
        expect(error, `page ${page}`).toMatchObject({ code: 'VAULT_DAMAGED' });
        unreadable++;
        continue;
      }
      try {
        const session = await vault.unlock(testSecret.passphrase, 'Ana');
        if (session.trouble === null) await vault.check();
        expect(session.trouble, `page ${page}`).toMatchObject({ kind: 'damaged' });
        expect(() => session.write(() => 0)).toThrow('VAULT_DAMAGED');
        for (const table of Object.values(session.tables)) table.where('1 = 1');
        shown++;
      } catch (error) {
        // the wrapped key itself, or a table that is needed to open
        expect((error as { code?: string }).code, `page ${page}`).toMatch(/VAULT_DAMAGED|PASSPHRASE_WRONG|VAULT_TAMPERED/);
        unreadable++;
      } finally {
        vault.close();
        opened.pop();
      }
    }
    expect(shown).toBeGreaterThan(5);
    expect(shown).toBeGreaterThan(unreadable);

    const damaged = readFileSync(file);
    const [newest] = listCopies(file);
    const kept = await restoreCopy(file, newest?.name ?? '', testSecret, options);
    expect(readFileSync(kept ?? '').equals(damaged)).toBe(true);
    const session = await unlocked();
    expect(session.trouble).toBeNull();
    expect(devices(session)).toContain('kept-2');
    await issue(session, ['goes-on']);
  });

  it('restores no copy that is damaged itself or belongs to another passphrase', async () => {
    await filled();
    const vault = open();
    await vault.unlock(testSecret.passphrase, 'Ana');
    await vault.check();
    vault.close();
    const before = readFileSync(file);
    const [copy] = listCopies(file);
    const path = join(copiesFolder(file), copy?.name ?? '');
    const wrong = { passphrase: 'not this one at all', operator: 'Ana' };
    await expect(restoreCopy(file, copy?.name ?? '', wrong, options)).rejects.toMatchObject({ code: 'PASSPHRASE_WRONG' });
    const bytes = readFileSync(path);
    bytes[bytes.indexOf('meter-001')] = 0x4d;
    writeFileSync(path, bytes);
    await expect(restoreCopy(file, copy?.name ?? '', testSecret, options)).rejects.toMatchObject({ code: 'COPY_UNSOUND' });
    await expect(restoreCopy(file, '../v.fieldkey', testSecret, options)).rejects.toMatchObject({ code: 'VAULT_NOT_FOUND' });
    expect(readFileSync(file).equals(before)).toBe(true);
  });
});

describe('the copies of a sound vault', () => {
  it('are made when something changed, few, and readable by their owner only', async () => {
    await filled();
    for (let round = 0; round < copiesKept + 3; round++) {
      const vault = open();
      const session = await vault.unlock(testSecret.passphrase, 'Ana');
      await vault.check();
      if (round > 1) await issue(session, [`r-${round}`]);
      vault.close();
      if (round === 1) expect(listCopies(file), 'nothing changed').toHaveLength(1);
    }
    const copies = listCopies(file);
    expect(copies).toHaveLength(copiesKept);
    for (const { name } of copies) expect(statSync(join(copiesFolder(file), name)).mode & 0o777).toBe(0o600);
    expect(readdirSync(copiesFolder(file)).some((name) => name.endsWith('.new'))).toBe(false);
    // the last act is in the newest copy: it was made when the vault was closed
    rmSync(file);
    expect(await restoreCopy(file, copies[0]?.name ?? '', testSecret, options)).toBeNull();
    expect(devices(await unlocked())).toContain(`r-${copiesKept + 2}`);
    expect(existsSync(`${file}.restored`)).toBe(false);
  });
});

describe('the clock', () => {
  const day = 86_400_000;
  it.each([
    ['an hour back', -day / 24],
    ['before the authority', -400 * day],
    ['in 1970', -Date.now() + 1000],
    ['seventy days ahead', 70 * day],
    ['a year ahead', 365 * day],
    ['ten years ahead', 3653 * day],
  ])('%s: nothing is issued, both times are named; a person can confirm it', async (_, shift) => {
    await filled();
    const started = Date.now();
    const session = await unlocked(file, { now: () => Date.now() + shift });
    const trouble = session.trouble;
    expect(trouble).toMatchObject({ kind: 'clock' });
    if (trouble?.kind !== 'clock') return;
    expect(Math.abs(trouble.known - started)).toBeLessThan(60_000);
    expect(Math.abs(trouble.clock - started - shift)).toBeLessThan(60_000);
    const before = session.audit.head.count;
    await expect(issue(session, ['x'])).rejects.toMatchObject({ code: 'CLOCK_WRONG', params: { known: trouble.known } });
    expect(session.audit.head.count).toBe(before);
    // a later session with the right clock is not confused by what the wrong one wrote
    opened.pop()?.close();
    const right = await unlocked();
    expect(right.trouble).toBeNull();
    await issue(right, ['y']);
    opened.pop()?.close();
    if (shift !== -day / 24) return;
    const again = await unlocked(file, { now: () => Date.now() + shift });
    again.confirmClock();
    expect(again.trouble).toBeNull();
    await issue(again, ['x']);
    expect(await verifyVault(again)).toMatchObject({ sound: true });
  });

  it('may be minutes off, and the vault may rest for weeks', async () => {
    await filled();
    for (const shift of [-5 * 60_000, 50 * day]) {
      const session = await unlocked(file, { now: () => Date.now() + shift });
      expect(session.trouble).toBeNull();
      opened.pop()?.close();
    }
  });

  it('is asked about once after a year in a drawer: what was confirmed is in the log, and holds', async () => {
    await filled();
    const later = { now: () => Date.now() + 365 * day };
    const session = await unlocked(file, later);
    await expect(issue(session, ['x'])).rejects.toMatchObject({ code: 'CLOCK_WRONG' });
    session.confirmClock();
    await issue(session, ['x']);
    const confirmed = session.database.prepare("SELECT count(*) FROM audit WHERE action = 'clock.confirm'").pluck().get();
    expect(confirmed).toBe(1);
    expect(await verifyVault(session)).toMatchObject({ sound: true });
    opened.pop()?.close();
    const next = await unlocked(file, later);
    expect(next.trouble).toBeNull();
    await issue(next, ['y']);
    // and now the clock of a year ago is the wrong one
    opened.pop()?.close();
    expect((await unlocked(file)).trouble).toMatchObject({ kind: 'clock' });
  });
});
