import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../shared/errors.ts';
import { type KeyAlgorithm, keyAlgorithms } from '../../shared/model/key.ts';
import { readCrl } from '../pki/read-crl.ts';
import { certtool, certtoolCrl, keytool, keytoolCrl, nss, openssl } from '../pki/testing/judges.ts';
import type { CertificateRow } from '../vault/rows.ts';
import type { VaultSession } from '../vault/session.ts';
import type { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { changeBroker, reissueBroker } from './broker-certificate.ts';
import { createProject, storeAccess } from './create-project.ts';
import { listDevices } from './device-view.ts';
import { issueDevices } from './issue-devices.ts';
import { authoritiesOf, brokerOf, chainOf, issuingAuthority, latestCrl, trustOf } from './lookup.ts';
import { projectOverview } from './project-view.ts';
import { publishCrl } from './publish-crl.ts';
import { testPlan, testVault } from './testing/fixtures.ts';

const day = 86_400_000;
let folder: string;
let vault: Vault;
let session: VaultSession;
let clock: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-authority-'));
  clock = Date.now();
  vault = await testVault(join(folder, 'v.fieldkey'), { now: () => clock });
  session = vault.session;
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

async function codeOf(work: () => unknown): Promise<ErrorCode | 'none'> {
  try {
    await work();
    return 'none';
  } catch (error) {
    return (error as { code: ErrorCode }).code;
  }
}
const newest = (kind: CertificateRow['kind']) =>
  session.tables.certificate.where('kind = ? ORDER BY id DESC', kind)[0] as CertificateRow;

describe('a new project', () => {
  it.each(keyAlgorithms.map((key) => [key]))(
    'is accepted by openssl, GnuTLS, NSS and Java with %s',
    async (key: KeyAlgorithm) => {
      const plan = testPlan({ authority: { key } });
      const projectId = await createProject(session, plan);
      await issueDevices(session, projectId, plan.devices, { key, days: 365 });
      const root = newest('root').der;
      const crl = latestCrl(session, issuingAuthority(session, projectId).id)?.der as Buffer;
      const of = (leaf: Buffer) => ({ root, leaf, crls: [crl] });

      for (const question of [{ host: 'mqtt.lab.example' }, { host: 'localhost' }, { ip: '127.0.0.1' }, { ip: '::1' }]) {
        expect(await openssl(of(newest('broker').der), { purpose: 'server', ...question })).toMatchObject({ ok: true });
      }
      expect((await openssl(of(newest('broker').der), { purpose: 'server', host: 'other.example' })).ok).toBe(false);
      for (const kind of ['device', 'observer'] as const) {
        expect(await openssl(of(newest(kind).der), { purpose: 'client' })).toMatchObject({ ok: true });
      }
      const canary = await openssl(of(newest('canary').der), { purpose: 'client' });
      expect(canary.ok).toBe(false);
      expect(canary.output).toContain('revoked');
      for (const judge of [certtool, nss]) {
        expect(await judge(of(newest('broker').der), { purpose: 'server', host: 'mqtt.lab.example' })).toMatchObject({
          ok: true,
        });
        expect(await judge(of(newest('device').der), { purpose: 'client' })).toMatchObject({ ok: true });
      }
      expect(await certtoolCrl(crl, root)).toMatchObject({ ok: true });
      expect(await keytool([root, newest('broker').der, newest('device').der])).toMatchObject({ ok: true });
      expect(await keytoolCrl(crl)).toMatchObject({ ok: true });
      expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
    },
  );

  it('ships a revocation list that outlives the broker and holds the canary', async () => {
    const projectId = await createProject(session, testPlan());
    const crl = latestCrl(session, issuingAuthority(session, projectId).id);
    expect(crl?.next_update).toBe(newest('broker').not_after + 30 * day);
    expect(readCrl(crl?.der as Buffer).entries.map((e) => e.serial)).toEqual([newest('canary').serial.toString('hex')]);
  });

  it('keeps trust for the broker apart from trust for the clients', async () => {
    const projectId = await createProject(session, testPlan());
    // a public CA for the broker: devices must trust that one, the broker goes on trusting ours
    session.write(() => {
      const foreign = { ...newest('root'), kind: 'foreign' as const, issuer_id: null, authority_id: null, key_id: null };
      const { id: _, ...row } = foreign;
      const certificate_id = session.tables.certificate.insert({ ...row, common_name: 'ISRG Root X1', serial: Buffer.from([1]) });
      session.database.prepare("DELETE FROM trust WHERE purpose = 'broker'").run();
      session.tables.trust.insert({ project_id: projectId, purpose: 'broker', certificate_id, created_at: clock });
    });
    expect(trustOf(session, projectId, 'broker').map((c) => c.common_name)).toEqual(['ISRG Root X1']);
    expect(trustOf(session, projectId, 'clients').map((c) => c.common_name)).toEqual(['lab Root CA']);
  });

  it('can have several authorities in chains of any length', async () => {
    const projectId = await createProject(session, testPlan());
    const [root] = authoritiesOf(session, projectId);
    let parent = root?.id ?? 0;
    session.write(() => {
      for (const name of ['policy', 'region', 'site']) {
        const { id: _, ...row } = session.tables.authority.get(parent) ?? (root as never);
        parent = session.tables.authority.insert({ ...row, parent_id: parent, name });
      }
    });
    expect(chainOf(session, parent).map((a) => a.name)).toEqual(['site', 'region', 'policy', 'lab Root CA']);
  });

  it('is refused when the name is taken, in any case', async () => {
    await createProject(session, testPlan());
    expect(await codeOf(() => createProject(session, testPlan({ project: 'LAB' })))).toBe('PROJECT_EXISTS');
    expect(session.tables.project.where('1 = 1')).toHaveLength(1);
  });
});

describe('issuing', () => {
  const devices = (count: number, name = 'meter') =>
    Array.from({ length: count }, (_, i) => ({ id: `${name}-${String(i + 1).padStart(4, '0')}`, role: 'device' as const }));

  it('issues many in chunks, with progress that counts what is stored', async () => {
    const projectId = await createProject(session, testPlan());
    const seen: number[] = [];
    const stored = () => Number(session.database.prepare("SELECT count(*) FROM certificate WHERE kind = 'device'").pluck().get());
    await issueDevices(session, projectId, devices(450), {
      key: 'p256',
      days: 365,
      onProgress: ({ done, total }) => {
        expect([done, total]).toEqual([stored(), 450]);
        seen.push(done);
      },
    });
    expect(seen.at(-1)).toBe(450);
    expect(seen.length).toBeGreaterThan(1);
    const serials = session.tables.certificate.where('1 = 1').map((c) => c.serial.toString('hex'));
    expect(new Set(serials).size).toBe(serials.length);
    const first = newest('root').der;
    for (const row of session.tables.certificate.where("kind = 'device' ORDER BY random() LIMIT 3")) {
      expect(await openssl({ root: first, leaf: row.der }, { purpose: 'client' })).toMatchObject({ ok: true });
    }
  });

  it('keeps what was done when it is cancelled, and says how much', async () => {
    const projectId = await createProject(session, testPlan());
    const stop = new AbortController();
    const work = issueDevices(session, projectId, devices(1000), {
      key: 'p256',
      days: 365,
      signal: stop.signal,
      onProgress: ({ done }) => done >= 400 && stop.abort(),
    });
    await expect(work).rejects.toMatchObject({ code: 'JOB_CANCELLED', params: { done: 400, total: 1000 } });
    expect(session.tables.device.where('1 = 1')).toHaveLength(400);
    expect(await verifyVault(session)).toMatchObject({ sound: true });
  });

  it('issues nothing of a chunk in which a name is taken', async () => {
    const projectId = await createProject(session, testPlan());
    await issueDevices(session, projectId, devices(3), { key: 'p256', days: 365 });
    expect(
      await codeOf(() =>
        issueDevices(
          session,
          projectId,
          [
            { id: 'new-1', role: 'device' },
            { id: 'METER-0002', role: 'device' },
          ],
          { key: 'p256', days: 365 },
        ),
      ),
    ).toBe('DEVICE_EXISTS');
    expect(session.tables.device.where('1 = 1')).toHaveLength(3);
    expect(await verifyVault(session)).toMatchObject({ sound: true });
  });

  it('stops when the vault is locked meanwhile, between two transactions', async () => {
    const projectId = await createProject(session, testPlan());
    const work = issueDevices(session, projectId, devices(1000), {
      key: 'p256',
      days: 365,
      onProgress: ({ done }) => done === 200 && vault.lock(),
    });
    await expect(work).rejects.toMatchObject({ code: 'VAULT_LOCKED' });
  });

  it('never lets a certificate outlive its authority', async () => {
    const projectId = await createProject(session, testPlan({ authority: { years: 1 } }));
    clock += 200 * day;
    session.confirmClock();
    await issueDevices(session, projectId, devices(1), { key: 'p256', days: 3650 });
    expect(newest('device').not_after).toBe(newest('root').not_after);
    clock += 200 * day;
    session.confirmClock();
    expect(await codeOf(() => issueDevices(session, projectId, devices(1, 'late'), { key: 'p256', days: 365 }))).toBe(
      'ISSUER_EXPIRED',
    );
  });

  it('gives each of two acts at once its own turn', async () => {
    const projectId = await createProject(session, testPlan());
    const authorityId = issuingAuthority(session, projectId).id;
    const published = await Promise.all([
      publishCrl(session, authorityId),
      publishCrl(session, authorityId),
      publishCrl(session, authorityId),
    ]);
    expect(new Set(published.map((c) => c.number)).size).toBe(3);
  });
});

describe('revocation lists', () => {
  it('never go backwards, also when the clock does', async () => {
    const projectId = await createProject(session, testPlan());
    const authorityId = issuingAuthority(session, projectId).id;
    const numbers = [latestCrl(session, authorityId)?.number ?? 0];
    for (const step of [0, 0, 5 * day, -5 * day, 1000]) {
      clock += step;
      if (step < 0) {
        await expect(publishCrl(session, authorityId)).rejects.toMatchObject({ code: 'CLOCK_WRONG' });
        session.confirmClock();
      }
      numbers.push((await publishCrl(session, authorityId)).number);
    }
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(await certtoolCrl(latestCrl(session, authorityId)?.der as Buffer, newest('root').der)).toMatchObject({ ok: true });
  });
});

describe('a changed broker', () => {
  it('gets a certificate for the new names, and keeps the old one visible and valid', async () => {
    const projectId = await createProject(session, testPlan());
    const before = newest('broker');
    const settings = { ...(brokerOf(session, projectId)?.parsed ?? (null as never)), addresses: ['10.0.1.6'] };
    await reissueBroker(session, projectId, settings, 'p256');
    const after = newest('broker');
    expect(after.predecessor_id).toBe(before.id);
    expect(session.tables.certificate.get(before.id)?.status).toBe('valid');
    expect(await openssl({ root: newest('root').der, leaf: after.der }, { purpose: 'server', ip: '10.0.1.6' })).toMatchObject({
      ok: true,
    });
    expect((await openssl({ root: newest('root').der, leaf: after.der }, { purpose: 'server', ip: '127.0.0.1' })).ok).toBe(false);
  });
});

describe('verification', () => {
  it('finds a revoked certificate whose row was put back to an older, rightly authenticated state', async () => {
    const projectId = await createProject(session, testPlan());
    await issueDevices(session, projectId, [{ id: 'm-1', role: 'device' }], { key: 'p256', days: 365 });
    const row = newest('device');
    const old = session.database.prepare('SELECT status, revoked_at, mac FROM certificate WHERE id = ?').get(row.id) as {
      status: string;
      mac: Buffer;
    };
    session.write((log) => {
      session.tables.certificate.update({ ...row, status: 'revoked', revoked_at: clock, revocation_reason: 'keyCompromise' });
      log('certificate.revoke', { projectId, subject: 'm-1', detail: { fingerprint: row.fingerprint.toString('hex') } });
    });
    expect(await verifyVault(session)).toMatchObject({ sound: true });
    session.database
      .prepare('UPDATE certificate SET status = ?, revoked_at = NULL, revocation_reason = NULL, mac = ? WHERE id = ?')
      .run(old.status, old.mac, row.id);
    const result = await verifyVault(session);
    expect(result.findings).toEqual([`certificate ${row.id} was revoked, the table says valid`]);
  });

  it.each([
    ['a newer revocation list', 'DELETE FROM crl WHERE number = (SELECT max(number) FROM crl)', /revocation list .* missing/],
    ['a trusted authority', "DELETE FROM trust WHERE purpose = 'clients'", /whom lab trusts/],
    ['an access rule', "DELETE FROM access WHERE role = 'device'", /access rules of lab/],
    ['a device', 'DELETE FROM certificate WHERE device_id = 1; DELETE FROM device WHERE id = 1', /device 1:m-1 .* missing/],
  ])('finds that %s was taken out', async (_, sql, finding) => {
    const projectId = await createProject(session, testPlan());
    await issueDevices(session, projectId, [{ id: 'm-1', role: 'device' }], { key: 'p256', days: 365 });
    await publishCrl(session, issuingAuthority(session, projectId).id);
    expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
    session.database.exec(`PRAGMA foreign_keys = OFF; ${sql}`);
    expect((await verifyVault(session)).findings.join('\n')).toMatch(finding);
  });

  it('finds an older row that was put back: a role, access rules, broker settings', async () => {
    const projectId = await createProject(session, testPlan());
    await issueDevices(session, projectId, [{ id: 'm-1', role: 'device' }], { key: 'p256', days: 365 });
    const tables = ['device', 'access', 'broker'];
    const old = tables.map((name) => session.database.prepare(`SELECT * FROM ${name}`).all() as Record<string, unknown>[]);
    const [device] = session.tables.device.where('1 = 1');
    session.write((log) => {
      if (device) session.tables.device.update({ ...device, role: 'admin' });
      log('device.change', { projectId, subject: 'm-1', detail: { role: 'admin' } });
      const access = [{ role: 'admin' as const, write: ['#'], read: ['#'] }];
      storeAccess(session, projectId, access);
      const settings = { ...(brokerOf(session, projectId)?.parsed ?? (null as never)), port: 8884 };
      changeBroker(session, projectId, settings);
      log('project.change', {
        projectId,
        subject: 'lab',
        detail: { access: JSON.stringify(access), broker: JSON.stringify(settings) },
      });
    });
    expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
    session.database.pragma('foreign_keys = OFF');
    tables.forEach((name, index) => {
      session.database.prepare(`DELETE FROM ${name}`).run();
      for (const row of old[index] ?? []) {
        const columns = Object.keys(row);
        session.database
          .prepare(`INSERT INTO ${name} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
          .run(...Object.values(row));
      }
    });
    expect((await verifyVault(session)).findings).toEqual([
      'the access rules of lab are not those of the last act',
      'the broker settings of lab are not those of the last act',
      expect.stringContaining('has the role device, the last act gave it admin'),
    ]);
  });

  it('finds a certificate that was taken out', async () => {
    const projectId = await createProject(session, testPlan());
    await issueDevices(session, projectId, [{ id: 'm-1', role: 'device' }], { key: 'p256', days: 365 });
    session.database.prepare('DELETE FROM certificate WHERE id = ?').run(newest('device').id);
    expect((await verifyVault(session)).findings.join()).toMatch(/certificate .* is missing|missing in its table/);
  });
});

describe('views', () => {
  it('count and find devices by id, serial and state', async () => {
    const plan = testPlan({ devices: [{ pattern: 'meter-{1..12}' }] });
    const projectId = await createProject(session, plan);
    await issueDevices(session, projectId, plan.devices, { key: 'p256', days: 90 });
    const list = (search: string, state?: 'due' | 'expired') =>
      listDevices(session, { projectId, search, offset: 0, limit: 5, ...(state ? { state } : {}) }, clock);
    expect(list('').rows.map((r) => r.id)).toEqual(['meter-1', 'meter-2', 'meter-3', 'meter-4', 'meter-5']);
    expect(list('METER-12').total).toBe(1);
    const serial = newest('device').serial.toString('hex').toUpperCase().match(/../g)?.join(':') ?? '';
    expect(list(serial).rows.map((r) => r.id)).toEqual(['meter-12']);
    expect(list('', 'due').total).toBe(0);
    clock += 75 * day;
    session.confirmClock();
    expect(list('', 'due').total).toBe(12);
    expect(projectOverview(session, projectId, clock).fleet).toEqual({
      valid: 0,
      due: 12,
      expired: 0,
      hold: 0,
      revoked: 0,
      awaiting: 0,
    });
    clock += 75 * day;
    session.confirmClock();
    expect(list('', 'expired').total).toBe(12);
  });
});
