import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testKdfCost, testPlan, testSecret, testVault } from '../authority/testing/fixtures.ts';
import { disturbed, systemError } from '../bundle/testing/disturbed.ts';
import type { VaultSession } from '../vault/session.ts';
import { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { addDevices } from './add-devices.ts';
import { auditNoteBytes } from './audit-note.ts';
import { changeAccess, changeBrokerSettings } from './change-project.ts';
import { type ExportOptions, exportProject, measureExport } from './export-project.ts';
import { exportState } from './export-state.ts';
import { previewBroker, previewDevice } from './preview.ts';
import { provision } from './provision.ts';
import { rekeyExport } from './rekey-export.ts';
import { replaceAndPublish } from './replace.ts';

let folder: string;
let stick: string;
let vault: Vault;
let session: VaultSession;
let projectId: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-exports-'));
  stick = join(folder, 'stick');
  vault = await testVault(join(folder, 'v.fieldkey'));
  session = vault.session;
  const plan = testPlan({ devices: [{ pattern: 'm-{1..4}' }, { id: 'dash-1', role: 'dashboard' }] });
  ({ projectId } = await provision(session, plan));
});
afterEach(async () => {
  expect(await verifyVault(session)).toMatchObject({ sound: true, findings: [] });
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const medium = { label: 'FIELD', volumeId: '4F9A-1C22' };
const run = (options: Partial<ExportOptions> = {}) => exportProject(session, projectId, { directory: stick, medium, ...options });
const state = () => exportState(session, projectId);
const idOf = (name: string) => session.tables.device.where('name = ?', name)[0]?.id ?? 0;
const bundles = () => readdirSync(join(stick, 'lab/devices')).sort();
const replace = (...names: string[]) =>
  replaceAndPublish(session, projectId, { deviceIds: names.map(idOf), reason: 'superseded' });
const settings = () => {
  const { certificate: _, ...rest } = { certificate: null, ...testPlan().broker };
  return rest;
};

describe('what was exported', () => {
  it('is nothing at first: the whole kit and every device are to be exported', async () => {
    expect(state()).toMatchObject({ last: null, devicesToExport: 5, exports: [] });
    expect(state().changedKitFiles).toEqual([
      'mosquitto.conf',
      'acl',
      'certs/ca.crt',
      'certs/server.crt',
      'certs/server.key',
      'certs/crl.pem',
      'systemd.conf',
      'logrotate.conf',
    ]);
  });

  it('is recorded per medium with its devices, once as long as it is the same', async () => {
    const size = await measureExport(session, projectId, {});
    const first = await run();
    expect(size).toMatchObject({ files: first.files, devices: 5 });
    expect(Math.abs(size.bytes - first.bytes) / first.bytes).toBeLessThan(0.1);
    expect(state()).toMatchObject({ changedKitFiles: [], devicesToExport: 0 });
    expect(state().last).toMatchObject({
      exportId: first.exportId,
      mediumLabel: 'FIELD',
      volumeId: '4F9A-1C22',
      directory: join(stick, 'lab'),
      operator: 'Ana',
      devices: 5,
      devicesStillAtRisk: 5,
      withBroker: true,
      keysEncrypted: false,
    });
    expect(session.tables.export.get(first.exportId)?.audit_head).toBe(first.auditHead);
    expect(await run()).toMatchObject({ unchanged: true, exportId: first.exportId, auditHead: first.auditHead });
    // the same files, but the program was never told of this stick
    const other = await run({ medium: { label: 'SECOND', volumeId: 'other' } });
    expect(other).toMatchObject({ unchanged: true });
    expect(state().exports.map((entry) => entry.mediumLabel)).toEqual(['SECOND', 'FIELD']);
  });

  it('carries the head of the audit log, which this vault knows and an older copy does not', async () => {
    const older = join(folder, 'older.fieldkey');
    session.database.exec(`VACUUM INTO '${older}'`);
    const note = () => readFileSync(join(stick, 'lab/AUDIT.txt'), 'utf8');
    const headIn = (text: string) => /^Checksum +([0-9a-f]{64})$/m.exec(text)?.[1] ?? '';
    const kit = () =>
      readFileSync(join(stick, 'lab/SHA256SUMS'), 'utf8')
        .split('\n')
        .filter((line) => line.includes('  broker/'));
    await run();
    const first = note();
    expect(first).toContain('project lab');
    expect(first).toMatch(/^Written {5}\d{4}-\d\d-\d\d \d\d:\d\d UTC by Ana$/m);
    expect(first).toMatch(new RegExp(`^Vault {7}${session.shortId}$`, 'm'));
    expect(Buffer.byteLength(first)).toBeGreaterThan(auditNoteBytes * 0.9);
    expect(Buffer.byteLength(first)).toBeLessThan(auditNoteBytes * 1.1);
    const begun = session.audit.stoodAt(headIn(first));
    expect(first).toMatch(new RegExp(`^Entries {5}${begun}$`, 'm'));
    expect([...session.audit.entries()].find(({ entry }) => entry.seq === begun)?.entry.action).toBe('export.begin');
    const copy = await Vault.open(older);
    await copy.unlock(testSecret.passphrase, 'Eve');
    expect(copy.session.audit.stoodAt(headIn(first))).toBeNull();
    copy.close();
    expect(readFileSync(join(stick, 'lab/SHA256SUMS'), 'utf8')).toContain('  AUDIT.txt\n');

    // the log has moved on; what is exported has not, so nothing is written
    changeAccess(session, projectId, testPlan().access.slice(0, -1));
    changeAccess(session, projectId, testPlan().access);
    expect(await run()).toMatchObject({ unchanged: true });
    expect(note()).toBe(first);
    // of a part of the devices it is made anew, and the broker's folder stays as it is
    const broker = kit();
    expect(broker).toHaveLength(11);
    await addDevices(session, projectId, [{ id: 'm-5', role: 'device' }]);
    await run({ deviceIds: [idOf('m-5')] });
    expect(session.audit.stoodAt(headIn(note()))).toBeGreaterThan(begun ?? 0);
    expect(kit()).toEqual(broker);
  });

  it('does not change when devices are added; access shows as acl', async () => {
    await run();
    await addDevices(session, projectId, [{ id: 'm-5', role: 'device' }]);
    expect(state()).toMatchObject({ changedKitFiles: [], devicesToExport: 1 });
    const access = testPlan().access.map((rule) => (rule.role === 'device' ? { ...rule, read: ['lab/all/#'] } : rule));
    expect(changeAccess(session, projectId, access)).toEqual({ filesToCopy: ['acl'] });
    expect(changeAccess(session, projectId, access)).toEqual({ filesToCopy: [] });
    expect(state().changedKitFiles).toEqual(['acl']);
    await run();
    expect(state()).toMatchObject({ changedKitFiles: [], devicesToExport: 0 });
  });

  it('tells of bundles that say an address, a port or topics that are no longer so', async () => {
    await run();
    expect(state()).toMatchObject({ devicesToExport: 0, bundlesOutdated: 0 });
    // what only the broker's machine is told of is in no bundle
    await changeBrokerSettings(session, projectId, { ...settings(), log: '/srv/log' });
    expect(state()).toMatchObject({ bundlesOutdated: 0, changedKitFiles: ['mosquitto.conf', 'logrotate.conf'] });
    await changeBrokerSettings(session, projectId, { ...settings(), port: 18883 });
    expect(state()).toMatchObject({ devicesToExport: 0, bundlesOutdated: 5 });
    await run({ withBroker: false, deviceIds: [idOf('m-1'), idOf('m-2')] });
    expect(state()).toMatchObject({ bundlesOutdated: 3 });
    await run();
    expect(state()).toMatchObject({ bundlesOutdated: 0, changedKitFiles: [] });
    const access = testPlan().access.map((rule) => (rule.role === 'dashboard' ? { ...rule, read: ['lab/all/#'] } : rule));
    changeAccess(session, projectId, access);
    expect(state()).toMatchObject({ bundlesOutdated: 1 });
    // a new certificate is told as such, not once more as an old bundle
    await replace('dash-1');
    expect(state()).toMatchObject({ devicesToExport: 1, bundlesOutdated: 0 });
  });

  it('counts who is still at risk after a replacement', async () => {
    await run();
    await replace('m-1', 'm-2');
    expect(state()).toMatchObject({ devicesToExport: 2, changedKitFiles: ['certs/crl.pem'] });
    expect(state().exports[0]).toMatchObject({ devices: 5, devicesStillAtRisk: 3 });
  });
});

describe('a part of an export', () => {
  it('leaves the bundles of others and the kit where they are, and records whose keys lie there', async () => {
    await run();
    await replace('m-2');
    const acl = readFileSync(join(stick, 'lab/broker/certs/crl.pem'));
    const old = readFileSync(join(stick, 'lab/devices/m-1/client.key'));
    const part = await run({ withBroker: false, deviceIds: [idOf('m-2')] });
    expect(part).toMatchObject({ devices: 1, unchanged: false });
    expect(bundles()).toEqual(['dash-1', 'm-1', 'm-2', 'm-3', 'm-4']);
    expect(readFileSync(join(stick, 'lab/broker/certs/crl.pem')).equals(acl)).toBe(true);
    expect(readFileSync(join(stick, 'lab/devices/m-1/client.key')).equals(old)).toBe(true);
    expect(state().exports[0]).toMatchObject({ exportId: part.exportId, devices: 5, devicesStillAtRisk: 5, withBroker: false });
    expect(session.tables.export.get(part.exportId)?.broker_key_id).not.toBeNull();
    expect(state()).toMatchObject({ devicesToExport: 0, changedKitFiles: ['certs/crl.pem'] });
    expect(await run({ withBroker: false, deviceIds: [idOf('m-2')] })).toMatchObject({
      unchanged: true,
      exportId: part.exportId,
    });
  });

  it('is a whole folder by itself where there is none, and foreign files still stop it', async () => {
    await run({ withBroker: false, deviceIds: [idOf('m-3')] });
    expect(readdirSync(join(stick, 'lab')).sort()).toEqual(['AUDIT.txt', 'SHA256SUMS', 'devices']);
    await expect(run({ withBroker: false, deviceIds: [] })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(bundles()).toEqual(['m-3']);
    await run({ withBroker: false, deviceIds: [idOf('m-4')], keyPassphrase: 'a long enough one' });
    expect(bundles()).toEqual(['m-3', 'm-4']);
    // one of the two keys there is readable
    expect(state().exports[0]).toMatchObject({ devices: 2, keysEncrypted: false });
    const other = await testVault(join(folder, 'other.fieldkey'));
    const { projectId: same } = await provision(other.session, testPlan());
    await expect(exportProject(other.session, same, { directory: stick })).rejects.toMatchObject({
      code: 'EXPORT_OTHER_AUTHORITY',
    });
    other.close();
    expect(bundles()).toEqual(['m-3', 'm-4']);
    writeFileSync(join(stick, 'lab/devices/m-3/notes.txt'), 'mine');
    await expect(run({ deviceIds: [idOf('m-4')] })).rejects.toMatchObject({ code: 'EXPORT_FOREIGN_FILES' });
  });
});

describe('a lost stick', () => {
  it('gives new keys to whom it held and to the broker, on one revocation list', async () => {
    const { exportId } = await run();
    await replace('m-1');
    const before = session.tables.crl.where('1 = 1').length;
    const brokers = () => session.tables.certificate.where("kind = 'broker' ORDER BY id").map((row) => row.status);
    const done = await rekeyExport(session, exportId, 'keyCompromise');
    expect(done).toMatchObject({ replaced: 4, brokerReissued: true });
    expect(brokers()).toEqual(['revoked', 'valid']);
    expect(session.tables.crl.where('1 = 1')).toHaveLength(before + 1);
    expect(state().exports[0]).toMatchObject({ devicesStillAtRisk: 0 });
    expect(state().changedKitFiles).toEqual(['certs/server.crt', 'certs/server.key', 'certs/crl.pem']);
    expect(await rekeyExport(session, exportId, 'keyCompromise')).toMatchObject({ replaced: 0, brokerReissued: false });
    expect(session.tables.crl.where('1 = 1')).toHaveLength(before + 1);
  });

  it('leaves the broker alone when its key was not on it', async () => {
    const { exportId } = await run({ withBroker: false, deviceIds: [idOf('m-1')] });
    expect(await rekeyExport(session, exportId, 'keyCompromise')).toMatchObject({ replaced: 1, brokerReissued: false });
    await expect(rekeyExport(session, 99, 'keyCompromise')).rejects.toMatchObject({ code: 'INTERNAL' });
  });
});

/** A medium that stops working at the given operation of that kind. */
function failing(operation: string, at: number, code: string) {
  let seen = 0;
  return disturbed((name, path) => {
    if (name === operation && ++seen >= at) throw systemError(code, name, path);
  });
}

describe('an export that never came to its end', () => {
  const outcomes = () =>
    session.tables.exportOutcome.where('1 = 1 ORDER BY id').map((row) => `${row.state} ${row.reason}`.trim());
  const told = () =>
    [...session.audit.entries()].map(({ entry }) => entry.action).filter((action) => action.startsWith('export'));

  it('is recorded before the first file, and with it whose keys may be on the stick', async () => {
    const fs = failing('create', 4, 'EIO');
    await expect(run({ fs })).rejects.toMatchObject({ code: 'EXPORT_MEDIUM_GONE' });
    expect(outcomes()).toEqual(['failed EXPORT_MEDIUM_GONE']);
    expect(told()).toEqual(['export.begin', 'export.fail']);
    const [record] = state().exports;
    expect(record).toMatchObject({
      state: 'failed',
      mediumLabel: 'FIELD',
      devices: 5,
      devicesStillAtRisk: 5,
      brokerAtRisk: true,
    });
    // it is no export: everything is still to be written
    expect(state()).toMatchObject({ last: null, devicesToExport: 5 });
    expect(state().changedKitFiles).toHaveLength(8);
    expect(previewBroker(session, projectId).every((file) => file.change === 'never-exported')).toBe(true);
    expect((await previewDevice(session, idOf('m-1'))).every((file) => file.change === 'never-exported')).toBe(true);
    expect(await rekeyExport(session, record?.exportId ?? 0, 'keyCompromise')).toMatchObject({
      replaced: 5,
      brokerReissued: true,
    });
    expect(state().exports[0]).toMatchObject({ devicesStillAtRisk: 0, brokerAtRisk: false });
  });

  it('leaves the export before it as the last one', async () => {
    const first = await run();
    await replace('m-1');
    await expect(run({ fs: failing('syncFile', 2, 'EIO') })).rejects.toMatchObject({ code: 'EXPORT_MEDIUM_GONE' });
    expect(state()).toMatchObject({ last: { exportId: first.exportId }, devicesToExport: 1, changedKitFiles: ['certs/crl.pem'] });
    expect(outcomes()).toEqual(['finished', 'failed EXPORT_MEDIUM_GONE']);
    // what stands there is the first one, and asking for it again tells so
    expect(state().exports.map((entry) => entry.state)).toEqual(['failed', 'finished']);
    const again = await run();
    expect(again.unchanged).toBe(false);
    // the same stick, all keys of the failed one are in the new one
    expect(state().exports.map((entry) => `${entry.exportId} ${entry.state}`)).toEqual([
      `${again.exportId} finished`,
      `${first.exportId} finished`,
    ]);
  });

  it('stays in the list as long as no later export to the same stick holds its keys', async () => {
    await expect(run({ fs: failing('create', 4, 'EIO') })).rejects.toThrow('EXPORT_MEDIUM_GONE');
    await run({ medium: { label: 'OTHER', volumeId: 'other' }, directory: join(folder, 'other') });
    expect(state().exports.map((entry) => `${entry.mediumLabel} ${entry.state}`)).toEqual(['OTHER finished', 'FIELD failed']);
    await run({ withBroker: false });
    expect(state().exports).toHaveLength(3);
    await run();
    expect(state().exports.map((entry) => entry.state)).toEqual(['finished', 'finished', 'finished']);
  });

  it('is none where nothing was written', async () => {
    const full = { ...disturbed(() => undefined), space: async () => ({ free: 10, unit: 512 }) };
    await expect(run({ fs: full })).rejects.toMatchObject({ code: 'EXPORT_NO_SPACE' });
    await expect(run({ fs: failing('ensureFolder', 1, 'EROFS') })).rejects.toMatchObject({ code: 'EXPORT_READ_ONLY' });
    expect([outcomes(), told(), state().exports]).toEqual([[], [], []]);
  });

  it('says begun when the program was killed, and is offered for re-keying', async () => {
    const fs = disturbed((name, path) => {
      if (name !== 'syncFile') return;
      vault.close();
      throw systemError('EIO', name, path);
    });
    await expect(run({ fs })).rejects.toMatchObject({ code: 'EXPORT_MEDIUM_GONE' });
    vault = Vault.open(join(folder, 'v.fieldkey'), { kdfCost: testKdfCost });
    session = await vault.unlock(testSecret.passphrase, 'Ana');
    expect(outcomes()).toEqual(['begun']);
    expect(state().exports[0]).toMatchObject({ state: 'begun', devicesStillAtRisk: 5 });
  });

  it('is found when somebody takes its outcome out or changes it', async () => {
    await expect(run({ fs: failing('create', 4, 'EIO') })).rejects.toThrow('EXPORT_MEDIUM_GONE');
    const findings = async () => (await verifyVault(session)).findings.join();
    session.database.exec('SAVEPOINT before; DELETE FROM export_outcome');
    expect(await findings()).toContain('outcome of export 1:failed is in the audit log and missing');
    session.database.exec("ROLLBACK TO before; UPDATE export_outcome SET state = 'finished'");
    expect(await findings()).toMatch(/export_outcome 1 was changed outside the program.*1:finished was never made/);
    session.database.exec('ROLLBACK TO before; RELEASE before');
  });
});

describe('changes of the broker', () => {
  it('issue a certificate only for what stands in it, and say what to copy', async () => {
    await run();
    const paths = { ...settings(), log: '/var/log/mosquitto2' };
    expect(await changeBrokerSettings(session, projectId, paths)).toEqual({
      reissued: false,
      filesToCopy: ['mosquitto.conf', 'logrotate.conf'],
    });
    const moved = { ...paths, addresses: ['10.0.1.6'] };
    const change = await changeBrokerSettings(session, projectId, moved);
    expect(change).toMatchObject({ reissued: true });
    expect(change.filesToCopy).toEqual(expect.arrayContaining(['certs/server.crt', 'certs/server.key']));
    expect(change.filesToCopy).not.toContain('acl');
    const wrong = { ...moved, names: ['mqtt_lab'], port: 70_000 };
    await expect(changeBrokerSettings(session, projectId, wrong)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      params: { problems: expect.arrayContaining([expect.objectContaining({ path: 'settings.names[0]', rule: 'host-name' })]) },
    });
  });

  it('of access are held to the rules of a plan, and to the roles that devices have', () => {
    const access = testPlan().access.filter((rule) => rule.role !== 'dashboard');
    expect(() => changeAccess(session, projectId, access)).toThrow('role-unknown');
    const bad = testPlan().access.map((rule) => ({ ...rule, read: ['a/#/b'] }));
    expect(() => changeAccess(session, projectId, bad)).toThrow('topic-hash');
  });
});

describe('adding devices', () => {
  it('names every bad id and issues nothing then', async () => {
    const devices = ['m+1', 'new-1', 'NEW-1', 'M-2', 'observer'].map((id) => ({ id, role: 'device' as const }));
    const failure = await addDevices(session, projectId, devices).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'INPUT_INVALID' });
    const { problems } = (failure as { params: { problems: { path: string; rule: string }[] } }).params;
    expect(problems.map((p) => `${p.path} ${p.rule}`)).toEqual([
      'devices[0].id device-id-characters',
      'devices[2].id duplicate',
      'devices[3].id duplicate',
      'devices[4].id device-id-reserved',
    ]);
    expect(session.tables.device.where('1 = 1')).toHaveLength(5);
  });

  it('is completed by running it again with its memory', async () => {
    const devices = Array.from({ length: 450 }, (_, i) => ({ id: `late-${i}`, role: 'device' as const }));
    const memory = {};
    const stop = new AbortController();
    const control = { signal: stop.signal, onProgress: () => stop.abort() };
    await expect(addDevices(session, projectId, devices, control, memory)).rejects.toMatchObject({ code: 'JOB_CANCELLED' });
    expect(await addDevices(session, projectId, devices, {}, memory)).toBe(450);
    expect(session.tables.device.where('1 = 1')).toHaveLength(455);
  });
});

describe('previews', () => {
  it('show what an export would write and what changed, and never a secret', async () => {
    expect(previewBroker(session, projectId).every((file) => file.change === 'never-exported')).toBe(true);
    await run();
    await replace('m-1');
    const kit = previewBroker(session, projectId);
    expect(kit.find((file) => file.path === 'acl')).toMatchObject({ change: 'same', secret: false });
    expect(kit.find((file) => file.path === 'certs/crl.pem')).toMatchObject({ change: 'changed' });
    const replaced = await previewDevice(session, idOf('m-1'));
    expect(replaced.map((file) => `${file.path} ${file.change}`)).toEqual([
      'ca.crt same',
      'client.crt changed',
      'client.key changed',
      'mqtt.json changed',
      'README.txt changed',
    ]);
    expect((await previewDevice(session, idOf('m-2'))).every((file) => file.change === 'same')).toBe(true);
    await changeBrokerSettings(session, projectId, { ...settings(), port: 8884 });
    const moved = await previewDevice(session, idOf('m-2'));
    expect(moved.filter((file) => file.change === 'changed').map((file) => file.path)).toEqual(['mqtt.json', 'README.txt']);
    const all = [...kit, ...replaced, ...moved];
    expect(JSON.stringify(all)).not.toContain('PRIVATE KEY');
    expect(all.filter((file) => file.secret).every((file) => file.content === null && file.bytes > 0)).toBe(true);
  });
});

it('finds a record of an export that was taken out, and one that was cut', async () => {
  await run();
  const findings = async () => (await verifyVault(session)).findings.join();
  session.database.exec('SAVEPOINT before; DELETE FROM export_item WHERE id = 1');
  expect(await findings()).toContain('export 1 had 5 bundles, the table has 4');
  session.database.exec('DELETE FROM export_outcome; DELETE FROM export_item; DELETE FROM export');
  expect(await findings()).toContain('export 1 is in the audit log and missing');
  session.database.exec("ROLLBACK TO before; UPDATE export SET volume_id = 'x'");
  expect(await findings()).toContain('export 1 was changed outside the program');
  session.database.exec('ROLLBACK TO before; RELEASE before');
});
