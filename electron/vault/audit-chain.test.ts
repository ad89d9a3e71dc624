import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AuditAction, auditActions, auditGroupOf, auditGroups } from '../../shared/model/audit.ts';
import { AuditList } from './audit-list.ts';
import type { VaultSession } from './session.ts';
import { Vault } from './vault.ts';
import { verifyVault } from './verify.ts';

const secret = { passphrase: 'correct horse battery', operator: 'Ana' };
const kdfCost = { n: 2 ** 10, r: 8, p: 1 };

let scratch = '';
let file = '';
const opened: Vault[] = [];
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'fieldkey-chain-'));
  file = join(scratch, 'v.fieldkey');
});
afterEach(() => {
  for (const vault of opened.splice(0)) vault.close();
  rmSync(scratch, { recursive: true, force: true });
});

/** Small and the same in every run (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Acts that the tables do not have to show. */
const harmless = [
  'vault.unlock',
  'tester.connect',
  'broker.open',
  'authority.create',
  'authority.replace',
  'backup.write',
] as const satisfies readonly AuditAction[];

async function record(acts: number, seed = 1): Promise<VaultSession> {
  const vault = await Vault.create(file, secret, { kdfCost });
  opened.push(vault);
  const next = random(seed);
  for (let act = 0; act < acts; act++) {
    const action = harmless[Math.floor(next() * harmless.length)] ?? 'vault.unlock';
    const several = 1 + Math.floor(next() * 3);
    const fails = next() < 0.2;
    const write = () =>
      vault.session.write((log) => {
        for (let i = 0; i < several; i++)
          log(action, { subject: `s-${act}-${i}`, detail: { serial: Math.floor(next() * 1e9).toString(16) } });
        if (fails) throw new Error('rolled back');
      });
    if (fails) expect(write).toThrow('rolled back');
    else write();
  }
  return vault.session;
}

function close(): void {
  for (const vault of opened.splice(0)) vault.close();
}

async function verifyFile(path = file) {
  const vault = Vault.read(path, { kdfCost });
  try {
    return await verifyVault(await vault.unlock(secret.passphrase, 'Ana'));
  } finally {
    vault.close();
  }
}

/** Does something to a copy of the closed file and checks that copy. */
async function edited(edit: (database: Sqlite.Database) => void) {
  const copy = join(scratch, 'edited.fieldkey');
  copyFileSync(file, copy);
  const database = new Sqlite(copy);
  database.pragma('ignore_check_constraints = ON');
  edit(database);
  database.close();
  return verifyFile(copy);
}

describe('the chain', () => {
  it.each([1, 2, 3, 4, 5])('is whole after random acts, also those that were rolled back (%i)', async (seed) => {
    const session = await record(40, seed);
    const result = await verifyVault(session);
    expect(result).toMatchObject({ sound: true, chain: null, findings: [], entries: session.audit.head.count });
    const { mac } = session.audit.head;
    close();
    expect(await verifyFile()).toMatchObject({ sound: true, head: mac });
  });

  it('names the entry in which any byte of any column is another one', async () => {
    await record(12);
    close();
    const reader = new Sqlite(file, { readonly: true });
    const rows = reader.prepare('SELECT * FROM audit ORDER BY seq').all() as Record<string, string | number | Buffer>[];
    reader.close();
    let flips = 0;
    for (const row of rows) {
      for (const column of ['operator', 'action', 'subject', 'detail', 'mac'] as const) {
        const value = row[column];
        const bytes = Buffer.isBuffer(value) ? value : Buffer.from(String(value));
        // every byte of the first rows, some of the others: each flip opens a vault
        const step = Number(row['seq']) <= 2 ? 1 : 13;
        for (let at = 0; at < bytes.length; at += step) {
          const other = Buffer.from(bytes);
          other[at] = (other[at] ?? 0) ^ 1;
          const stored = column === 'mac' ? other : other.toString('utf8');
          const result = await edited((database) =>
            database.prepare(`UPDATE audit SET ${column} = ? WHERE seq = ?`).run(stored, row['seq']),
          );
          flips++;
          expect(result.sound, `${column} ${at} of ${row['seq']}`).toBe(false);
          expect(result.chain).toMatchObject({ kind: 'entry', seq: row['seq'] });
        }
      }
      const later = await edited((database) => database.prepare('UPDATE audit SET at = at + 1 WHERE seq = ?').run(row['seq']));
      expect(later.chain).toMatchObject({ kind: 'entry', seq: row['seq'] });
      const project = await edited((database) =>
        database.prepare('UPDATE audit SET project_id = 7 WHERE seq = ?').run(row['seq']),
      );
      expect(project.chain).toMatchObject({ kind: 'entry', seq: row['seq'] });
    }
    expect(flips).toBeGreaterThan(300);
  });

  it('names what was removed, moved, exchanged, inserted and cut off', async () => {
    const session = await record(12);
    const { count } = session.audit.head;
    const times = session.database.prepare<[], number>('SELECT at FROM audit ORDER BY seq').pluck().all();
    close();
    const chain = async (sql: string) => (await edited((database) => database.exec(sql))).chain;
    expect(await chain('DELETE FROM audit WHERE seq IN (4, 5)')).toEqual({ kind: 'missing', seq: 4, until: 5, at: times[2] });
    expect(await chain('DELETE FROM audit WHERE seq = 1')).toEqual({ kind: 'missing', seq: 1, until: 1, at: null });
    expect(await chain('DELETE FROM audit')).toEqual({ kind: 'tail', seq: 1, until: count, at: null });
    expect(await chain(`DELETE FROM audit WHERE seq > ${count - 3}`)).toEqual({
      kind: 'tail',
      seq: count - 2,
      until: count,
      at: times[count - 4],
    });
    expect(await chain('UPDATE audit SET seq = -1 WHERE seq = 5')).toMatchObject({ kind: 'entry', seq: -1 });
    expect(await chain('UPDATE audit SET seq = 9223372036854775807 WHERE seq = 5')).toMatchObject({ kind: 'missing', seq: 5 });
    expect(await chain('UPDATE audit SET seq = 9007199254740993 WHERE seq = 5')).toMatchObject({ kind: 'missing', seq: 5 });
    expect(
      await chain(
        'UPDATE audit SET seq = -3 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 6; UPDATE audit SET seq = 6 WHERE seq = -3',
      ),
    ).toMatchObject({ kind: 'entry', seq: 3 });
    expect(
      await chain(
        `INSERT INTO audit SELECT ${count} + 1, at, operator, action, project_id, subject, detail, mac FROM audit WHERE seq = ${count}`,
      ),
    ).toMatchObject({ kind: 'entry', seq: count + 1 });
    expect(await chain("UPDATE audit SET detail = 'null' WHERE seq = 3")).toMatchObject({ kind: 'entry', seq: 3 });
    expect(await chain("UPDATE audit SET detail = 'no json' WHERE seq = 3")).toMatchObject({ kind: 'entry', seq: 3 });
  });

  it('finds a head that is missing, changed, or of an earlier time', async () => {
    const session = await record(6);
    const early = session.database.prepare('SELECT * FROM audit_head').get() as { count: number; last_mac: Buffer; mac: Buffer };
    session.write((log) => log('tester.connect', { subject: 'later' }));
    const { count } = session.audit.head;
    close();
    expect((await edited((database) => database.exec('DELETE FROM audit_head'))).chain).toMatchObject({
      kind: 'head',
      seq: count,
    });
    for (const column of ['mac', 'last_mac']) {
      const bytes = early[column as 'mac'].length;
      for (let at = 0; at < bytes; at += 5) {
        const result = await edited((database) => {
          const stored = database.prepare<[], Buffer>(`SELECT ${column} FROM audit_head`).pluck().get();
          if (!stored) throw new Error('no head');
          stored[at] = (stored[at] ?? 0) ^ 0x80;
          database.prepare(`UPDATE audit_head SET ${column} = ?`).run(stored);
        });
        expect(result.chain).toMatchObject({ kind: 'head', seq: count });
        expect(result.head).toBe('');
      }
    }
    expect((await edited((database) => database.exec('UPDATE audit_head SET count = count - 1'))).chain?.kind).toBe('head');
    const older = await edited((database) =>
      database.prepare('UPDATE audit_head SET count = ?, last_mac = ?, mac = ?').run(early.count, early.last_mac, early.mac),
    );
    expect(older.chain).toMatchObject({ kind: 'head-older', seq: early.count + 1, until: count });
  });

  it('cannot tell by itself that a whole older file was put in its place; the printed head tells', async () => {
    await record(6);
    close();
    const older = join(scratch, 'older.fieldkey');
    copyFileSync(file, older);
    const vault = Vault.open(file, { kdfCost });
    opened.push(vault);
    const session = await vault.unlock(secret.passphrase, 'Ana');
    const printed = session.audit.head;
    session.write((log) => log('tester.connect', { subject: 'afterwards' }));
    expect(session.audit.stoodAt(printed.mac)).toBe(printed.count);
    close();
    expect(await verifyFile(older)).toMatchObject({ sound: true });
    const put = Vault.read(older, { kdfCost });
    opened.push(put);
    expect((await put.unlock(secret.passphrase, 'Ana')).audit.stoodAt(printed.mac)).toBeNull();
  });

  it('is not called broken because somebody acts while it is checked', async () => {
    const session = await record(5);
    const checking = verifyVault(session);
    for (let i = 0; i < 20; i++) {
      session.write((log) => log('project.create', { projectId: i + 1, subject: `p-${i}` }));
      session.write((log) => log('tester.connect', { subject: 'x' }));
      session.tables.project.insert({ name: `p-${i}`, name_folded: `p-${i}`, subject: '{}', device_days: 1, created_at: 1 });
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    expect(await checking).toMatchObject({ sound: true, findings: [] });
  });
});

describe('the list', () => {
  it('counts by the numbers of the entries, and by the entries once some of them are gone', async () => {
    const session = await record(0);
    const list = new AuditList(session);
    session.write((log) => {
      for (let i = 2; i <= 1_000; i++) log('tester.connect', { subject: `meter-${i}` });
    });
    const seqs = async (offset: number, limit = 10) => (await list.page({}, offset, limit)).rows.map(({ seq }) => seq);
    expect(await list.page({}, 0, 1)).toMatchObject({ total: 1_000, rows: [{ seq: 1_000 }] });
    expect(await seqs(500, 3)).toEqual([500, 499, 498]);
    expect(await seqs(998)).toEqual([2, 1]);
    expect(await seqs(1_000)).toEqual([]);
    expect(await seqs(5_000)).toEqual([]);
    session.database.exec('DELETE FROM audit WHERE seq IN (495, 496)');
    expect(await list.page({}, 500, 10)).toMatchObject({ total: 998 });
    expect(await seqs(500, 8)).toEqual([500, 499, 498, 497, 494, 493, 492, 491]);
    expect(await seqs(996)).toEqual([2, 1]);
    session.database.exec('DELETE FROM audit');
    expect(await list.page({}, 0, 10)).toEqual({ total: 0, rows: [] });
    expect(await new AuditList(session).page({}, 0, 10)).toEqual({ total: 0, rows: [] });
    session.database.exec(
      "INSERT INTO audit VALUES (-9007199254740991, 1, '', '', NULL, '', '{}', x''), (7, 1, '', '', NULL, '', '{}', x'')",
    );
    expect(await new AuditList(session).page({}, 0, 10)).toMatchObject({ total: 2 });
  });

  it('gives pages newest first, finds by every filter, and adds what comes later', async () => {
    const session = await record(0);
    const acts: [AuditAction, string, object][] = [];
    for (let i = 0; i < 500; i++) {
      const action = auditActions[i % auditActions.length] ?? 'vault.unlock';
      acts.push([action, `meter-${i}`, { serial: `4f9a${String(i).padStart(4, '0')}`, host: '100%_sure' }]);
    }
    session.write((log) => {
      for (const [action, subject, detail] of acts) log(action, { subject, detail: detail as never, projectId: 3 });
    });
    const list = new AuditList(session);
    const all = await list.page({}, 0, 500);
    expect(all.total).toBe(501);
    expect(all.rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 500 }, (_, i) => 501 - i));
    for (const group of auditGroups) {
      const wanted = acts.filter(([action]) => auditGroupOf[action] === group).map(([, subject]) => subject);
      const found = await list.page({ group, projectId: 3 }, 0, 500);
      expect(found.rows.map(({ subject }) => subject).reverse()).toEqual(wanted);
      const second = await list.page({ group, projectId: 3 }, 7, 5);
      expect(second.rows).toEqual(found.rows.slice(7, 12));
    }
    const total = async (filter: Parameters<AuditList['page']>[0]) => (await list.page(filter, 0, 10)).total;
    expect(await total({ text: 'METER-49' })).toBe(11);
    expect(await total({ text: '4f:9a:04:99' })).toBe(1);
    expect(await total({ text: '100%_s' })).toBe(500);
    expect(await total({ text: '100xx' })).toBe(0);
    // the names of the fields are not what was acted on
    expect(await total({ text: 'serial' })).toBe(0);
    expect(await total({ text: "'; DROP TABLE audit; --" })).toBe(0);
    expect(await total({ operator: 'Ana' })).toBe(501);
    expect(await total({ operator: 'ana' })).toBe(0);
    const at = all.rows[0]?.at ?? 0;
    expect(await total({ since: at + 1 })).toBe(0);
    expect(await total({ until: at + 1 })).toBe(501);
    session.write((log) => log('tester.connect', { subject: 'meter-499', projectId: 3 }));
    expect(await total({ text: 'METER-49' })).toBe(12);
    expect((await list.page({ text: 'meter-499' }, 0, 10)).rows.map(({ seq }) => seq)).toEqual([502, 501]);
    expect(await list.operators()).toEqual(['Ana']);
    const gone: number[] = [];
    for await (const part of list.all({ group: 'tests' })) gone.push(...part.map(({ seq }) => seq));
    expect(gone).toEqual(gone.toSorted((a, b) => a - b));
    expect(gone).toHaveLength(await total({ group: 'tests' }));
  });
});
