import { X509Certificate } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { newConnection, newWill, type OwnConnection } from '../../../shared/model/own-connection.ts';
import { ownConnection } from '../../../shared/rules/own-connection.ts';
import { replaceDevices } from '../../authority/replace-devices.ts';
import { revokeCertificate } from '../../authority/revoke.ts';
import { newestCertificateId } from '../../authority/succeed-devices.ts';
import { testPlan } from '../../authority/testing/fixtures.ts';
import { type Lab, openLab } from '../../tester/testing/lab.ts';
import { type LocalTester, localTester } from '../../tester/testing/local-tester.ts';
import { provision } from '../provision.ts';
import { exportConnections, importConnections } from './import-connections.ts';
import { openConnection } from './open-connection.ts';
import { listConnections, putConnection } from './own-connections.ts';

/** Connections with options of their own that speak as the observer or as a device, at the broker of the project's kit. */
const patient = { timeout: 30_000, interval: 20 };
let lab: Lab;
let tester: LocalTester;
let count = 0;

beforeAll(async () => {
  lab = await openLab();
  tester = localTester({ connect: 5_000, probe: 1_000, backOff: [100] });
});
afterEach(() => tester.closeAll());
afterAll(() => lab?.close());

const settings = (changes: Partial<OwnConnection>): OwnConnection =>
  ownConnection.parse({ ...newConnection, name: `c${++count}`, host: 'localhost', port: lab.port, ...changes });
const stored = (changes: Partial<OwnConnection>) =>
  putConnection(lab.vault.session, lab.projectId, { id: null, settings: settings(changes) }, {});
const opened = (ownId: number, takeover = true) =>
  openConnection(lab.vault.session, { projectId: lab.projectId, ownId, ...(takeover ? { takeoverAccepted: true } : {}) });
const again = (id: number) => {
  const found = listConnections(lab.vault.session, lab.projectId).find((each) => each.id === id);
  if (!found) throw new Error(`no connection ${id}`);
  return found;
};
async function connect(ownId: number) {
  const { name, speaksAs, ...order } = opened(ownId);
  const connectionId = `speaker-${++count}-connection`;
  return { connectionId, state: await tester.call('connect', { connectionId, ...order }) };
}
const deviceOf = (name: string) => {
  const device = lab.vault.session.tables.device.where('project_id = ? AND name = ?', lab.projectId, name)[0];
  if (!device) throw new Error(name);
  return device.id;
};
const serialOf = (pem: string) => new X509Certificate(pem).serialNumber.toLowerCase().replace(/^0+/, '');

describe('as the observer', () => {
  it('keeps its session, its keep-alive and its will, with a key that is nowhere but in its place', async () => {
    const { id, certificate, speaker, device, has } = stored({
      speaksAs: { kind: 'observer' },
      tls: { ...newConnection.tls, minimum: 'TLSv1.3', alpn: ['mqtt'] },
      mqtt: { ...newConnection.mqtt, protocol: '5', cleanStart: false, keepAlive: 61, sessionExpiry: 600, receiveMaximum: 5 },
      will: { ...newWill, topic: 'lab/commands/meter-001', payload: { form: 'text', text: 'the observer is gone' } },
    });
    expect({ speaker, device, has }).toEqual({
      speaker: 'ready',
      device: null,
      has: { password: false, key: false, authenticationData: false, authenticationAnswers: 0 },
    });
    expect(certificate).toMatchObject({ name: 'observer' });
    expect(lab.vault.session.tables.ownConnection.get(id)).toMatchObject({ sealed: null });
    expect(opened(id, false)).toMatchObject({ reconnects: true, identity: { id: 'observer' } });

    const first = await connect(id);
    expect(first.state).toMatchObject({
      phase: 'connected',
      protocolVersion: 5,
      tls: { protocol: 'TLSv1.3' },
      granted: { sessionPresent: false },
    });
    await expect.poll(() => lab.broker.log(), patient).toMatch(/as observer \(p5, c0, k61, u'observer'\)/);
    await tester.call('disconnect', { connectionId: first.connectionId });
    const second = await connect(id);
    expect(second.state).toMatchObject({ phase: 'connected', granted: { sessionPresent: true } });

    // cut off, the will reaches whom it is for
    const meter = stored({ speaksAs: { kind: 'device', device: 'meter-001' } });
    const listener = await connect(meter.id);
    await tester.call('subscribe', { connectionId: listener.connectionId, filter: 'lab/commands/meter-001', qos: 1 });
    await tester.call('disconnect', { connectionId: second.connectionId, cut: true });
    await expect
      .poll(() => tester.messages(listener.connectionId).map(({ payload }) => Buffer.from(payload).toString()), patient)
      .toEqual(['the observer is gone']);
  });

  it('trusts whom it is told to, and nobody else', async () => {
    const { id } = stored({ speaksAs: { kind: 'observer' }, tls: { ...newConnection.tls, trust: 'system' } });
    expect((await connect(id)).state).toMatchObject({ phase: 'closed', failure: { cause: 'broker-other-root' } });
    const open = stored({ speaksAs: { kind: 'observer' }, tls: { ...newConnection.tls, trust: 'system', verify: false } });
    expect((await connect(open.id)).state).toMatchObject({ phase: 'connected' });
  });
});

describe('as a device', () => {
  it('asks each time, never comes back by itself, and works with the certificate of the day', async () => {
    const { session } = lab.vault;
    // its id in any spelling
    const { id, device, certificate } = stored({ speaksAs: { kind: 'device', device: 'METER-002' }, reconnect: 'losses' });
    expect(device).toEqual({ deviceId: deviceOf('meter-002'), id: 'meter-002' });
    expect(() => opened(id, false)).toThrow('INPUT_INVALID');
    const before = opened(id);
    expect(before).toMatchObject({ reconnects: false, identity: { id: 'meter-002' } });
    expect((await connect(id)).state).toMatchObject({ phase: 'connected' });

    const replacement = { deviceId: deviceOf('meter-002'), certificateId: newestCertificateId(session, deviceOf('meter-002')) };
    await replaceDevices(session, lab.projectId, [replacement], { key: 'p256', days: 397, reason: 'superseded' });
    const after = opened(id);
    expect(serialOf(after.identity.certificateChain)).not.toBe(serialOf(before.identity.certificateChain));
    expect(Buffer.from(after.identity.key).equals(Buffer.from(before.identity.key))).toBe(false);
    expect(again(id).certificate?.fingerprint).not.toBe(certificate?.fingerprint);
    expect((await connect(id)).state).toMatchObject({ phase: 'connected' });
    const noted = session.database.prepare("SELECT * FROM audit WHERE action = 'tester.connect' ORDER BY seq DESC LIMIT 1").get();
    expect(noted).toMatchObject({ subject: again(id).settings.name });
    expect(JSON.stringify(noted)).toContain('meter-002');
    expect(JSON.stringify(noted)).not.toContain('PRIVATE KEY');
  });

  it('says that a device is revoked or not there, and lets a refusal be tried', async () => {
    const { session } = lab.vault;
    const { id } = stored({ speaksAs: { kind: 'device', device: 'dash-1' } });
    for (const row of session.tables.certificate.where('device_id = ?', deviceOf('dash-1')))
      session.write((log) => revokeCertificate(session, log, row, 'keyCompromise'));
    expect(again(id)).toMatchObject({ speaker: 'revoked', device: { id: 'dash-1' } });
    expect(opened(id)).toMatchObject({ identity: { id: 'dash-1' } });
    const nobody = stored({ speaksAs: { kind: 'device', device: 'meter-404' } });
    expect(nobody).toMatchObject({ speaker: 'missing', device: null, certificate: null });
    expect(() => opened(nobody.id)).toThrow('DEVICE_NOT_FOUND');
  });

  it('is refused in the clear, before it is stored', () => {
    const clear = { ...newConnection, name: 'c', host: 'h', transport: 'mqtt', speaksAs: { kind: 'observer' } } as const;
    expect(ownConnection.safeParse(clear).success).toBe(false);
  });
});

it('leaves certificate, user and password of its own when it begins to speak as somebody of the vault', () => {
  const own = settings({ user: 'pump', speaksAs: { kind: 'observer' } });
  const put = putConnection(lab.vault.session, lab.projectId, { id: null, settings: own }, { password: 'well water' });
  expect(put).toMatchObject({ settings: { user: '' }, has: { password: false } });
});

it('goes into a file without a key, and speaks as the device of that id where it is read', async () => {
  const { session } = lab.vault;
  const mine = stored({ speaksAs: { kind: 'device', device: 'meter-001' } });
  const text = exportConnections(session, lab.projectId, [mine.id]);
  expect(JSON.parse(text)).toMatchObject({ version: 2, connections: [{ speaksAs: { kind: 'device', device: 'meter-001' } }] });
  expect(text).not.toMatch(/PRIVATE KEY|BEGIN/);
  const other = await provision(session, testPlan({ project: 'other', devices: [{ id: 'meter-001' }] }));
  const [read] = await importConnections(session, other.projectId, Buffer.from(text), [0]);
  expect(read).toMatchObject({ speaker: 'ready', settings: { speaksAs: { device: 'meter-001' } } });
  expect(read?.device?.deviceId).not.toBe(deviceOf('meter-001'));
  // one that nobody speaks through is read by older programs too
  expect(JSON.parse(exportConnections(session, lab.projectId, [stored({}).id]))).toMatchObject({ version: 1 });
});

it('reads what was stored before there was anything to speak as', () => {
  const { session } = lab.vault;
  const { speaksAs, ...older } = settings({ user: 'pump' });
  const { id } = stored({ user: 'pump' });
  const row = session.tables.ownConnection.get(id);
  if (!row) throw new Error('no row');
  session.write(() =>
    session.putConnection(id, { projectId: lab.projectId, settings: JSON.stringify(older) }, session.openConnection(row)),
  );
  expect(again(id)).toMatchObject({ settings: { ...older, speaksAs: null }, speaker: null });
  expect(opened(id)).toMatchObject({ speaksAs: null, identity: { certificateChain: '', login: { username: 'pump' } } });
});
