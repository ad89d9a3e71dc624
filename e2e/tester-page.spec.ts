import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { Aedes } from 'aedes';
import { defaultAccess } from '../shared/model/access.ts';
import { expect, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { openLab, tlsFiles } from './fixtures/lab.ts';
import { judge, looks, narrow } from './fixtures/looks.ts';
import { testerPage } from './screens/tester-page.ts';
import { vaultPage } from './screens/vault-page.ts';

const run = promisify(execFile);
const pictures = path.join(root, 'test-results/screens');
const narrowGerman = { theme: 'light', language: 'de', size: narrow } as const;
const picture = async (page: Page, name: string) => {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `${name}.png`), caret: 'hide' });
};

test('observer and device side by side: QoS, retain, overlapping filters, giving up a filter', async ({ start, scratch }) => {
  const lab = await openLab(scratch, { plan: { devices: [{ id: 'meter-001' }, { id: 'dash-1', role: 'dashboard' }] } });
  const bundle = (id: string) => path.join(lab.folder, 'devices', id);
  try {
    const { page } = await start({ vault: lab.vault, size: { width: 1280, height: 800 } });
    await vaultPage(page).unlock();
    const tester = testerPage(page);
    await tester.open();
    await tester.address('localhost');
    const observer = tester.pane('Observer');
    await observer.connect.click();
    await observer.standing('connected');
    await tester.takeOver('meter-001');
    const meter = tester.pane('meter-001');
    await meter.standing('connected');
    await expect(observer.region).toBeInViewport();
    await expect(meter.region).toBeInViewport();

    // every QoS, both ways; what arrives has the smaller of the two (MQTT 5 §3.8.4)
    await observer.subscribe('lab/energy/#', 1);
    await meter.subscribe('lab/commands/meter-001', 2);
    for (const qos of [0, 1, 2] as const) {
      await meter.publish('lab/energy/meter-001', `up ${qos}`, { qos });
      const up = observer.lines.filter({ hasText: `up ${qos}` });
      await expect(up).toHaveCount(1);
      await expect(up).toContainText(`QoS ${Math.min(qos, 1)}`);
      await observer.publish('lab/commands/meter-001', `down ${qos}`, { qos });
      const down = meter.lines.filter({ hasText: `down ${qos}` });
      await expect(down).toHaveCount(1);
      await expect(down).toContainText(`QoS ${qos}`);
    }
    await expect(observer.counter('Received')).toHaveText('3');
    await expect(observer.counter('Dropped')).toHaveText('0');

    // retained: kept by the broker, marked for whoever comes later, and as often as for the reference client
    await meter.publish('lab/energy/meter-001', 'kept', { qos: 1, retain: true });
    await expect(observer.lines.filter({ hasText: 'kept' })).toHaveCount(1);
    await expect(observer.lines.filter({ hasText: 'kept' })).not.toContainText('retained');
    await observer.subscribe('lab/energy/meter-001', 1);
    await expect(observer.lines.filter({ hasText: 'retained' })).toHaveCount(1);

    // two filters that overlap: as often as the broker's own client gets it
    const reference = run('mosquitto_sub', [
      ...['-h', 'localhost', '-p', String(lab.port), ...tlsFiles(bundle('dash-1')), '-V', 'mqttv5', '-q', '1'],
      ...['-t', 'lab/energy/#', '-t', 'lab/energy/meter-001', '-R', '-W', '4'],
    ]).catch((error: { stdout: string }) => error);
    await expect.poll(() => lab.broker.log()).toMatch(/New client connected from \S+ as dash-1/);
    await page.waitForTimeout(500);
    await meter.publish('lab/energy/meter-001', 'overlapping');
    const { stdout } = await reference;
    const times = stdout.split('\n').filter((line) => line === 'overlapping').length;
    expect(times).toBeGreaterThan(0);
    await expect(observer.lines.filter({ hasText: 'overlapping' })).toHaveCount(times);

    // one filter given up, the other still brings it; both given up, nothing comes
    await observer.unsubscribe('lab/energy/#');
    await meter.publish('lab/energy/meter-001', 'by the second filter');
    await expect(observer.lines.filter({ hasText: 'by the second filter' })).toHaveCount(1);
    await observer.unsubscribe('lab/energy/meter-001');
    await meter.publish('lab/energy/meter-001', 'to nobody');
    await expect(meter.region.getByText(/nobody is subscribed to it/)).toBeVisible();
    await expect(observer.lines.filter({ hasText: 'to nobody' })).toHaveCount(0);
    await expectAccessible(page, 'observer and device side by side');
    await picture(page, 'side-by-side');

    // the same for another program: the lines are run, in the folder that the dialog names
    await meter.region.getByRole('button', { name: 'meter-001: copy as a command' }).click();
    const dialog = page.getByRole('dialog', { name: 'meter-001, for another program' });
    const command = dialog.getByRole('group', { name: 'Command' });
    await expect(dialog.getByText(/in the folder devices\/meter-001/)).toBeVisible();
    await expect(command).toContainText('mosquitto_sub -h localhost');
    await dialog.getByText('Publish', { exact: true }).click();
    await expect(command).toContainText("-m 'to nobody'");
    await expectAccessible(page, 'copy as');
    await picture(page, 'copy-as');
    await dialog.getByLabel('Program').selectOption('Python (paho)');
    await expect(command).toContainText('client.publish("lab/energy/meter-001", "to nobody"');
    await dialog.getByLabel('Program').selectOption('openssl s_client');
    await dialog.getByLabel('Shell').selectOption('Linux, macOS (sh)');
    const { stderr } = await run('sh', ['-c', (await command.textContent()) ?? ''], { cwd: bundle('meter-001') });
    expect(stderr).toContain('Verification: OK');
  } finally {
    await lab.stop();
  }
});

test('a broker that was restarted: the observer comes back with its filters, a retained message comes once', async ({
  start,
  scratch,
}) => {
  const lab = await openLab(scratch);
  try {
    const running = await start({ vault: lab.vault });
    const { page } = running;
    await vaultPage(page).unlock();
    const tester = testerPage(page);
    await tester.open();
    await tester.address('127.0.0.1');
    const observer = tester.pane('Observer');
    await observer.connect.click();
    await observer.standing('connected');
    await observer.subscribe('lab/#');
    await observer.subscribe('lab/commands/#');
    await tester.takeOver('meter-001');
    const meter = tester.pane('meter-001');
    await meter.standing('connected');
    await meter.publish('lab/energy/meter-001', 'kept', { retain: true });
    await expect(observer.lines.filter({ hasText: 'kept' })).toHaveCount(1);

    await lab.stop();
    await observer.standing('waiting');
    // a device does not come back by itself
    await meter.standing('refused');
    await observer.unsubscribe('lab/commands/#');
    await lab.start();
    await observer.standing('connected');
    await expect(observer.lines.filter({ hasText: 'retained' })).toHaveCount(1);
    // by now a second request for the same filter would have brought it once more
    await observer.publish('lab/commands/meter-001', 'after the restart');
    await expect(observer.lines.filter({ hasText: 'after the restart' })).toHaveCount(2);
    await expect(observer.lines.filter({ hasText: 'retained' })).toHaveCount(1);
    await expect(observer.counter('Received')).toHaveText('3');
    const log = (await lab.broker.log()).split('\n');
    expect(log.filter((line) => /New client connected .* as meter-001/.test(line))).toHaveLength(0);

    // an address that was typed is there when one comes back to the page, and after a crash of the tester's process
    await observer.disconnect.click();
    await tester.address('broker.example', 8884);
    await page.getByRole('link', { name: 'Devices', exact: true }).click();
    await tester.open();
    await expect(page.getByLabel('Other address')).toHaveValue('broker.example');
    await expect(page.getByLabel('Port', { exact: true })).toHaveValue('8884');
    await tester.address('127.0.0.1', lab.port);

    // the same observer with options of its own: the broker admits it once, so the other one ends
    await observer.region.getByRole('button', { name: 'Other options for Observer' }).click();
    const form = page.getByRole('dialog', { name: 'New connection' });
    const mqtt = form.locator('summary', { hasText: /^MQTT:/ });
    await expect(form.getByLabel('The observer')).toBeChecked();
    await expect(form.getByLabel('Name or address')).toHaveValue('127.0.0.1');
    await mqtt.click();
    await form.getByLabel('Keep-alive, seconds').fill('61');
    await form.getByLabel('Begin with a clean session').uncheck();
    await form.getByLabel('Session is kept for, seconds').fill('600');
    await form.getByRole('heading', { name: 'Who connects' }).scrollIntoViewIfNeeded();
    await judge(running, 'speaks-as-observer', 'own-connections', looks.slice(0, 2));
    await form.getByRole('button', { name: 'Save connection' }).click();
    const variant = tester.pane('Observer, other options');
    await observer.connect.click();
    await observer.standing('connected');
    await variant.connect.click();
    await variant.standing('connected');
    await observer.standing('closed');
    await expect.poll(() => lab.broker.log()).toMatch(/as observer \(p5, c0, k61, u'observer'\)/);
    await expect(variant.region.getByRole('button', { name: 'Subscribe', exact: true })).toBeVisible();
    await variant.subscribe('lab/energy/#');

    // and a device: asked for each time, the key stays where it is
    await meter.region.getByRole('button', { name: 'Other options for meter-001' }).click();
    await expect(form.getByText('meter-001', { exact: true })).toBeVisible();
    await form.getByRole('button', { name: 'Another device' }).click();
    await page.getByRole('dialog', { name: 'Choose a device' }).getByText('meter-001').click();
    await mqtt.click();
    await expect(form.getByText(/does not fight for it/)).toBeVisible();
    await form.getByRole('button', { name: 'Save connection' }).click();
    const asMeter = tester.pane('meter-001, other options');
    await asMeter.connect.click();
    await page.getByRole('button', { name: 'Take over meter-001' }).click();
    await asMeter.standing('connected');
    await asMeter.publish('lab/energy/meter-001', 'with other options');
    await expect(variant.lines.filter({ hasText: 'with other options' })).toHaveCount(1);

    // the process crashes: the observer is back with its filter in the same pane, and hears; the device is not
    await tester.address('broker.example', 8884);
    const processes = await running.app.evaluate(({ app }) =>
      app.getAppMetrics().filter(({ name }) => name === 'Fieldkey tester'),
    );
    process.kill(processes[0]?.pid ?? 0, 'SIGKILL');
    await asMeter.failure.cause('tester-ended');
    await asMeter.standing('refused');
    await variant.standing('connected');
    await expect(page.getByLabel('Other address')).toHaveValue('broker.example');
    await run('mosquitto_pub', [
      ...['-h', 'localhost', '-p', String(lab.port), ...tlsFiles(path.join(lab.folder, 'devices/meter-001'))],
      ...['-V', 'mqttv5', '-q', '1', '-t', 'lab/energy/meter-001', '-m', 'after the crash'],
    ]);
    await expect(variant.lines.filter({ hasText: 'after the crash' })).toHaveCount(1);
    // the retained one twice, since the session began anew
    await expect(variant.counter('Received')).toHaveText('4');
    await variant.region.scrollIntoViewIfNeeded();
    await judge(running, 'speaks-as-panes', 'own-connections', [looks[0], narrowGerman]);
  } finally {
    await lab.stop();
  }
});

test('a pause loses nothing, clearing empties, a payload is shown as text, JSON and bytes', async ({ start, scratch }) => {
  const lab = await openLab(scratch, {
    plan: { devices: [{ id: 'meter-001' }, { id: 'gateway-1', role: 'gateway' }], access: defaultAccess },
  });
  const send = (...args: string[]) =>
    run('mosquitto_pub', [
      ...['-h', 'localhost', '-p', String(lab.port), ...tlsFiles(path.join(lab.folder, 'devices/meter-001'))],
      ...['-V', 'mqttv5', '-q', '1', '-t', 'lab/energy/meter-001', ...args],
    ]);
  try {
    const { page } = await start({ vault: lab.vault });
    await vaultPage(page).unlock();
    const tester = testerPage(page);
    await tester.open();
    await tester.address('127.0.0.1');
    const observer = tester.pane('Observer');
    await observer.connect.click();
    await observer.standing('connected');
    await observer.subscribe('lab/#');
    await send('-m', 'before');
    await expect(observer.lines.filter({ hasText: 'before' })).toHaveCount(1);
    await observer.region.getByRole('button', { name: 'Pause' }).click();
    await send('--repeat', '500', '-m', '{"power":42,"reading":12345678901234567890}');
    await expect(observer.counter('Received')).toHaveText('501');
    await expect(observer.lines).toHaveCount(1);
    await expect(observer.region.getByRole('button', { name: /^Follow · 500 new$/ })).toBeVisible();
    await observer.region.getByRole('button', { name: /^Follow/ }).click();
    await expect(observer.counter('Shown')).toHaveText('501');
    await expect(observer.counter('Dropped')).toHaveText('0');

    // the same bytes in several ways; a large number keeps all its digits
    await observer.lines.last().click();
    const detail = observer.region.getByRole('region', { name: 'Message', exact: true });
    const payload = detail.getByRole('group', { name: 'Payload' });
    const view = detail.getByLabel('Show payload as');
    const changes = detail.getByRole('button', { name: 'Changes' });
    await expect(view.locator('option:checked')).toHaveText('Automatic: JSON');
    await expect(payload).toHaveText('{"power": 42,"reading": 12345678901234567890}');
    await payload.locator('summary').click();
    await expect(payload).toHaveText('{2 members}');
    await view.selectOption('Text');
    await expect(payload).toHaveText('{"power":42,"reading":12345678901234567890}');
    await view.selectOption('Hex');
    await expect(payload).toContainText('000000  7b 22 70 6f 77 65 72 22 3a 34 32');
    await view.selectOption('Base64');
    await expect(payload).toContainText(Buffer.from('{"power":42,"reading":').toString('base64').slice(0, 20));
    await view.selectOption('CBOR');
    await expect(detail.getByText('This payload is not CBOR.')).toBeVisible();
    await view.selectOption('Automatic: JSON');
    await changes.click();
    await expect(detail.getByText('The same bytes as in the message before.')).toBeVisible();

    // what changed, and the choice is kept for this topic only
    await send('-m', '{"power":43,"reading":12345678901234567891,"phase":"L1"}');
    await observer.region.getByRole('button', { name: /^Follow/ }).click();
    await expect(observer.lines.last()).toContainText('"power":43');
    await observer.lines.last().click();
    const rows = detail.getByRole('row');
    await expect(rows).toHaveText([/Field/, /^power\s*42\s*43$/, /reading\s*1.*890\s*1.*891/, /^phase\s*not there\s*"L1"$/]);
    await expectAccessible(page, 'the changes of a message');
    await picture(page, 'message-changes');
    await page.setViewportSize({ width: 1024, height: 768 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await picture(page, 'message-changes-small');
    await page.setViewportSize({ width: 1280, height: 800 });

    // binary formats are recognised
    const file = path.join(scratch, 'payload');
    const sendBytes = (topic: string, hex: string) => {
      writeFileSync(file, Buffer.from(hex, 'hex'));
      const as = ['-h', 'localhost', '-p', String(lab.port), ...tlsFiles(path.join(lab.folder, 'devices/gateway-1'))];
      return run('mosquitto_pub', [...as, '-V', 'mqttv5', '-q', '1', '-t', topic, '-f', file]);
    };
    await observer.region.getByRole('button', { name: /^Follow/ }).click();
    await sendBytes('lab/energy/meter-001/cbor', 'a265706f776572fa436633336372617743010203');
    const last = async (topic: string) => {
      await expect(observer.lines.last()).toContainText(topic);
      await observer.lines.last().click();
    };
    await last('meter-001/cbor');
    await expect(view.locator('option:checked')).toHaveText('Automatic: CBOR');
    await expect(payload).toHaveText('{"power": 230.2,"raw": h\'010203\'}');
    await expect(changes).toBeDisabled();
    await expectAccessible(page, 'a message in CBOR');
    await picture(page, 'message-cbor');
    await observer.region.getByRole('button', { name: /^Follow/ }).click();
    await sendBytes('lab/energy/meter-001/sparkplug', '12050a0161502a1803');
    await last('meter-001/sparkplug');
    await view.selectOption('Sparkplug B');
    await expect(payload).toHaveText('{seq: 3,metrics: {"a": {value: 42}}}');
    await detail.getByRole('button', { name: 'Close message' }).click();
    await observer.region.getByRole('button', { name: /^Follow/ }).click();
    // endless nesting is told, and the window lives on
    await sendBytes('lab/energy/meter-001/deep', Buffer.from('['.repeat(100_000)).toString('hex'));
    await last('meter-001/deep');
    await expect(detail.getByText(/nested deeper than 64 levels/)).toBeVisible();
    await detail.getByRole('button', { name: 'Close message' }).click();
    await observer.region.getByRole('button', { name: /^Follow/ }).click();

    await observer.region.getByRole('button', { name: 'Clear' }).click();
    await expect(observer.counter('Shown')).toHaveText('0');
    await expect(observer.counter('Dropped')).toHaveText('0');
    await send('-m', 'after');
    await expect(observer.lines).toHaveCount(1);
    await expect(observer.lines).toContainText('after');
  } finally {
    await lab.stop();
  }
});

test('a broker that speaks only MQTT 3.1.1 is spoken to in 3.1.1, with a note', async ({ start, scratch }) => {
  const lab = await openLab(scratch);
  await lab.stop();
  // aedes speaks 3.1.1; it gets the broker's own certificate and asks for ours
  const file = (name: string) => readFileSync(path.join(lab.installed, 'certs', name));
  const broker = await Aedes.createBroker();
  const versions: number[] = [];
  broker.preConnect = (_client, packet, done) => {
    versions.push(packet.protocolVersion ?? 0);
    done(null, true);
  };
  const options = { key: file('server.key'), cert: file('server.crt'), ca: file('ca.crt'), requestCert: true };
  const server = createTlsServer({ ...options, rejectUnauthorized: true }, broker.handle);
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  try {
    const { page } = await start({ vault: lab.vault });
    await vaultPage(page).unlock();
    const tester = testerPage(page);
    await tester.open();
    await tester.address('127.0.0.1', port);
    const observer = tester.pane('Observer');
    await observer.connect.click();
    await observer.standing('connected');
    await expect(observer.region.getByText(/The broker speaks only MQTT 3\.1\.1/)).toBeVisible();
    await expect(observer.region.getByText(/MQTT 3\.1\.1 · TLS 1\.[23]/)).toBeVisible();
    expect(versions.at(-1)).toBe(4);
    await observer.subscribe('lab/#');
    await observer.publish('lab/commands/meter-001', 'on');
    await expect(observer.region.getByText(/MQTT 3\.1\.1 confirms refused messages too/)).toBeVisible();
    await expect(observer.lines.filter({ hasText: 'in' }).filter({ hasText: 'on' }).first()).toBeVisible();
    await expect(observer.counter('Received')).toHaveText('1');
    await expectAccessible(page, 'MQTT 3.1.1');
  } finally {
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    server.close();
    await lab.stop();
  }
});
