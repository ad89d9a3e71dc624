import { chmodSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { freePort, type RunningMosquitto, startMosquitto } from '../electron/broker/testing/mosquitto.ts';
import { connectTestClient } from '../electron/broker/testing/mqtt-client.ts';
import { readmeCommands, runAsReadmeSays } from '../electron/broker/testing/readme-commands.ts';
import type { ConnectionReport, MessageBatch } from '../electron/tester/channel.ts';
import type { Bridge, CallName } from '../shared/bridge.ts';
import type { Reply } from '../shared/contract.ts';
import { unpackMessages } from '../shared/model/packed-messages.ts';
import { expect, root, test } from './fixtures/app.ts';
import { provisionSample } from './fixtures/cli.ts';
import { vaultPage } from './screens/vault-page.ts';

type WithBridge = typeof globalThis & { fieldkey: Bridge; seen: { states: ConnectionReport[]; batches: MessageBatch[] } };

/** A call as the page makes it; throws the code of an error. */
async function call<T>(page: Page, name: CallName, input: object): Promise<T> {
  const reply = (await page.evaluate(([n, i]) => (globalThis as WithBridge).fieldkey.call(n as CallName, i), [
    name,
    input,
  ] as const)) as Reply<T>;
  if (!reply.ok) throw new Error(reply.error.code);
  return reply.value;
}

/** Text of a payload is made in the page: Playwright's own arguments are JSON. */
const publish = (page: Page, connectionId: string, topic: string, payload: string): Promise<Reply<{ reasonCode: number }>> =>
  page.evaluate(
    ([id, t, p]) =>
      (globalThis as WithBridge).fieldkey.call('tester.publish', {
        connectionId: id,
        topic: t,
        payload: new TextEncoder().encode(p),
        qos: 1,
        retain: false,
      }) as Promise<Reply<{ reasonCode: number }>>,
    [connectionId, topic, payload] as const,
  );

const listen = (page: Page) =>
  page.evaluate(() => {
    const target = globalThis as WithBridge;
    target.seen = { states: [], batches: [] };
    target.fieldkey.on('tester.state', (state) => target.seen.states.push(state as ConnectionReport));
    target.fieldkey.on('tester.messages', (batch) => {
      const { connectionId } = batch as MessageBatch;
      target.seen.batches.push(batch as MessageBatch);
      void target.fieldkey.call('tester.taken', { connectionId });
    });
  });
const messages = async (page: Page, id: string) => {
  // a Uint8Array does not come out of the page as one
  const packed = await page.evaluate(
    (connectionId) =>
      (globalThis as WithBridge).seen.batches
        .filter((batch) => batch.connectionId === connectionId)
        .map((batch) => ({ ...batch.packed, bytes: [...batch.packed.bytes] })),
    id,
  );
  return packed
    .flatMap((each) => unpackMessages({ ...each, bytes: new Uint8Array(each.bytes) }))
    .map((m) => `${m.seq} ${m.direction} ${m.topic} ${new TextDecoder().decode(m.payload)}`);
};
const states = (page: Page, id: string) =>
  page.evaluate((connectionId) => (globalThis as WithBridge).seen.states.filter((s) => s.connectionId === connectionId), id);
const tester = (app: ElectronApplication) =>
  app.evaluate(({ app: main }) =>
    main
      .getAppMetrics()
      .filter((p) => p.name === 'Fieldkey tester' || p.serviceName === 'Fieldkey tester')
      .map((p) => p.pid),
  );

test('the page names an identity, and is connected to the real broker of the kit', async ({ start, scratch }) => {
  chmodSync(scratch, 0o755);
  const port = await freePort();
  const sample = JSON.parse(readFileSync(path.join(root, 'resources/samples/plan.json'), 'utf8'));
  const at = (name: string) => path.join(scratch, name);
  const settings = {
    ...sample.broker,
    names: ['localhost'],
    addresses: ['127.0.0.1'],
    port,
    directory: at('etc/mosquitto'),
    data: at('lib'),
    log: at('log'),
  };
  const { vault, folder } = await provisionSample(scratch, { broker: settings, devices: [{ id: 'meter-001' }] });
  await runAsReadmeSays(
    readmeCommands(readFileSync(path.join(folder, 'broker/README.txt'), 'utf8')),
    path.join(folder, 'broker'),
    scratch,
  );
  const broker: RunningMosquitto = await startMosquitto(at('etc/mosquitto/mosquitto.conf'));
  try {
    const { app, page } = await start({ vault });
    await vaultPage(page).unlock();
    await expect(vaultPage(page).unlocked).toBeVisible();
    await listen(page);
    const [project] = await call<{ projectId: number }[]>(page, 'project.list', {});
    const projectId = project?.projectId ?? 0;
    const place = { projectId, host: '127.0.0.1', port };
    const observer = { connectionId: 'observer-1', identity: { kind: 'observer' }, ...place };
    expect(await tester(app)).toEqual([]);
    expect(await call(page, 'tester.connect', observer)).toMatchObject({ phase: 'connected', protocolVersion: 5 });
    const [pid] = await tester(app);
    expect(pid).toBeGreaterThan(0);

    // the real meter publishes, the observer sees it and throws nobody out
    const file = (name: string) => readFileSync(path.join(folder, 'devices/meter-001', name), 'utf8');
    const identity = { certificate: file('client.crt'), key: file('client.key') };
    const meter = await connectTestClient({ port, ca: file('ca.crt'), identity });
    await meter.subscribe('lab/commands/meter-001');
    expect(await call(page, 'tester.subscribe', { connectionId: 'observer-1', filter: 'lab/#', qos: 1 })).toEqual({
      reasonCode: 1,
    });
    expect(await meter.publish('lab/energy/meter-001', '42 W')).toBe(0);
    await expect.poll(() => messages(page, 'observer-1')).toContain('1 in lab/energy/meter-001 42 W');
    expect(await publish(page, 'observer-1', 'lab/commands/meter-001', 'off')).toEqual({ ok: true, value: { reasonCode: 0 } });
    await expect.poll(() => meter.received).toEqual(['lab/commands/meter-001 off']);
    expect(await publish(page, 'observer-1', 'lab/energy/meter-001', 'forged')).toEqual({ ok: true, value: { reasonCode: 135 } });

    // as the meter: not without the person's word, then the real one is thrown out
    const { rows } = await call<{ rows: { deviceId: number }[] }>(page, 'device.list', { projectId });
    const device = { kind: 'device', deviceId: rows[0]?.deviceId };
    await expect(call(page, 'tester.connect', { ...place, connectionId: 'as-meter', identity: device })).rejects.toThrow(
      'INPUT_INVALID',
    );
    const accepted = { ...device, takeoverAccepted: true };
    expect(await call(page, 'tester.connect', { ...place, connectionId: 'as-meter', identity: accepted })).toMatchObject({
      phase: 'connected',
    });
    expect(await broker.log()).toContain('Client meter-001 already connected, closing old connection.');

    // refused by us: the name is not in the certificate
    const wrong = { ...observer, connectionId: 'wrong-name', host: '127.0.0.2' };
    expect(await call(page, 'tester.connect', wrong)).toMatchObject({
      phase: 'closed',
      failure: { cause: 'broker-name-mismatch' },
    });

    // locked: what is open lives on, nothing new is opened
    await vaultPage(page).lock();
    await expect(vaultPage(page).unlockTitle).toBeVisible();
    expect(await publish(page, 'observer-1', 'lab/commands/meter-001', 'on')).toMatchObject({ ok: true });
    await expect(call(page, 'tester.connect', { ...observer, connectionId: 'observer-2' })).rejects.toThrow('VAULT_LOCKED');
    // a page that was loaded again asks for the connection that it had
    expect(await call(page, 'tester.connect', observer)).toMatchObject({ phase: 'connected' });

    // the tester's process dies: the observer comes back by itself with its filters, a device never
    await vaultPage(page).unlock();
    await expect(vaultPage(page).unlocked).toBeVisible();
    process.kill(pid ?? 0, 'SIGKILL');
    await expect
      .poll(async () => (await states(page, 'as-meter')).at(-1))
      .toMatchObject({ phase: 'closed', failure: { cause: 'tester-ended' } });
    await expect
      .poll(async () => (await states(page, 'observer-1')).map(({ phase }) => phase).slice(-3))
      .toEqual(['waiting', 'connecting', 'connected']);
    await expect.poll(async () => (await broker.log()).match(/as observer/g)?.length).toBe(2);
    const again = await connectTestClient({ port, ca: file('ca.crt'), identity });
    expect(await again.publish('lab/energy/meter-001', '43 W')).toBe(0);
    await expect.poll(async () => (await messages(page, 'observer-1')).at(-1)).toMatch(/in lab\/energy\/meter-001 43 W$/);

    // with the vault locked nobody can: that is told
    await vaultPage(page).lock();
    await expect(vaultPage(page).unlockTitle).toBeVisible();
    const [second] = await tester(app);
    process.kill(second ?? 0, 'SIGKILL');
    await expect
      .poll(async () => (await states(page, 'observer-1')).at(-1), { timeout: 15_000 })
      .toMatchObject({ phase: 'closed', failure: { cause: 'vault-locked' } });
    expect(await publish(page, 'observer-1', 'lab/commands/meter-001', 'x')).toMatchObject({ ok: false });
    await vaultPage(page).unlock();
    await expect(vaultPage(page).unlocked).toBeVisible();
    expect(await call(page, 'tester.connect', observer)).toMatchObject({ phase: 'connected' });
    await again.close();
    await call(page, 'tester.disconnect', { connectionId: 'observer-1' });
    await expect.poll(async () => (await states(page, 'observer-1')).at(-1)).toMatchObject({ phase: 'closed', failure: null });
    await meter.close();
  } finally {
    await broker.stop();
  }
});
