import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { MqttClient } from 'mqtt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { differs } from '../../shared/rules/proof-judgement.ts';
import { openTestIdentity } from '../authority/test-identity.ts';
import { testPlan, testVault } from '../authority/testing/fixtures.ts';
import type { MeterIdentity } from '../broker/practice/channel.ts';
import { localPractice } from '../broker/practice/testing/local-practice.ts';
import { localTester } from '../tester/testing/local-tester.ts';
import type { Vault } from '../vault/vault.ts';
import { makePasswords } from './passwords.ts';
import { brokerMarks, openBroker, openMeters } from './practice.ts';
import { finishProof, prepareProof } from './prove-access.ts';
import { provision } from './provision.ts';
import { shareCertificate } from './share-certificate.ts';

/** The broker on this computer, for projects whose kit is not the usual one: it has to do what a broker with that kit does. */
const host = '127.0.0.1';
const patient = { timeout: 30_000 };

class Local {
  readonly practice = localPractice();
  readonly #folder = mkdtempSync(join(tmpdir(), 'fieldkey-temporary-'));
  readonly #clients: MqttClient[] = [];
  vault!: Vault;
  projectId = 0;
  port = 0;

  async start(identity: 'certificate' | 'certificate-password' | 'password', before: (local: Local) => void = () => undefined) {
    this.vault = await testVault(join(this.#folder, 'v.fieldkey'));
    const broker = { names: ['localhost'], addresses: [host], kit: { identity } };
    ({ projectId: this.projectId } = await provision(
      this.vault.session,
      testPlan({ broker, devices: [{ pattern: 'm-{1..3}' }] }),
    ));
    before(this);
    const order = openBroker(this.vault.session, this.projectId, { host, port: 0 });
    ({ port: this.port } = await this.practice.call('startBroker', order));
  }

  deviceId(name: string): number {
    return this.vault.session.tables.device.where('name = ?', name)[0]?.id ?? 0;
  }

  identity(name: string): MeterIdentity {
    const identity = { kind: 'device', deviceId: this.deviceId(name), takeoverAccepted: true } as const;
    return openTestIdentity(this.vault.session, { projectId: this.projectId, identity, host, port: this.port });
  }

  /** Null when the broker refuses; its word stands in its own list. */
  connect(who: MeterIdentity, login = who.login, clientId = who.id): Promise<MqttClient | null> {
    const secure = { ca: who.ca, cert: who.certificateChain, key: Buffer.from(who.key) };
    const client = new MqttClient(() => connectTls({ host, port: this.port, ...secure }), {
      protocolVersion: 4,
      clientId,
      ...login,
      reconnectPeriod: 0,
    });
    this.#clients.push(client);
    return new Promise((resolve) => {
      client.on('error', () => undefined);
      client.once('connect', () => resolve(client));
      client.once('close', () => resolve(null));
    });
  }

  refusals() {
    return this.practice.all('refused').map(({ name, reason }) => [name, reason]);
  }

  leave() {
    for (const client of this.#clients.splice(0)) client.end(true);
  }

  async end() {
    this.leave();
    await this.practice.call('stop', undefined);
    this.vault.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

describe.each(['certificate-password', 'password'] as const)('a temporary broker by %s', (identity) => {
  const local = new Local();
  beforeAll(() => local.start(identity));
  afterEach(() => local.leave());
  afterAll(() => local.end());

  it('takes everybody’s own password, and refuses none, a wrong one and that of another name', async () => {
    const meter = local.identity('m-1');
    expect(await local.connect(meter)).not.toBeNull();
    const { login } = meter;
    if (!login) throw new Error('m-1 has no password');
    expect(await local.connect(meter, { ...login, password: `${login.password}x` })).toBeNull();
    expect(await local.connect(meter, { ...login, username: 'm-2' })).toBeNull();
    expect(await local.connect({ ...meter, login: undefined })).toBeNull();
    await expect.poll(() => local.refusals().filter(([, reason]) => reason === 'password'), patient).toHaveLength(3);
  });

  it('does what the project says, refusals and all: a proof finds nothing else', async () => {
    const tester = localTester();
    const { session } = local.vault;
    const place = { projectId: local.projectId, host, port: local.port };
    const prepared = await prepareProof(session, { ...place, deviceIds: [local.deviceId('m-1'), local.deviceId('m-2')] });
    const observed = await tester.call('prove', { proofId: 'temporary', ...place, ...prepared });
    const { report } = await finishProof(session, place, prepared, observed);
    expect(report.connections.map(({ protocolVersion }) => protocolVersion)).toEqual([4, 4, 4]);
    expect(report.checks.filter(differs)).toEqual([]);
    // but its version, which this broker does not tell
    const open = report.checks.filter(({ expected, seen }) => expected && seen === 'untried');
    expect(open.map(({ topic }) => topic)).toEqual(['$SYS/broker/version']);
    expect(report.refusals.filter(({ seen }) => seen !== 'refused')).toEqual([]);
    expect(report.refusals.length).toBe(identity === 'password' ? 5 : 8);
  });

  it('knows a changed password at once: the old and the new one while both go on, then only the new one', async () => {
    const { session } = local.vault;
    const before = local.identity('m-3');
    const old = await local.connect(before);
    const marks = brokerMarks(session, local.projectId);
    const [m3] = [local.deviceId('m-3')];
    await makePasswords(session, local.projectId, { deviceIds: [m3], overlap: true });
    expect(brokerMarks(session, local.projectId)).not.toEqual(marks);
    const exchange = async () => {
      const { access, clients } = openBroker(session, local.projectId, { host, port: local.port });
      await local.practice.call('exchange', { access, clients });
    };
    await exchange();
    expect(old?.connected).toBe(true);
    const after = local.identity('m-3');
    expect(after.login?.username).toBe('m-3@2');
    const moved = await local.connect(after);
    const heard: string[] = [];
    moved?.on('message', (topic) => heard.push(topic));
    await moved?.subscribeAsync('lab/commands/#');
    const observer = openTestIdentity(session, {
      projectId: local.projectId,
      identity: { kind: 'observer' },
      host,
      port: local.port,
    });
    const sender = await local.connect(observer);
    for (const topic of ['lab/commands/m-1', 'lab/commands/m-3']) await sender?.publishAsync(topic, 'x', { qos: 1 });
    await expect.poll(() => heard, patient).toEqual(['lab/commands/m-3']);
    // at once: whoever still comes with the old one is put out
    await makePasswords(session, local.projectId, { deviceIds: [local.deviceId('m-1')], overlap: false });
    const stale = await local.connect({ ...local.identity('m-1'), login: before.login });
    expect(stale).not.toBeNull();
    const [own] = [await local.connect(local.identity('m-2'))];
    await makePasswords(session, local.projectId, { deviceIds: [local.deviceId('m-2')], overlap: false });
    await exchange();
    await expect.poll(() => own?.connected, patient).toBe(false);
    expect(moved?.connected).toBe(true);
    expect(await local.connect(local.identity('m-2'))).not.toBeNull();
  });

  it('has simulated meters that come with their passwords', async () => {
    const meters = openMeters(local.vault.session, local.projectId, { host, port: local.port }, { interval: 1 });
    await local.practice.call('startMeters', { meters });
    const connected = () => new Set(local.practice.all('meters').flatMap(({ id, phase }) => (phase === 'connected' ? [id] : [])));
    await expect.poll(() => connected().size, patient).toBe(3);
    await local.practice.call('stopMeters', {});
  });
});

describe('a temporary broker where devices share a certificate', () => {
  const local = new Local();
  beforeAll(() =>
    local.start('certificate', ({ vault, projectId, deviceId }) => {
      shareCertificate(vault.session, projectId, deviceId.call(local, 'm-1'), [deviceId.call(local, 'm-2')]);
    }),
  );
  afterAll(() => local.end());

  it('leaves both connected, with the rights of both', async () => {
    const shown = local.identity('m-1');
    const [first, second] = [await local.connect(shown), await local.connect(shown, undefined, 'm-2')];
    const { session } = local.vault;
    const observer = openTestIdentity(session, {
      projectId: local.projectId,
      identity: { kind: 'observer' },
      host,
      port: local.port,
    });
    const ears = await local.connect(observer);
    const heard: string[] = [];
    ears?.on('message', (topic) => heard.push(topic));
    await ears?.subscribeAsync('lab/#');
    for (const [client, topic] of [
      [first, 'lab/energy/m-1'],
      [second, 'lab/energy/m-2'],
      [second, 'lab/energy/m-3'],
    ] as const)
      await client?.publishAsync(topic, 'x', { qos: 1 });
    await expect.poll(() => heard, patient).toEqual(['lab/energy/m-1', 'lab/energy/m-2']);
    expect([first?.connected, second?.connected]).toEqual([true, true]);
    const denied = () => local.practice.all('denied').map(({ name, topic }) => [name, topic]);
    await expect.poll(denied, patient).toEqual([['m-1', 'lab/energy/m-3']]);
  });
});
