import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { provision } from '../jobs/provision.ts';
import { imageOf } from './image.ts';
import { Vault } from './vault.ts';

let folder: string;
let whole: Buffer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-damaged-'));
  const file = join(folder, 'v.fieldkey');
  const vault = await testVault(file);
  await provision(vault.session, testPlan());
  for (let act = 0; act < 300; act++) vault.session.write((log) => log('vault.unlock', { subject: `operator-${act}` }));
  vault.close();
  whole = readFileSync(file);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Opens the bytes, checks them, and gives what was found; anything but a finding or a typed error fails. */
async function found(bytes: Buffer) {
  const vault = Vault.readBytes('hurt', Buffer.from(bytes), { kdfCost: testKdfCost });
  try {
    const { trouble } = await vault.unlock(testSecret.passphrase, testSecret.operator);
    return { trouble: trouble?.kind, ...(await vault.check()) };
  } finally {
    vault.close();
  }
}

interface Part {
  readonly name: string;
  readonly page: number;
}

/** Root pages, from 1, by the name of the table or index. */
function parts(type: 'table' | 'index'): Part[] {
  const database = imageOf('whole', Buffer.from(whole));
  const rows = database.prepare<[string], Part>('SELECT name, rootpage AS page FROM sqlite_schema WHERE type = ?').all(type);
  database.close();
  return rows;
}

const pageSize = () => whole.readUInt16BE(16);

describe('a file that was damaged or edited', () => {
  it('is found out when only an index was changed, which would hide rows from whoever looks them up', async () => {
    let silent = 0;
    for (const { page, name } of parts('index').filter((part) => /access|certificate|crl|device|project/.test(part.name))) {
      const start = (page - 1) * pageSize();
      // a leaf: its cells lie at the end of the page
      if (whole[start] !== 10) continue;
      const cells = start + whole.readUInt16BE(start + 5);
      for (let at = cells; at < start + pageSize(); at += 5) {
        const hurt = Buffer.from(whole);
        hurt[at] = (hurt[at] ?? 0) ^ 1;
        const { sound, findings, trouble } = await found(hurt);
        expect(sound, `${name} at ${at - start}`).toBe(false);
        expect(trouble).toBe('damaged');
        // nothing else notices it: no row is another one, and every entry is there
        if (findings[0]?.startsWith('the file is damaged: ')) silent += 1;
      }
    }
    expect(silent).toBeGreaterThan(20);
  });

  it('names the first entry of the audit log that cannot be read, and goes on checking', async () => {
    const database = imageOf('whole', Buffer.from(whole));
    const leaves = database
      .prepare<[], number>("SELECT pageno FROM dbstat WHERE name = 'audit' AND pagetype = 'leaf' ORDER BY path")
      .pluck()
      .all();
    database.close();
    const third = leaves[2] ?? 0;
    const hurt = Buffer.from(whole);
    hurt.fill(0x5a, (third - 1) * pageSize(), third * pageSize());
    const { trouble, sound, chain, entries } = await found(hurt);
    expect(trouble).toBe('damaged');
    expect(sound).toBe(false);
    expect(chain).toMatchObject({ kind: 'entry', seq: entries + 1 });
    expect(entries).toBeGreaterThan(10);
  });

  it('gives a typed error or what can be read, whatever stands in the rows that are read before the vault is open', async () => {
    const outcomes = new Set<string>();
    for (const { page, name } of parts('table').filter((part) => ['vault', 'audit_head', 'keychain'].includes(part.name))) {
      const start = (page - 1) * pageSize();
      for (let at = start; at < start + pageSize(); at++) {
        // headers of the page and of the record, then the values now and then
        const inHeader = at < start + 12 || whole.subarray(at - 12, at).some((byte, back) => byte === 0 && back < 4);
        if (whole[at] === 0 || (!inHeader && at % 3 > 0)) continue;
        for (const value of [0, 0xff]) {
          const hurt = Buffer.from(whole);
          hurt[at] = value;
          try {
            outcomes.add(String((await found(hurt)).sound));
          } catch (error) {
            outcomes.add((error as { code?: string }).code ?? `${name}: ${error}`);
          }
        }
      }
    }
    const typed = [
      'VAULT_DAMAGED',
      'VAULT_NOT_A_VAULT',
      'VAULT_FROM_FUTURE',
      'VAULT_TAMPERED',
      'PASSPHRASE_WRONG',
      'true',
      'false',
    ];
    expect([...outcomes].filter((outcome) => !typed.includes(outcome))).toEqual([]);
    expect(outcomes).toContain('VAULT_DAMAGED');
  });
});
