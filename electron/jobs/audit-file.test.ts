import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testVault } from '../authority/testing/fixtures.ts';
import type { Vault } from '../vault/vault.ts';
import { csvField, writeAudit } from './audit-file.ts';

let folder = '';
let vault: Vault;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-audit-'));
  vault = await testVault(join(folder, 'v.fieldkey'));
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

it.each([
  ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
  ['+1', `"'+1"`],
  ['-1', `"'-1"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['\t=1', `"'\t=1"`],
  ['  =1', `"'  =1"`],
  ['\r\n=1', `"'\r\n=1"`],
  ['＝1', `"'＝1"`],
  ['plain, "quoted"', '"plain, ""quoted"""'],
  ['', '""'],
])('a field of CSV is never a formula: %j', (text, field) => {
  expect(csvField(text)).toBe(field);
});

it('writes what matches with the head of the chain, whole or not at all', async () => {
  const { session } = vault;
  session.write((log) => {
    for (let i = 0; i < 2_500; i++) log('tester.connect', { subject: `=m-${i}`, detail: { host: 'h' } });
  });
  const file = join(folder, 'a.json');
  const { head } = session.audit;
  expect(await writeAudit(session, {}, { file, format: 'json' })).toEqual({ file, entries: 2_501, head: head.mac });
  const read = JSON.parse(readFileSync(file, 'utf8'));
  expect(read).toMatchObject({ format: 'fieldkey-audit', head: { count: 2_501, mac: head.mac } });
  expect(read.entries.map(({ seq }: { seq: number }) => seq)).toEqual(Array.from({ length: 2_501 }, (_, i) => i + 1));
  const csv = join(folder, 'a.csv');
  await writeAudit(session, { text: '=m-24' }, { file: csv, format: 'csv' });
  const lines = readFileSync(csv, 'utf8').split('\r\n');
  expect(lines).toHaveLength(111 + 3);
  expect(lines[1]).toMatch(/^"26","\d{4}-.*Z","Ana","tester.connect","","'=m-24",/);
  expect(lines.at(-2)).toBe(`"2501","","","audit.head","","${head.mac}","{}"`);

  writeFileSync(file, 'from before');
  const stop = new AbortController();
  stop.abort();
  const cancelled = writeAudit(session, {}, { file, format: 'json', signal: stop.signal });
  await expect(cancelled).rejects.toMatchObject({ code: 'EXPORT_CANCELLED' });
  expect(readFileSync(file, 'utf8')).toBe('from before');
  expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
  const nowhere = writeAudit(session, {}, { file: join(folder, 'none', 'a.json'), format: 'json' });
  await expect(nowhere).rejects.toMatchObject({ code: 'EXPORT_NOT_WRITABLE' });
});
