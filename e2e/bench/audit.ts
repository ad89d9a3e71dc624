import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AuditList } from '../../electron/vault/audit-list.ts';
import { Vault } from '../../electron/vault/vault.ts';
import { verifyVault } from '../../electron/vault/verify.ts';
import { type Figure, seconds } from './figure.ts';

const large = 1_000_000;
const small = 1_000;

/** A record of 1,000,000 entries: the first page of each filter, going back to it, and the proof; against one of 1,000. */
export async function* auditBench(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-bench-'));
  try {
    const [few, many] = [await recordOf(path.join(folder, 'few'), small), await recordOf(path.join(folder, 'many'), large)];
    const filters = {
      everything: {},
      group: { group: 'exports' },
      operator: { operator: 'Bea' },
      text: { text: 'meter-0004711' },
      serial: { text: '4f:9a:00:12' },
      period: { since: Date.now() - 60_000 },
    } as const;
    for (const [name, filter] of Object.entries(filters)) {
      const reference = await seconds(() => new AuditList(few.session).page(filter, 0, 200));
      const list = new AuditList(many.session);
      const against = `${small} entries`;
      yield { name: `audit-${name}`, value: await seconds(() => list.page(filter, 0, 200)), unit: 's', reference, against };
      yield {
        name: `audit-${name}-again`,
        value: await seconds(() => list.page(filter, 200, 200)),
        unit: 's',
        reference,
        against,
      };
    }
    const reference = await seconds(() => verifyVault(few.session));
    const value = await seconds(() => verifyVault(many.session));
    yield { name: 'audit-verify', value, unit: 's', reference, against: `${small} entries` };
    few.close();
    many.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function recordOf(file: string, entries: number): Promise<Vault> {
  const vault = await Vault.create(file, { passphrase: 'correct horse battery', operator: 'Ana' });
  const { session } = vault;
  for (let done = 0; done < entries; ) {
    session.write((log) => {
      for (let i = 0; i < Math.min(10_000, entries); i++, done++) {
        const subject = `meter-${String(done).padStart(7, '0')}`;
        const detail = { kind: 'device', serial: `4f9a${done.toString(16).padStart(28, '0')}`, fingerprint: 'ab'.repeat(32) };
        log('tester.connect', { subject, detail });
      }
    });
  }
  return vault;
}
