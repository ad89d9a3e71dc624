import { connect as connectTcp } from 'node:net';
import path from 'node:path';
import { connect as connectTls, type SecureVersion } from 'node:tls';
import { MqttClient } from 'mqtt';
import type { PracticeActivity, RefusedConnection } from '../electron/broker/practice/channel.ts';
import { makeTestAuthority, type TestAuthority } from '../electron/broker/testing/certificates.ts';
import type { ConnectionReport, MessageBatch } from '../electron/tester/channel.ts';
import { issueDated } from '../electron/tester/testing/dated-certificate.ts';
import type { AccessList } from '../shared/rules/access-list.ts';
import { expect, test } from './fixtures/app.ts';
import { forkUtility, type Utility } from './fixtures/utility.ts';

const host = '127.0.0.1';
const maxConnections = 2;

/** Meters write their own topic, `dashboard` reads them all. */
const access: AccessList = [
  { kind: 'user', user: 'dashboard' },
  { kind: 'topic', access: 'read', topic: 'lab/energy/#' },
  { kind: 'pattern', access: 'write', topic: 'lab/energy/%u' },
];

type Pair = { readonly certificate: string; readonly key: string };

/** Everybody who knocks, made by openssl. */
async function people(folder: string): Promise<{ ours: TestAuthority; who: Record<string, Pair> }> {
  const ours = await makeTestAuthority(path.join(folder, 'ours'));
  const who = {
    server: await ours.issue('server', 'serverAuth'),
    meter: await ours.issue('meter'),
    dashboard: await ours.issue('dashboard'),
    revoked: await ours.issue('revoked'),
    purpose: await ours.issue('purpose', 'serverAuth'),
    // the same name, as when somebody makes the CA once more
    stranger: await (await makeTestAuthority(path.join(folder, 'other'))).issue('stranger'),
    expired: await issueDated(ours, 'expired', 'clientAuth', '20200101000000Z', '20210101000000Z'),
    early: await issueDated(ours, 'early', 'clientAuth', '20400101000000Z', '20410101000000Z'),
  };
  await ours.revoke('revoked');
  return { ours, who };
}

interface Broker {
  readonly port: number;
  readonly practice: Utility;
  readonly ours: TestAuthority;
  readonly who: Record<string, Pair>;
}

async function activity({ practice }: Broker): Promise<PracticeActivity[]> {
  return (await practice.told()).filter(({ kind }) => kind === 'activity').map(({ batch }) => batch as PracticeActivity);
}

async function refusals(broker: Broker): Promise<RefusedConnection[]> {
  return (await activity(broker)).flatMap(({ refused }) => refused);
}

interface Knock {
  readonly as?: string;
  readonly tls?: SecureVersion;
  readonly plain?: boolean;
  readonly protocolVersion?: 4 | 5;
}

const open: MqttClient[] = [];

/** Knocks at the broker with Node's OpenSSL; gives the client that was let in, or null. */
function knock({ port, ours, who }: Broker, { as, tls, plain, protocolVersion = 4 }: Knock): Promise<MqttClient | null> {
  const pair = as === undefined ? undefined : who[as];
  const versions = tls ? { minVersion: tls, maxVersion: tls } : {};
  const client = new MqttClient(
    () =>
      plain
        ? connectTcp(port, host)
        : connectTls({
            host,
            port,
            ca: ours.ca,
            ...(pair ? { cert: pair.certificate, key: pair.key } : {}),
            ...versions,
            // OpenSSL offers TLS 1.1 at its lowest level of security only
            ...(tls === 'TLSv1.1' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
          }),
    { protocolVersion, clientId: 'anybody', reconnectPeriod: 0, connectTimeout: 10_000, timerVariant: 'native' },
  );
  client.on('error', () => undefined);
  open.push(client);
  return new Promise((resolve) => {
    client.once('connect', () => resolve(client));
    client.once('close', () => resolve(null));
  });
}

test.afterEach(() => {
  for (const client of open.splice(0)) client.end(true);
});

test('the practice broker in a utility process lets in whom it should and tells why it refuses the others', async ({
  start,
  scratch,
}) => {
  const { ours, who } = await people(scratch);
  const { app } = await start();
  const practice = await forkUtility(app, 'practice-worker');
  const { port } = await practice.ask<{ port: number }>('startBroker', {
    host,
    port: 0,
    identity: { certificateChain: who.server?.certificate, key: who.server?.key, ca: ours.ca, crl: await ours.crl() },
    access,
    limits: { maxConnections },
  });
  const broker: Broker = { port, practice, ours, who };

  await test.step('accepted with TLS 1.2 and 1.3', async () => {
    for (const tls of ['TLSv1.2', 'TLSv1.3'] as const) {
      const client = await knock(broker, { as: 'meter', tls });
      expect(client, tls).not.toBeNull();
      await client?.endAsync();
      await expect
        .poll(async () => (await activity(broker)).flatMap(({ opened }) => opened).at(-1))
        .toMatchObject({ name: 'meter', tls, address: host });
    }
    expect(await refusals(broker)).toEqual([]);
  });

  await test.step('refused, each for its own reason', async () => {
    const cases: [knock: Knock, reason: RefusedConnection['reason'], name: string][] = [];
    for (const tls of ['TLSv1.2', 'TLSv1.3'] as const) {
      cases.push(
        [{ tls }, 'no-certificate', ''],
        [{ tls, as: 'stranger' }, 'unknown-authority', 'stranger'],
        [{ tls, as: 'revoked' }, 'revoked', 'revoked'],
        [{ tls, as: 'expired' }, 'expired', 'expired'],
        [{ tls, as: 'early' }, 'not-yet-valid', 'early'],
        [{ tls, as: 'purpose' }, 'purpose', 'purpose'],
        [{ tls, as: 'meter', protocolVersion: 5 }, 'mqtt-version', 'meter'],
      );
    }
    cases.push([{ tls: 'TLSv1.1', as: 'meter' }, 'tls-version', ''], [{ plain: true }, 'not-tls', '']);
    const found: unknown[] = [];
    for (const [index, [how]] of cases.entries()) {
      expect(await knock(broker, how), JSON.stringify(how)).toBeNull();
      // one refusal for each that knocks, neither more nor fewer
      await expect.poll(async () => (await refusals(broker)).length, { message: JSON.stringify(how) }).toBe(index + 1);
      const { reason, name, address, raw } = (await refusals(broker))[index] ?? {};
      found.push([how, reason, name, address]);
      await test.info().attach(`${reason} ${how.tls ?? ''}`, { body: String(raw) });
    }
    expect(found).toEqual(cases.map((one) => [...one, host]));
  });

  const meter = await knock(broker, { as: 'meter' });
  const dashboard = await knock(broker, { as: 'dashboard' });
  expect([meter, dashboard]).not.toContain(null);

  await test.step('one connection more than allowed', async () => {
    const before = (await refusals(broker)).length;
    expect(await knock(broker, { as: 'meter' })).toBeNull();
    await expect
      .poll(async () => (await refusals(broker)).slice(before))
      .toMatchObject([{ reason: 'too-many-connections', name: 'meter' }]);
    // who was there before stays
    expect([meter?.connected, dashboard?.connected]).toEqual([true, true]);
  });

  await test.step('what the rules deny is acknowledged and reaches nobody', async () => {
    const received: string[] = [];
    const leaked: string[] = [];
    dashboard?.on('message', (topic, payload) => void received.push(`${topic} ${payload}`));
    meter?.on('message', (topic) => void leaked.push(topic));
    await dashboard?.subscribeAsync('#', { qos: 1 });
    await meter?.subscribeAsync('#', { qos: 1 });
    await meter?.publishAsync('lab/energy/another', 'forged', { qos: 1 });
    await meter?.publishAsync('lab/energy/meter', 'own', { qos: 1 });
    await expect.poll(() => received).toEqual(['lab/energy/meter own']);
    // the answer to this comes after whatever was on its way
    await meter?.subscribeAsync('nothing', { qos: 1 });
    expect(leaked).toEqual([]);
    await expect
      .poll(async () => (await activity(broker)).flatMap(({ denied }) => denied))
      .toMatchObject([{ name: 'meter', topic: 'lab/energy/another', decision: { allowed: false, reason: 'no-line' } }]);
    await dashboard?.endAsync();
  });

  await test.step('our tester asks for MQTT 5, is refused, and works with 3.1.1', async () => {
    await theTesterFallsBack(broker, await forkUtility(app, 'tester-worker'), meter);
  });
  await practice.ask('stop', undefined);
  expect(await knock(broker, { as: 'meter' })).toBeNull();
});

async function theTesterFallsBack(broker: Broker, tester: Utility, meter: MqttClient | null): Promise<void> {
  const { ours, who, port } = broker;
  const versions = async () => (await refusals(broker)).filter(({ reason }) => reason === 'mqtt-version').length;
  const before = await versions();
  const connectionId = 'practice-connection';
  const { dashboard } = who;
  const identity = { id: 'dashboard', certificateChain: dashboard?.certificate, key: dashboard?.key, ca: ours.ca };
  const order = { connectionId, host, port, identity, reconnects: false };
  expect(await tester.ask<ConnectionReport>('connect', order)).toMatchObject({
    phase: 'connected',
    protocolVersion: 4,
    failure: null,
    tls: { protocol: 'TLSv1.3' },
  });
  await expect.poll(versions).toBe(before + 1);
  expect(await tester.ask('subscribe', { connectionId, filter: 'lab/energy/#', qos: 1 })).toEqual({ reasonCode: 1 });
  await meter?.publishAsync('lab/energy/meter', 'to the tester', { qos: 1 });
  await expect
    .poll(async () => {
      const batches = (await tester.told()).filter(({ kind }) => kind === 'messages').map(({ batch }) => batch as MessageBatch);
      return batches.at(-1)?.received;
    })
    .toBe(1);
  await tester.ask('disconnect', { connectionId });
}
