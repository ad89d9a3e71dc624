import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rotationPresets } from '../../shared/rules/rotation.ts';
import { dueList } from '../authority/due.ts';
import { currentCertificate } from '../authority/lookup.ts';
import { projectOverview, weekStart } from '../authority/project-view.ts';
import { testPlan, testVault } from '../authority/testing/fixtures.ts';
import { keyPem } from '../pki/key-pem.ts';
import { generateEcKey } from '../pki/keys.ts';
import { certificatePem } from '../pki/pem.ts';
import { run } from '../pki/testing/run.ts';
import type { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { addDevices } from './add-devices.ts';
import { provision } from './provision.ts';
import { renewDevices } from './renew.ts';
import { changeRotation, rotationOf } from './rotation.ts';
import { scanFolder } from './scan-folder.ts';

const day = 86_400_000;
let folder: string;
let vault: Vault;
let projectId: number;
let clock: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-rotation-'));
  clock = Date.now();
  vault = await testVault(join(folder, 'v.fieldkey'), { now: () => clock });
  ({ projectId } = await provision(vault.session, testPlan({ devices: [{ pattern: 'm-{1..3}' }] })));
});
afterEach(async () => {
  expect(await verifyVault(vault.session)).toMatchObject({ sound: true, findings: [] });
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('what is due', () => {
  it('has devices, broker, observer, authorities and lists, by their end and by week', async () => {
    expect(dueList(vault.session, projectId)).toMatchObject({
      withinDays: 30,
      own: [],
      devices: { total: 0, items: [] },
      within: { 30: 0, 60: 0, 90: 0 },
    });
    clock += 310 * day;
    vault.session.confirmClock();
    const due = dueList(vault.session, projectId, { withinDays: 60 });
    expect(due.devices).toMatchObject({ total: 3, items: [{ name: 'm-1' }, { name: 'm-2' }, { name: 'm-3' }] });
    expect(due.own).toMatchObject([{ kind: 'observer', automatic: true, ended: false }]);
    // a page of them: the total and the weeks count all
    const page = dueList(vault.session, projectId, { withinDays: 60, offset: 1, limit: 1 });
    expect(page).toEqual({ ...due, devices: { total: 3, items: due.devices.items.slice(1, 2) } });
    expect(due.within).toEqual({ 30: 0, 60: 4, 90: 5 });
    expect(due.weeks).toEqual([{ weekStart: weekStart(due.own[0]?.notAfter ?? 0), devices: 3, others: 1 }]);
    clock += 130 * day;
    vault.session.confirmClock();
    const late = dueList(vault.session, projectId, { withinDays: 0 });
    expect(late.devices.total).toBe(3);
    expect(late.own.map(({ kind }) => kind).sort()).toEqual(['broker', 'crl', 'observer']);
    expect(late.weeks).toEqual([{ weekStart: weekStart(clock), devices: 3, others: 3 }]);
    await renewDevices(vault.session, projectId, { mode: 'renew', withinDays: 0 });
    expect(dueList(vault.session, projectId, { withinDays: 60 }).devices.total).toBe(0);
  });

  it('tells of a revocation list 60 days before its end, whatever it is asked for', async () => {
    const [crl] = vault.session.tables.crl.where('1 = 1 ORDER BY number DESC LIMIT 1');
    clock = (crl?.next_update ?? 0) - 61 * day;
    vault.session.confirmClock();
    const lists = () => dueList(vault.session, projectId, { withinDays: 7 }).own.filter(({ kind }) => kind === 'crl');
    expect(lists()).toEqual([]);
    clock += 2 * day;
    expect(lists()).toMatchObject([{ ended: false }]);
    expect(dueList(vault.session, projectId, { withinDays: 7 }).weeks.flatMap(({ others }) => others)).not.toContain(0);
  });

  it('follows the settings of the project; what is there stays as it is', async () => {
    changeRotation(vault.session, projectId, { ...rotationPresets.short, warnDays: 45 });
    expect(rotationOf(vault.session, projectId)).toEqual({ deviceDays: 90, brokerDays: 397, warnDays: 45 });
    await addDevices(vault.session, projectId, [{ id: 'short-1', role: 'device' }]);
    const [short] = vault.session.tables.device.where("name = 'short-1'");
    expect(currentCertificate(vault.session, short?.id ?? 0)?.not_after).toBeLessThan(clock + 91 * day);
    clock += 50 * day;
    expect(dueList(vault.session, projectId)).toMatchObject({ withinDays: 45, devices: { items: [{ name: 'short-1' }] } });
    expect(projectOverview(vault.session, projectId, clock)).toMatchObject({ warnDays: 45, fleet: { due: 1, valid: 3 } });
    for (const rotation of [{ deviceDays: 10 }, { brokerDays: 900 }, { warnDays: 0.5 }]) {
      const wrong = { ...rotationPresets.yearly, ...rotation };
      expect(() => changeRotation(vault.session, projectId, wrong)).toThrow('INPUT_INVALID');
    }
  });
});

describe('a folder of foreign certificates', () => {
  const files = () => join(folder, 'etc');
  const scan = (options: Partial<Parameters<typeof scanFolder>[1]> = {}) =>
    // openssl begins its certificates now, after the vault's clock was set
    scanFolder(files(), { withinDays: 30, now: clock + 60_000, ...options });

  async function fill(): Promise<void> {
    mkdirSync(join(files(), 'deep/er'), { recursive: true });
    const make = (name: string, days: number) =>
      run('openssl', [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-subj',
        `/CN=${name}`,
        '-days',
        String(days),
        '-keyout',
        join(files(), `${name}.key`),
        '-out',
        join(files(), `deep/er/${name}.crt`),
      ]);
    expect(await make('soon', 10)).toMatchObject({ ok: true });
    expect(await make('later', 400)).toMatchObject({ ok: true });
    const der = join(files(), 'later.der');
    expect(
      await run('openssl', ['x509', '-in', join(files(), 'deep/er/later.crt'), '-outform', 'DER', '-out', der]),
    ).toMatchObject({ ok: true });
    const own = vault.session.tables.certificate.where("kind IN ('root', 'broker') ORDER BY id");
    writeFileSync(
      join(files(), 'bundle.pem'),
      own
        .map((row) => certificatePem(row.der))
        .join('')
        .replaceAll('\n', '\r\n'),
    );
    writeFileSync(join(files(), 'broken.crt'), '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n');
    writeFileSync(join(files(), 'alone.key'), keyPem(generateEcKey('p256').pkcs8));
    writeFileSync(join(files(), 'notes.txt'), 'nothing to see');
    // as in the settings of a device
    const root = own[0] ? certificatePem(own[0].der) : '';
    writeFileSync(join(files(), 'deep/mqtt.json'), JSON.stringify({ broker: { certificate: root } }));
    symlinkSync(files(), join(files(), 'deep/loop'));
  }

  it('finds each with its end, says what cannot be read, and follows no link', async () => {
    await fill();
    const report = await scan();
    expect(report.certificates.map(({ file, position, state }) => [file, position, state])).toEqual([
      ['deep/er/soon.crt', 0, 'due'],
      ['bundle.pem', 1, 'valid'],
      ['deep/er/later.crt', 0, 'valid'],
      ['later.der', 0, 'valid'],
      ['bundle.pem', 0, 'valid'],
      ['deep/mqtt.json', 0, 'valid'],
    ]);
    expect(report.unreadable.map(({ file }) => file)).toEqual(['broken.crt']);
    expect(report.incomplete).toBe(false);
    const enddate = await run('openssl', ['x509', '-in', join(files(), 'deep/er/soon.crt'), '-noout', '-enddate']);
    expect(Date.parse(enddate.output.replace('notAfter=', ''))).toBe(report.certificates[0]?.notAfter);
    expect((await scan({ now: clock + 11 * day })).certificates[0]).toMatchObject({ subject: 'CN=soon', state: 'expired' });
    expect(JSON.stringify(report)).not.toContain('PRIVATE');
  });

  it('stops at its limits and says so', async () => {
    await fill();
    const limits = { files: 2, depth: 16, fileSize: 4096 };
    expect(await scan({ limits })).toMatchObject({ files: 2, incomplete: true });
    const shallow = await scan({ limits: { files: 100, depth: 0, fileSize: 4096 } });
    expect(shallow.incomplete).toBe(true);
    expect(shallow.certificates.map(({ file }) => file)).not.toContain('deep/er/soon.crt');
    expect(await scan({ limits: { files: 100, depth: 16, fileSize: 10 } })).toMatchObject({ certificates: [], incomplete: true });
    await expect(scanFolder(join(folder, 'none'), { withinDays: 1, now: clock })).rejects.toMatchObject({
      code: 'FILE_MALFORMED',
    });
  });
});
