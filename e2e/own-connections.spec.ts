import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { connectAsync } from 'mqtt';
import { filePassphrase as casePassphrase, clientFileCases } from '../electron/jobs/connections/testing/client-files.ts';
import { brokerLogin, startAnyBroker } from '../electron/tester/testing/any-broker.ts';
import { startAuthenticatingPeer } from '../electron/tester/testing/authenticating-peer.ts';
import type { Bridge } from '../shared/bridge.ts';
import type { Reply } from '../shared/contract.ts';
import { expect, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { provisionSample } from './fixtures/cli.ts';
import { judge, looks } from './fixtures/looks.ts';
import { paneOf } from './screens/tester-page.ts';
import { vaultPage } from './screens/vault-page.ts';

const run = promisify(execFile);
const pictures = path.join(root, 'test-results/screens');
const filePassphrase = 'öffne dich 7';

type WithBridge = typeof globalThis & { fieldkey: Bridge };

/** As the page asks for files that were given: bytes are made in it, Playwright's own arguments are JSON. */
const lookAt = (page: Page, files: readonly { name: string; base64: string }[], keyPassphrase: string | null) =>
  page.evaluate(
    ([given, word]) =>
      (globalThis as WithBridge).fieldkey.call('connection.files', {
        identity: given.map(({ name, base64 }) => ({ name, bytes: Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)) })),
        authorities: [],
        ...(word === null ? {} : { keyPassphrase: word }),
      }) as Promise<Reply<unknown>>,
    [files, keyPassphrase] as const,
  );

const editor = (page: Page, name = 'New connection') => page.getByRole('dialog', { name });
const unfold = (page: Page, summary: RegExp) => page.getByRole('dialog').locator('summary', { hasText: summary }).click();

test('connections of one’s own: made in the window, kept in the vault, taken along and brought from elsewhere', async ({
  start,
  scratch,
}) => {
  mkdirSync(pictures, { recursive: true });
  const any = await startAnyBroker(path.join(scratch, 'any'));
  const { authority, ports } = any;
  const asking = await startAuthenticatingPeer([{ data: Buffer.from('your PIN?'), wants: Buffer.from([0x12, 0x34]) }]);
  const pump = await authority.issue('pump-1');
  const at = (name: string) => path.join(scratch, name);
  writeFileSync(at('pump.crt'), pump.certificate);
  writeFileSync(at('pump.key'), pump.key);
  await run('openssl', [
    'pkcs12',
    '-export',
    '-in',
    at('pump.crt'),
    '-inkey',
    at('pump.key'),
    '-out',
    at('pump.p12'),
    '-passout',
    `pass:${filePassphrase}`,
  ]);
  const { vault } = await provisionSample(scratch, { devices: [{ id: 'meter-001' }] });
  const witness = await connectAsync(`mqtt://127.0.0.1:${ports.mqtt}`, { protocolVersion: 5, reconnectPeriod: 0 });
  const wills: string[] = [];
  witness.on(
    'message',
    (topic, payload, { properties }) => void wills.push(`${topic} ${payload.toString()} ${properties?.contentType}`),
  );
  await witness.subscribeAsync('wills/#');
  try {
    const running = await start({ vault });
    const { app, page } = running;
    const shoot = async (name: string) => page.screenshot({ path: path.join(pictures, `own-${name}.png`) });
    await vaultPage(page).unlock();
    await page.getByRole('link', { name: 'Test', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Add connection' })).toBeVisible();
    await shoot('empty');

    // every form and encryption of openssl opens with Electron's cryptography, and its TLS takes it
    const forms = await clientFileCases(authority);
    expect(forms.length).toBeGreaterThan(15);
    for (const form of forms) {
      const look = (keyPassphrase: string | null) =>
        lookAt(
          page,
          form.files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') })),
          keyPassphrase,
        );
      expect(await look(form.encrypted ? casePassphrase : null), form.name).toMatchObject({
        ok: true,
        value: { wrong: null, certificates: [{ name: 'files-client' }] },
      });
      if (form.encrypted)
        expect(await look('another passphrase'), form.name).toMatchObject({ value: { wrong: { problem: 'passphrase-wrong' } } });
    }

    // with files: encrypted PKCS#12, the wrong passphrase first
    await page.getByRole('button', { name: 'Add connection' }).click();
    const form = editor(page);
    await form.getByLabel('Name', { exact: true }).fill('Pump station');
    await form.getByLabel('Name or address', { exact: true }).fill('localhost');
    await form.getByLabel('Port', { exact: true }).fill(String(ports.mutual));
    await form.getByText('Certificate', { exact: true }).click();
    await form.locator('input[type=file]').first().setInputFiles(at('pump.p12'));
    await expect(form.getByText('The key is encrypted. Type its passphrase.')).toBeVisible();
    await form.getByLabel('Passphrase of the files').fill('wrong passphrase');
    await form.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(form.getByText('This passphrase does not open it.')).toBeVisible();
    await shoot('passphrase');
    await form.getByLabel('Passphrase of the files').fill(filePassphrase);
    await form.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(form.getByText(/^pump-1, valid until/)).toBeVisible();
    await unfold(page, /^TLS:/);
    await form.getByLabel('Trusted authorities').selectOption('file');
    await form.locator('input[type=file]').nth(1).setInputFiles(at('pump.crt'));
    await expect(form.getByText('There is no authority in it')).toBeVisible();
    await form.locator('input[type=file]').nth(1).setInputFiles(authority.caFile);
    await expect(form.getByText('There is no authority in it')).toHaveCount(0);
    await unfold(page, /^Last will:/);
    await form.getByLabel('Leave a last will').check();
    await form.getByLabel('Topic', { exact: true }).fill('wills/pump');
    await form.getByLabel('Payload', { exact: true }).fill('gone');
    await form.getByLabel('Content type').fill('text/plain');
    await unfold(page, /^Subscriptions when/);
    await form.getByRole('button', { name: 'Add a subscription' }).click();
    await form.getByLabel('Topic filter', { exact: true }).fill('pump/#');
    await shoot('editor');
    await expectAccessible(page, 'the editor');
    await form.getByRole('button', { name: 'Save connection' }).click();
    const pane = paneOf(page, 'Pump station');
    await expect(pane.region).toBeVisible();
    await pane.region.getByRole('button', { name: 'Connect Pump station' }).click();
    await pane.standing('connected');
    await expect(pane.region.getByRole('list', { name: 'Subscribed topics' })).toContainText('pump/#');
    await witness.publishAsync('pump/level', '4.2 m');
    await expect(pane.messages).toContainText('4.2 m');
    await shoot('connected');
    await expectAccessible(page, 'an own connection beside the observer');
    for (const [width, height] of [
      [1024, 768],
      [1280, 800],
    ] as const) {
      await app.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [
        width,
        height,
      ] as const);
      await page.waitForFunction(([w]) => innerWidth === w, [width] as const);
      await shoot(`connected-${width}`);
    }

    // cut off, so that the broker says its last will
    await pane.region.getByRole('button', { name: 'Cut off' }).click();
    await expect.poll(() => wills).toEqual(['wills/pump gone text/plain']);
    await pane.standing('closed');

    // two more: by password and not verified, and in the clear
    const add = async (name: string, fill: () => Promise<void>) => {
      await page.getByRole('button', { name: /^Connections \(/ }).click();
      await page
        .getByRole('dialog', { name: 'Connections of this project' })
        .getByRole('button', { name: 'Add connection' })
        .click();
      await form.getByLabel('Name', { exact: true }).fill(name);
      await form.getByLabel('Name or address', { exact: true }).fill('localhost');
      await fill();
      await form.getByRole('button', { name: 'Save connection' }).click();
      await expect(paneOf(page, name).region).toBeVisible();
    };
    await add('By password', async () => {
      await form.getByLabel('Port', { exact: true }).fill(String(ports.login));
      await form.getByText('User name and password', { exact: true }).click();
      await form.getByLabel('User name', { exact: true }).fill(brokerLogin.username);
      await form.getByLabel('Password', { exact: true }).fill(brokerLogin.password);
      await unfold(page, /^TLS:/);
      await form.getByLabel('Verify the broker’s certificate').uncheck();
      await expect(form.getByText('The broker is not verified')).toBeVisible();
      await shoot('unverified');
    });
    const insecure = paneOf(page, 'By password');
    await expect(insecure.region.getByText('Broker not verified')).toBeVisible();
    await insecure.region.getByRole('button', { name: 'Connect By password' }).click();
    await insecure.standing('connected');
    await expect(insecure.region.getByText('Broker not verified')).toBeVisible();
    await add('Socket', async () => {
      await form.getByLabel('Transport', { exact: true }).selectOption('ws');
      await form.getByLabel('Port', { exact: true }).fill(String(ports.ws));
      await expect(form.getByText('For diagnosis only')).toBeVisible();
    });
    const socket = paneOf(page, 'Socket');
    await socket.region.getByRole('button', { name: 'Connect Socket' }).click();
    await socket.standing('connected');
    await expect(socket.region.getByText('Not encrypted')).toBeVisible();
    await shoot('several');

    // enhanced authentication: what the broker asks on is told at once, and answered when somebody wrote down what to say
    await add('Step by step', async () => {
      await form.getByLabel('Transport', { exact: true }).selectOption('mqtt');
      await form.getByLabel('Port', { exact: true }).fill(String(asking.port));
      await unfold(page, /^MQTT:/);
      await form.getByLabel('Authentication method').fill('PIN');
    });
    const steps = paneOf(page, 'Step by step');
    await steps.region.getByRole('button', { name: 'Connect Step by step' }).click();
    await steps.failure.cause('authentication-unanswered');
    await expect(steps.failure.alert).toContainText('method PIN');
    await expect(steps.failure.alert).toContainText('“your PIN?”');
    await steps.region.getByRole('button', { name: 'Edit Step by step' }).click();
    const changing = editor(page, 'Change Step by step');
    await unfold(page, /^MQTT:/);
    await changing.getByRole('button', { name: 'Add an answer' }).click();
    await changing.getByLabel('Answer 1', { exact: true }).fill('123');
    await changing.getByLabel('Written as').last().selectOption('hexadecimal');
    await changing.getByRole('button', { name: 'Save connection' }).click();
    await expect(changing.getByText(/^Hexadecimal has two/)).toBeVisible();
    await changing.getByLabel('Answer 1', { exact: true }).fill('12 34');
    await judge(running, 'answers', 'own-connections', looks.slice(0, 2));
    await changing.getByRole('button', { name: 'Save connection' }).click();
    await steps.region.getByRole('button', { name: 'Connect Step by step' }).click();
    await steps.standing('connected');
    expect(asking.answers.at(-1)?.properties?.authenticationData).toEqual(Buffer.from([0x12, 0x34]));

    // a page that is loaded again has them back; a lock leaves them as they are
    await page.reload();
    await insecure.standing('connected');
    await expect(insecure.region.getByText('Broker not verified')).toBeVisible();
    await vaultPage(page).lock();
    await expect(vaultPage(page).unlockTitle).toBeVisible();
    await vaultPage(page).unlock();
    await page.getByRole('link', { name: 'Test', exact: true }).click();
    await insecure.standing('connected');
    await insecure.publish('own/after', 'the lock');
    await expect(insecure.lines.last()).toContainText('the lock');
    await page.getByRole('button', { name: 'Connections (4)' }).click();
    const list = page.getByRole('dialog', { name: 'Connections of this project' });
    await shoot('list');
    await expectAccessible(page, 'the list of connections');

    // to a file without secrets, and back
    const file = at('connections.json');
    await app.evaluate(({ dialog }, chosen) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath: chosen });
    }, file);
    await list.getByRole('button', { name: 'Save to a file' }).click();
    await expect(list.getByText(`Saved: ${file}`)).toBeVisible();
    const text = readFileSync(file, 'utf8');
    expect(text).not.toMatch(/PRIVATE KEY/);
    expect(text).not.toContain(brokerLogin.password);
    await list.getByRole('button', { name: 'Import from a file' }).click();
    const importing = page.getByRole('dialog', { name: 'Import connections' });
    await importing.locator('input[type=file]').setInputFiles(file);
    await expect(importing.getByText('From Fieldkey: 4 connections')).toBeVisible();
    await importing.getByLabel('Import Socket').uncheck();
    await importing.getByRole('button', { name: 'Import 3 connections' }).click();
    await expect(list.getByTitle('Open Pump station (2)')).toBeVisible();
    await expect(list.getByText('its key is missing')).toBeVisible();

    // of MQTTX: what is lost is named
    const mqttx = {
      clientId: 'mqttx_1',
      name: 'Lab EMQX',
      host: 'emqx.example',
      port: 8883,
      protocol: 'mqtts',
      ssl: true,
      certType: 'self',
      ca: '/home/me/ca.pem',
      cert: '',
      key: '',
      mqttVersion: '5.0',
      keepalive: 60,
      clean: true,
      username: 'lab',
      password: 'emqx secret 7',
      messages: [{ topic: 'a' }],
      subscriptions: [],
      properties: {},
    };
    writeFileSync(at('mqttx.json'), JSON.stringify([mqttx]));
    writeFileSync(at('mqttx.xml'), '<?xml version="1.0"?><root/>');
    await list.getByRole('button', { name: 'Import from a file' }).click();
    await importing.locator('input[type=file]').setInputFiles(at('mqttx.xml'));
    await expect(importing.getByText('It is XML.')).toBeVisible();
    await importing.locator('input[type=file]').setInputFiles(at('mqttx.json'));
    await expect(importing.getByText('the file /home/me/ca.pem: give it in the connection afterwards')).toBeVisible();
    await shoot('import');
    await expectAccessible(page, 'the import');
    await importing.getByRole('button', { name: 'Import 1 connection' }).click();
    await expect(list.getByTitle('Open Lab EMQX')).toBeVisible();

    // changed, duplicated with its password, removed
    await list.getByRole('button', { name: 'Duplicate By password', exact: true }).click();
    await editor(page).getByRole('button', { name: 'Save connection' }).click();
    const copy = paneOf(page, 'By password (copy)');
    await copy.region.getByRole('button', { name: 'Connect By password (copy)' }).click();
    await copy.standing('connected');
    await page.getByRole('button', { name: /^Connections \(/ }).click();
    await list.getByRole('button', { name: 'Remove By password (copy)' }).click();
    await list.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(list.getByTitle('Open By password (copy)')).toHaveCount(0);
    await expect(copy.region).toHaveCount(0);
  } finally {
    await witness.endAsync(true);
    await asking.close();
    await any.close();
  }
});
