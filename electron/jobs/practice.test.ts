import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTcp, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { accessEvaluator } from '../../shared/rules/access-list.ts';
import { publishCrls } from '../authority/publish-crl.ts';
import { replaceDevices, replacementsOf } from '../authority/replace-devices.ts';
import { openTestIdentity } from '../authority/test-identity.ts';
import { testPlan } from '../authority/testing/fixtures.ts';
import type { MeterIdentity } from '../broker/practice/channel.ts';
import { type LocalPractice, localPractice } from '../broker/practice/testing/local-practice.ts';
import { askedTopics, randomAccessLists } from '../broker/testing/random-access.ts';
import { keyPem } from '../pki/key-pem.ts';
import { certificatePem } from '../pki/pem.ts';
import { Vault } from '../vault/vault.ts';
import { verifyVault } from '../vault/verify.ts';
import { createPractice, openBroker, openMeters, type PracticeVault, practiceMeters } from './practice.ts';
import { provision } from './provision.ts';

const host = '127.0.0.1';
const patient = { timeout: 30_000 };
let folder: string;
let made: PracticeVault;
let practice: LocalPractice;
let port: number;
const clients: MqttClient[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-practice-'));
  made = await createPractice(join(folder, 'practice.fieldkey'), 'Ana');
  practice = localPractice();
  ({ port } = await practice.call('startBroker', openBroker(made.vault.session, made.projectId, { host, port: 0 })));
});
afterAll(async () => {
  for (const client of clients) client.end(true);
  await practice.call('stop', undefined);
  made.vault.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Observer, device or canary by name. */
function identity(who: string): MeterIdentity {
  const { session } = made.vault;
  const device = session.tables.device.where('name_folded = ?', who)[0];
  const certificate = session.tables.certificate.where('kind = ?', who)[0];
  if (who === 'canary' && certificate?.key_id) {
    const key = new TextEncoder().encode(keyPem(session.openKey(certificate.key_id).pkcs8));
    return { ...identity('observer'), id: 'canary', certificateChain: certificatePem(certificate.der), key };
  }
  const wanted = device
    ? ({ kind: 'device', deviceId: device.id, takeoverAccepted: true } as const)
    : ({ kind: 'observer' } as const);
  return openTestIdentity(session, { projectId: made.projectId, identity: wanted, host, port });
}

interface Connected {
  readonly client: MqttClient;
  readonly received: string[];
}

function connect(as: MeterIdentity, options: object = {}, to = port): Promise<Connected> {
  const client = new MqttClient(
    () => connectTls({ host, port: to, ca: as.ca, cert: as.certificateChain, key: Buffer.from(as.key) }),
    { protocolVersion: 4, clientId: 'whatever', reconnectPeriod: 0, connectTimeout: 8_000, timerVariant: 'native', ...options },
  );
  clients.push(client);
  const received: string[] = [];
  client.on('message', (topic, payload) => void received.push(`${topic} ${payload}`));
  return new Promise((resolve, reject) => {
    client.once('connect', () => resolve({ client, received }));
    client.once('error', reject);
    client.once('close', () => reject(new Error('closed')));
  });
}

const refusalOf = (reason: string) => practice.all('refused').find((refusal) => refusal.reason === reason);

it('is marked as practice, open or locked, and an ordinary vault is not', async () => {
  expect(made.vault.practice).toBe(true);
  const file = join(folder, 'second.fieldkey');
  (await createPractice(file, 'Ana')).vault.close();
  const again = Vault.open(file);
  expect([again.unlocked, again.practice]).toEqual([false, true]);
  again.close();
  const ordinary = await Vault.create(
    join(folder, 'v.fieldkey'),
    { passphrase: 'correct horse battery', operator: 'Ana' },
    { kdfCost: { n: 1024, r: 8, p: 1 } },
  );
  expect(ordinary.practice).toBe(false);
  ordinary.close();
  expect(await verifyVault(made.vault.session)).toMatchObject({ sound: true });
});

it('three meters publish to the observer and answer commands', async () => {
  const { client, received } = await connect(identity('observer'));
  await client.subscribeAsync('#', { qos: 1 });
  await practice.call('startMeters', { meters: openMeters(made.vault.session, made.projectId, { host, port }, { interval: 1 }) });
  await vi.waitFor(() => {
    for (const id of practiceMeters) {
      const readings = received
        .filter((line) => line.startsWith(`practice/energy/${id} `))
        .map((l) => JSON.parse(l.slice(l.indexOf('{'))));
      expect(readings.length).toBeGreaterThan(1);
      expect(readings.at(-1).energy).toBeGreaterThanOrEqual(readings[0].energy);
    }
  }, patient);
  await client.publishAsync('practice/commands/meter-002', '{"command":"identify"}', { qos: 1 });
  await client.publishAsync('practice/commands/meter-003', '{"command":"interval","seconds":60}', { qos: 1 });
  await vi.waitFor(() => {
    expect(received.some((l) => l.startsWith('practice/energy/meter-002 ') && l.includes('"answer":"identify"'))).toBe(true);
    expect(practice.all('meters').findLast((m) => m.id === 'meter-003')).toMatchObject({ phase: 'connected', interval: 60 });
  }, patient);
  await practice.call('stopMeters', {});
  await vi.waitFor(() => expect(practice.all('closed').filter((c) => c.reason === 'left')).toHaveLength(3), patient);
  client.end(true);
});

it('acknowledges a refused publish, delivers it to nobody, and tells which line decided', async () => {
  const observer = await connect(identity('observer'));
  // no subscription is refused
  expect((await observer.client.subscribeAsync(['practice/#', '$SYS/#', 'anything'], { qos: 1 })).map((g) => g.qos)).toEqual([
    1, 1, 1,
  ]);
  const meter = await connect(identity('meter-001'));
  for (const topic of ['practice/energy/meter-002', '$SYS/broker/version', 'practice/energy/meter-001']) {
    await meter.client.publishAsync(topic, 'by meter-001', { qos: 2, retain: topic !== 'practice/energy/meter-001' });
  }
  await vi.waitFor(() => expect(observer.received).toEqual(['practice/energy/meter-001 by meter-001']), patient);
  await vi.waitFor(() => expect(practice.all('denied')).toHaveLength(2), patient);
  expect(practice.all('denied').map(({ name, topic, decision }) => [name, topic, decision.reason])).toEqual([
    ['meter-001', 'practice/energy/meter-002', 'no-line'],
    ['meter-001', '$SYS/broker/version', 'broker-topic'],
  ]);
  // taking over: the older connection goes, its will is published
  await meter.client.endAsync();
  const will = { topic: 'practice/energy/meter-001', payload: Buffer.from('gone'), qos: 1 as const, retain: false };
  const older = await connect(identity('meter-001'), { will });
  const closed = new Promise((resolve) => older.client.once('close', () => resolve(null)));
  await connect(identity('meter-001'));
  await closed;
  await vi.waitFor(() => expect(observer.received).toContain('practice/energy/meter-001 gone'), patient);
  await vi.waitFor(() => expect(practice.all('closed').some((c) => c.reason === 'taken-over')).toBe(true), patient);
});

it('refuses whom it must, and says why', async () => {
  const other = await createPractice(join(folder, 'other.fieldkey'), 'Ana');
  const stranger = openTestIdentity(other.vault.session, {
    projectId: other.projectId,
    identity: { kind: 'observer' },
    host,
    port,
  });
  other.vault.close();
  await expect(connect({ ...stranger, ca: identity('observer').ca })).rejects.toThrow();
  await expect(connect(identity('canary'))).rejects.toThrow();
  await expect(connect(identity('observer'), { protocolVersion: 5 })).rejects.toThrow();
  const none = connectTls({ host, port, ca: identity('observer').ca });
  none.on('error', () => undefined).resume();
  const plain = new MqttClient(() => connectTcp(port, host), { protocolVersion: 4, reconnectPeriod: 0, timerVariant: 'native' });
  plain.on('error', () => undefined);
  clients.push(plain);
  await vi.waitFor(() => {
    for (const reason of ['unknown-authority', 'revoked', 'no-certificate', 'not-tls', 'mqtt-version']) {
      expect(refusalOf(reason), reason).toBeDefined();
    }
  }, patient);
  expect(refusalOf('revoked')).toMatchObject({ name: 'canary', address: host, raw: 'CERT_REVOKED' });
});

it('ends a connection whose packet is too large before it has arrived', async () => {
  const { client } = await connect(identity('meter-002'));
  client.on('error', () => undefined);
  client.publish('practice/energy/meter-002', Buffer.alloc(1_100_000), { qos: 1 });
  await vi.waitFor(() => expect(practice.all('closed').some((c) => c.reason === 'packet-too-large')).toBe(true), patient);
});

it('takes a new revocation list and new rules while it runs', async () => {
  const { session } = made.vault;
  const before = identity('meter-003');
  const still = await connect({ ...before, key: before.key.slice() });
  const [device] = session.tables.device.where('name = ?', 'meter-003');
  const replacements = replacementsOf(session, made.projectId, [device?.id ?? 0]);
  await replaceDevices(session, made.projectId, replacements, { reason: 'keyCompromise', key: 'p256', days: 90 });
  await publishCrls(session, made.projectId);
  const { identity: fresh } = openBroker(session, made.projectId, { host, port });
  await practice.call('exchange', { identity: fresh });
  // as with a reload of Mosquitto
  expect(still.client.connected).toBe(true);
  await practice.call('exchange', { endConnections: true });
  await vi.waitFor(() => expect(still.client.connected).toBe(false), patient);
  await expect(connect(before)).rejects.toThrow();
  await vi.waitFor(
    () => expect(refusalOf('revoked') && practice.all('refused').some((r) => r.name === 'meter-003')).toBe(true),
    patient,
  );
  await connect(identity('meter-003'));
});

it('decides with real clients as the evaluator does', async () => {
  const publisher = await connect(identity('dashboard'));
  const meter = await connect(identity('meter-001'));
  let topics = 0;
  let told = practice.all('denied').length;
  for (const [index, list] of randomAccessLists(40, 7).entries()) {
    // user m-1 of the lists is our meter here, and the dashboard may publish everything
    const renamed = list.map((line) => (line.kind === 'user' && line.user === 'm-1' ? { ...line, user: 'meter-001' } : line));
    const all = (topic: string) => ({ kind: 'topic', access: 'readwrite', topic }) as const;
    // at the end, so that lines before any user stay those of nobody
    const access = [...renamed, { kind: 'user', user: 'dashboard' } as const, all('#'), all('$foo/#')];
    await practice.call('exchange', { access });
    const decide = accessEvaluator(access);
    const may = (topic: string, verb: 'read' | 'write') =>
      decide({ user: 'meter-001', clientId: 'meter-001', topic, verb }).allowed;
    const asked = askedTopics.filter(
      (topic, i) => !topic.startsWith('$SYS') && !topic.startsWith('$sys') && (i + index) % 3 === 0,
    );
    await meter.client.subscribeAsync(['#', '$foo/#'], { qos: 1 });
    meter.received.length = 0;
    for (const topic of asked) await publisher.client.publishAsync(topic, 'x', { qos: 1 });
    await meter.client.unsubscribeAsync(['#', '$foo/#']);
    await vi.waitFor(
      () =>
        expect([...meter.received].sort()).toEqual(
          asked
            .filter((t) => may(t, 'read'))
            .map((t) => `${t} x`)
            .sort(),
        ),
      patient,
    );
    for (const topic of asked) await meter.client.publishAsync(topic, 'w', { qos: 1 });
    const denied = asked.filter((t) => !may(t, 'write'));
    await vi.waitFor(
      () =>
        expect(
          practice
            .all('denied')
            .slice(told)
            .map((d) => d.topic),
        ).toEqual(denied),
      patient,
    );
    told += denied.length;
    topics += asked.length;
  }
  expect(topics).toBeGreaterThan(1_000);
});

it('tells why it cannot listen, and frees its port when it stops', async () => {
  const { session } = made.vault;
  const second = localPractice();
  const start = (place: { host: string; port: number }) => second.call('startBroker', openBroker(session, made.projectId, place));
  await expect(start({ host, port })).rejects.toMatchObject({ failure: { reason: 'port-in-use', host, port } });
  await expect(start({ host: '192.0.2.1', port: 0 })).rejects.toMatchObject({ failure: { reason: 'address-not-available' } });
  const { port: own } = await start({ host, port: 0 });
  await second.call('stop', undefined);
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(own, host, resolve));
  server.close();
  const opened = session.database.prepare("SELECT count(*) FROM audit WHERE action = 'broker.open'").pluck().get();
  expect(opened).toBeGreaterThanOrEqual(4);
});

it('meters write where rules with wildcards allow it, and hear commands through a filter', async () => {
  const vault = await Vault.create(
    join(folder, 'wild.fieldkey'),
    { passphrase: 'correct horse battery', operator: 'Ana' },
    { kdfCost: { n: 1024, r: 8, p: 1 } },
  );
  const local = localPractice();
  try {
    for (const [index, [write, topic]] of [
      ['{project}/data/{device}/#', 'wild-0/data/meter-001'],
      ['{project}/+/{device}', 'wild-1/energy/meter-001'],
    ].entries()) {
      const project = `wild-${index}`;
      const { projectId } = await provision(vault.session, {
        ...testPlan({ project, devices: [{ id: 'meter-001' }] }),
        access: [{ role: 'device', write: [write ?? ''], read: ['{project}/commands/{device}/#'] }],
      });
      const { port: own } = await local.call('startBroker', openBroker(vault.session, projectId, { host, port: 0 }));
      const place = { host, port: own };
      const watcher = openTestIdentity(vault.session, { projectId, identity: { kind: 'observer' }, ...place });
      const { client, received } = await connect(watcher, {}, own);
      await client.subscribeAsync('#', { qos: 1 });
      await local.call('startMeters', { meters: openMeters(vault.session, projectId, place, { interval: 1 }) });
      await vi.waitFor(() => expect(received.some((line) => line.startsWith(`${topic} {`))).toBe(true), patient);
      await client.publishAsync(`${project}/commands/meter-001/any`, '{"command":"identify"}', { qos: 1 });
      await vi.waitFor(() => expect(received.some((line) => line.includes('"answer":"identify"'))).toBe(true), patient);
      await local.call('stop', undefined);
    }
    expect(local.all('denied')).toEqual([]);
  } finally {
    await local.call('stop', undefined);
    vault.close();
  }
});
