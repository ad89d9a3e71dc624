import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import type { Bridge } from '../shared/bridge.ts';
import { expect, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { openLab, tlsFiles } from './fixtures/lab.ts';
import { testerPage } from './screens/tester-page.ts';
import { vaultPage } from './screens/vault-page.ts';

const run = promisify(execFile);
const topic = 'lab/energy/meter-001';

test('records what a real broker delivers; found, exported and replayed it is the same, bit by bit', async ({
  start,
  scratch,
}) => {
  const lab = await openLab(scratch, { plan: { devices: [{ id: 'meter-001' }, { id: 'dash-1', role: 'dashboard' }] } });
  const bundle = (id: string) => path.join(lab.folder, 'devices', id);
  const client = (id: string) => ['-h', 'localhost', '-p', String(lab.port), ...tlsFiles(bundle(id)), '-V', 'mqttv5', '-q', '1'];
  const folder = `${lab.vault}.recordings`;
  const recorded = () =>
    readdirSync(folder)
      .find((name) => name.endsWith('.fkrec'))
      ?.replace('.fkrec', '') ?? '';
  // what mosquitto_pub sends, each from a file: text, every byte, chance, a formula
  const payloads = [
    Buffer.from('{"power":1234.5,"unit":"W"}'),
    Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)),
    randomBytes(20_000),
    Buffer.from('=1+1'),
    Buffer.from('needle in a haystack'),
  ];
  const publishAll = async () => {
    for (const [index, payload] of payloads.entries()) {
      const file = path.join(scratch, `payload-${index}`);
      writeFileSync(file, payload);
      await run('mosquitto_pub', [
        ...client('meter-001'),
        '-t',
        topic,
        '-f',
        file,
        '-D',
        'publish',
        'user-property',
        'no',
        `${index}`,
      ]);
    }
  };
  try {
    const { app, page } = await start({ vault: lab.vault });
    await vaultPage(page).unlock();
    const tester = testerPage(page);
    await tester.open();
    await tester.address('localhost');
    const observer = tester.pane('Observer');
    await observer.connect.click();
    await observer.standing('connected');
    await observer.subscribe('lab/energy/#', 1);
    await publishAll();
    await expect(observer.counter('Received')).toHaveText('5');
    // nothing is stored unless recording is on
    expect(existsSync(folder)).toBe(false);

    await observer.region.getByRole('button', { name: 'Record', exact: true }).click();
    const going = observer.region.getByRole('button', { name: /^Stop.*recording/ });
    await expect(going).toHaveAttribute('aria-pressed', 'true');
    await expect(observer.region.getByText('The recording goes on while the vault is locked.')).toBeVisible();

    // it does; until the vault is open again nobody is told anything of it, and no message comes to the page
    await page.evaluate(() => {
      const seen = { messages: 0 };
      Object.assign(window, { seen });
      (window as unknown as { fieldkey: Bridge }).fieldkey.on('tester.messages', () => {
        seen.messages += 1;
      });
    });
    await vaultPage(page).lock();
    await expect(vaultPage(page).unlockTitle).toBeVisible();
    expect(await page.content()).not.toContain('needle');
    const size = () => readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
    const before = size();
    await publishAll();
    await expect.poll(size).toBeGreaterThan(before + 20_000);
    const recordingId = recorded();
    const query = { topic: '', text: '', from: null, to: null, direction: null };
    for (const [name, input] of [
      ['recording.list', { projectId: 1 }],
      ['recording.show', { recordingId }],
      ['recording.search', { recordingId, query, searchId: null }],
      ['recording.messages', { recordingId, searchId: null, from: 0, count: 10 }],
    ] as const)
      expect(
        await page.evaluate(([n, i]) => (window as unknown as { fieldkey: Bridge }).fieldkey.call(n, i), [name, input] as const),
        name,
      ).toMatchObject({ ok: false, error: { code: 'VAULT_LOCKED' } });
    expect(await page.evaluate(() => (window as unknown as { seen: { messages: number } }).seen.messages)).toBe(0);
    const stored = readdirSync(folder).map((name) => readFileSync(path.join(folder, name)));
    for (const word of ['needle', topic]) expect(stored.some((bytes) => bytes.includes(word))).toBe(false);

    // what was there before is there again, and what came meanwhile; the recording was never interrupted
    await vaultPage(page).unlock();
    await tester.open();
    for (const [name, count] of [
      ['Received', '10'],
      ['Shown', '10'],
      ['Dropped', '0'],
    ] as const)
      await expect(observer.counter(name)).toHaveText(count);
    await expect(going).toHaveAccessibleName(/^Stop.*[\d.]+ kB \(recording, 5 messages\)$/);
    await expectAccessible(page, 'while it is recorded');
    await picture(page, 'recording');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(folder)) expect(statSync(path.join(folder, name)).mode & 0o777).toBe(0o600);
    await going.click();
    await page.getByRole('link', { name: 'Recordings' }).click();
    const row = page.getByRole('row').filter({ hasText: 'localhost' });
    await expect(row.getByRole('cell').nth(1)).toHaveText('5');
    await expectAccessible(page, 'the list of recordings');
    await picture(page, 'recordings-list');
    await row.getByRole('button', { name: /^Rename/ }).click();
    await page.getByLabel('Name', { exact: true }).fill('Acceptance');
    await page.getByRole('button', { name: 'Rename', exact: true }).click();
    await page.getByRole('link', { name: 'Acceptance' }).click();

    // searching
    const list = page.getByRole('listbox', { name: 'Messages of Acceptance' });
    await expect(list.getByRole('option')).toHaveCount(5);
    const found = page.getByRole('status').filter({ hasText: /messages/ });
    const search = async (label: string, text: string, answer: RegExp) => {
      await page.getByLabel(label, { exact: true }).fill(text);
      await expect(found).toHaveText(answer);
    };
    await search('Payload contains', 'needle', /^1 of 5 messages found/);
    await expect(list.getByRole('option')).toContainText('needle in a haystack');
    await search('Payload contains', '0x00 01 02', /^1 of 5/);
    await search('Payload contains', 'nowhere', /^0 of 5/);
    await search('Payload contains', '', /^5 messages/);
    await search('Topic', 'lab/+/meter-001', /^5 of 5/);
    await search('Topic', 'commands', /^0 of 5/);
    await page.getByRole('button', { name: 'Show all' }).click();
    await list.getByRole('option').first().click();
    const detail = page.getByRole('region', { name: 'Message', exact: true });
    await expect(detail).toContainText('power');
    await expect(detail.getByRole('definition')).toHaveText('0');
    await expectAccessible(page, 'a recording');
    await picture(page, 'recordings-view');

    // exporting
    const file = path.join(scratch, 'out.ndjson');
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = async () => ({ canceled: false, filePath });
    }, file);
    await page.getByRole('button', { name: 'Export…' }).click();
    const exporting = page.getByRole('dialog', { name: 'Export “Acceptance”' });
    await expectAccessible(page, 'exporting');
    await picture(page, 'recordings-export');
    await exporting.getByRole('button', { name: 'Export 5 messages…' }).click();
    await expect(exporting).toContainText('5 messages exported');
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    const exported = lines.map((line) => Buffer.from(JSON.parse(line).payload, 'base64').toString('hex'));
    const sent = payloads.map((payload) => payload.toString('hex'));
    expect(exported).toEqual(sent);
    expect(lines.map((line) => JSON.parse(line).properties.userProperties)).toEqual(
      payloads.map((_, index) => [['no', `${index}`]]),
    );
    await exporting.getByRole('button', { name: 'Close' }).last().click();

    // replaying: what the broker's own client hears is the same
    await page.getByRole('link', { name: 'Live' }).click();
    await tester.takeOver('meter-001');
    await tester.pane('meter-001').standing('connected');
    const subscriber = spawn('mosquitto_sub', [
      ...client('dash-1'),
      ...['-t', 'lab/energy/#', '-F', '%t %x', '-C', '5', '-W', '60'],
    ]);
    let heard = '';
    subscriber.stdout.on('data', (chunk) => {
      heard += chunk;
    });
    const ended = new Promise((resolve) => subscriber.once('close', resolve));
    // it asks for the topic at once; the replay that the broker refuses comes in between
    await expect.poll(() => lab.broker.log()).toMatch(/New client connected from \S+ as dash-1/);
    await page.getByRole('link', { name: 'Recordings' }).click();
    await page.getByRole('link', { name: 'Acceptance' }).click();
    await page.getByRole('button', { name: 'Replay…' }).click();
    const replaying = page.getByRole('dialog', { name: 'Replay “Acceptance”' });
    await replaying.getByLabel('To the broker, through').selectOption({ label: `meter-001 · localhost:${lab.port}` });
    await expect(replaying.getByText('This goes to the real topics')).toHaveCount(0);
    await expectAccessible(page, 'replaying');
    await picture(page, 'recordings-replay');
    // below the prefix this device may not write, and that is told
    await replaying.getByText('As fast as possible').click();
    await replaying.getByRole('button', { name: 'Publish 5 messages' }).click();
    await expect(replaying).toContainText('5 messages were refused: this connection may not write to their topics.');
    await replaying.getByRole('button', { name: 'Close' }).last().click();
    await page.getByRole('button', { name: 'Replay…' }).click();
    await replaying.getByLabel('To the broker, through').selectOption({ label: `meter-001 · localhost:${lab.port}` });
    await replaying.getByText('As fast as possible').click();
    await replaying.getByLabel('Put before each topic').fill('');
    await expect(replaying.getByText('This goes to the real topics')).toBeVisible();
    await picture(page, 'recordings-replay-live');
    await replaying.getByRole('button', { name: 'Publish 5 messages to the real topics' }).click();
    await expect(replaying).toContainText('5 messages published');
    await ended;
    expect(heard.trim().split('\n')).toEqual(sent.map((hex) => `${topic} ${hex}`));
    await replaying.getByRole('button', { name: 'Close' }).last().click();

    // playing here sends nothing, and ends with the last message
    await page.getByLabel('Speed').selectOption('100 ×');
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await expect(list.getByRole('option', { selected: true })).toContainText('needle');
    await expect(page.getByRole('button', { name: 'Play', exact: true })).toBeVisible();

    // deleting says what goes
    await page.getByRole('button', { name: 'Delete “Acceptance”' }).click();
    await expect(page.getByRole('dialog')).toContainText('5 messages (');
    await page.getByRole('button', { name: 'Delete recording' }).click();
    await expect(page.getByText('Nothing recorded yet')).toBeVisible();
    await picture(page, 'recordings-none');
    expect(readdirSync(folder).filter((name) => name.endsWith('.fkrec'))).toEqual([]);
  } finally {
    await lab.stop();
  }
});

async function picture(page: Page, name: string): Promise<void> {
  const folder = path.join(root, 'test-results/screens');
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), caret: 'hide' });
}
