import { copyFile } from 'node:fs/promises';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { isErrorReport } from '../../shared/errors.ts';
import { inScratchFolder } from '../pki/testing/run.ts';
import { planImport } from './plan-import.ts';
import { wipeImported } from './read-source.ts';
import { readXca } from './read-xca.ts';
import { xcaDatabase } from './testing/xca.ts';

const passphrase = 'sesame';
const now = Date.now() + 60_000;
/** SQLite keeps any of them in any column. */
const values = [null, 0, -1, 2 ** 40, 1.5, '', 'text', '9'.repeat(60), Buffer.alloc(0), Buffer.from('3003020101', 'hex')];
const tables = { items: ['name', 'del'], certs: ['cert'], crls: ['crl'], private_keys: ['private', 'ownPass'] };
const revocation = ['caId', 'serial', 'date', 'reasonBit'];

async function planned(file: string) {
  const imported = await readXca(file, { now, passphrase });
  wipeImported(imported);
  return planImport(imported, now);
}

test('any value in any cell of a database of the real program gives an answer or a typed error, and no revocation is lost without a word', async () => {
  await inScratchFolder(async (file) => {
    await xcaDatabase(file, passphrase);
    const good = new Database(file('x.xdb'));
    good
      .prepare('INSERT INTO revocations SELECT item, ?, ?, ?, NULL, 1 FROM certs WHERE ca = 1')
      .run('1f', ...twice('20261101000000Z'));
    good.close();
    const { authorities } = await planned(file('x.xdb'));
    expect(authorities.map(({ revocations }) => [...revocations.keys()])).toEqual([['1f']]);

    const outcomes = new Set<string>();
    for (const [table, columns] of Object.entries({ ...tables, revocations: revocation }))
      for (const column of columns)
        for (const value of values) {
          await copyFile(file('x.xdb'), file('hurt.xdb'));
          const hurt = new Database(file('hurt.xdb'));
          hurt.pragma('ignore_check_constraints = 1');
          hurt.pragma('foreign_keys = 0');
          const { changes } = hurt.prepare(`UPDATE OR IGNORE ${table} SET ${column} = ?`).run(value);
          hurt.close();
          if (changes === 0) continue;
          const place = `${table}.${column} = ${String(value).slice(0, 20)} (${typeof value})`;
          try {
            const plan = await planned(file('hurt.xdb'));
            outcomes.add('read');
            if (table !== 'revocations') continue;
            const taken = plan.authorities.some(({ revocations }) => revocations.size === 1);
            const named = plan.leftOut.filter(({ why }) => why === 'revocation').length === 1;
            expect([taken, named], place).toContain(true);
          } catch (error) {
            if (!isErrorReport(error)) throw new Error(place, { cause: error });
            outcomes.add(error.code);
          }
        }
    expect(outcomes).toContain('read');
    expect(outcomes).not.toContain('INTERNAL');
  });
});

const twice = (text: string) => [text, text] as const;
