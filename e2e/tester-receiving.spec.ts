import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { ElectronApplication, Page } from '@playwright/test';
import { defaultAccess } from '../shared/model/access.ts';
import { expect, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { openLab, tlsFiles } from './fixtures/lab.ts';
import { judge } from './fixtures/looks.ts';
import { testerPage } from './screens/tester-page.ts';
import { vaultPage } from './screens/vault-page.ts';

const run = promisify(execFile);
const pictures = path.join(root, 'test-results/screens');
const picture = async (page: Page, name: string) => {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `${name}.png`), caret: 'hide' });
};
/** In both sizes and looks, at the size of the window itself. */
const pictureEach = async (app: ElectronApplication, page: Page, name: string) => {
  for (const [width, height] of [
    [1280, 800],
    [1024, 768],
  ] as const) {
    await app.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [
      width,
      height,
    ] as const);
    await expect.poll(() => page.evaluate(() => `${innerWidth}x${innerHeight}`)).toBe(`${width}x${height}`);
    await picture(page, `${name}-${width}`);
  }
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800));
  await expect.poll(() => page.evaluate(() => innerWidth)).toBe(1280);
};

test('subscriptions with options, topics as a tree, finding, plotting, clearing what is retained', async ({ start, scratch }) => {
  const lab = await openLab(scratch, {
    plan: { devices: [{ id: 'meter-001' }, { id: 'meter-002' }, { id: 'gateway-1', role: 'gateway' }], access: defaultAccess },
  });
  const send = (device: string, topic: string, ...args: string[]) =>
    run('mosquitto_pub', [
      ...['-h', 'localhost', '-p', String(lab.port), ...tlsFiles(path.join(lab.folder, 'devices', device))],
      ...['-V', 'mqttv5', '-q', '1', '-t', topic, ...args],
    ]);
  const saved = path.join(scratch, 'saved');
  try {
    const { app, page } = await start({ vault: lab.vault, settings: { theme: 'light' } });
    await app.evaluate(({ dialog }, file) => {
      dialog.showSaveDialog = (async (...args: unknown[]) => ({
        canceled: false,
        filePath: `${file}-${(args.at(-1) as { defaultPath: string }).defaultPath}`,
      })) as typeof dialog.showSaveDialog;
    }, saved);
    await vaultPage(page).unlock();
    const tester = testerPage(page);
    await tester.open();
    await tester.address('127.0.0.1');
    const observer = tester.pane('Observer');
    await observer.connect.click();
    await observer.standing('connected');
    const { region } = observer;

    // several filters at once, with what is wrong in them
    await region.getByRole('button', { name: 'Several filters, options' }).click();
    const asked = page.getByRole('dialog', { name: 'Subscribe' });
    const lines = asked.getByLabel('Topic filters, one per line');
    await lines.fill('lab/energy/#\nlab/#/x\nlab/commands/#');
    await expect(asked.getByText(/^Line 2: /)).toBeVisible();
    await lines.fill('lab/energy/#\n\nlab/commands/#\n');
    await asked.getByLabel('Retained messages').selectOption('Send them only if the subscription is new');
    await asked.getByLabel(/Retain As Published/).check();
    await asked.getByLabel('Subscription identifier').fill('7');
    await expectAccessible(page, 'subscribing with options');
    await picture(page, 'subscribe-options');
    await asked.getByRole('button', { name: 'Subscribe to 2' }).click();
    const chips = region.getByRole('list', { name: 'Subscribed topics' }).getByRole('listitem');
    await expect(chips.filter({ hasText: 'lab/commands/#' })).toContainText('QoS 1');
    await chips.filter({ hasText: 'lab/commands/#' }).getByTitle('Change options and colour').click();
    const change = page.getByRole('dialog', { name: 'Change the subscription' });
    await change.getByLabel(/No Local/).check();
    await change.getByRole('radio', { name: 'Colour 5' }).check({ force: true });
    await change.getByRole('button', { name: 'Change', exact: true }).click();
    await expect(chips.filter({ hasText: 'lab/commands/#' })).toContainText('no echo');
    // then what it publishes itself is not heard
    await observer.publish('lab/commands/meter-001', 'on', { retain: true });
    await expect(observer.lines.filter({ hasText: 'on' })).toHaveCount(1);

    for (let turn = 0; turn < 6; turn++) {
      const power = 200 + turn * 35;
      await send('meter-001', 'lab/energy/meter-001', '-m', `{"power":${power},"phases":[{"L1":${230 + turn}}],"state":"ok"}`);
      await send('meter-002', 'lab/energy/meter-002', '-r', '-m', `${1_000 - turn * 90}`);
    }
    await send('gateway-1', 'lab/energy/meter-002/note', '-r', '-m', 'Grüße aus dem Keller');
    await expect(observer.counter('Received')).toHaveText('13');
    await expect(observer.lines.last()).toContainText('1');
    await expect(observer.lines.last().locator('[data-colour="0"]')).toHaveText('1');
    await picture(page, 'stream-list');

    // finding: a thread of its own marks and counts
    await region.getByRole('button', { name: 'Find', exact: true }).click();
    const find = region.getByLabel('Find in messages');
    await find.fill('METER-002');
    await expect(region.getByText('7 matches')).toBeVisible();
    await find.press('Enter');
    await expect(region.getByText('7 of 7')).toBeVisible();
    await expect(region.getByRole('region', { name: 'Message', exact: true })).toContainText('Grüße aus dem Keller');
    await find.press('Enter');
    await expect(region.getByText('6 of 7')).toBeVisible();
    await region.getByRole('button', { name: 'Newer match' }).click();
    await expect(region.getByText('7 of 7')).toBeVisible();
    expect(await page.evaluate(() => CSS.highlights.get('found')?.size ?? 0)).toBeGreaterThan(3);
    await expectAccessible(page, 'finding');
    await pictureEach(app, page, 'stream-find');
    await region.getByRole('button', { name: 'Regular expression' }).click();
    await find.fill('"power":(200|375)');
    await expect(region.getByText('2 matches')).toBeVisible();
    await find.fill('(');
    await expect(region.getByText('not a valid expression')).toBeVisible();
    // one that would take for ever is ended, and the window lives on
    await find.fill('^(.+)+\\u0000$');
    await expect(region.getByText('takes too long, ended')).toBeVisible();
    await find.press('Escape');
    await region.getByRole('button', { name: 'Close message' }).click();
    await region.getByRole('button', { name: /^Follow/ }).click();

    // the tree: counts, last values, what is retained
    await region.getByRole('button', { name: 'Topics', exact: true }).click();
    const tree = region.getByRole('tree', { name: 'Topics of Observer' });
    const row = (name: string) => tree.getByRole('treeitem').filter({ hasText: name });
    await expect(row('meter-001')).toContainText('376'.slice(0, 2));
    await expect(row('energy')).toContainText('13');
    await expect(region.getByText('3 topics', { exact: true }).first()).toBeVisible();
    await row('meter-002').first().click();
    const card = region.getByRole('region', { name: 'Topic', exact: true });
    await expect(card).toContainText('7 messages');
    await expect(card).toContainText('2 retained');
    await expectAccessible(page, 'topics as a tree');
    await pictureEach(app, page, 'topics');
    await tree.press('ArrowLeft');
    await expect(row('note')).toHaveCount(0);
    await tree.press('ArrowRight');
    await expect(row('note')).toHaveCount(1);
    await region.getByLabel('Find a topic').fill('001');
    await expect(row('meter-002')).toHaveCount(0);
    await expect(region.getByText('1 topic found')).toBeVisible();
    await region.getByLabel('Find a topic').fill('');

    // a number of the last message is drawn, then another one of another topic
    await row('meter-001').click();
    await card.getByRole('button', { name: 'Plot power' }).click();
    const values = region.getByRole('group', { name: 'Lines and their values' });
    await expect(values.getByRole('row').filter({ hasText: 'power' })).toContainText('375');
    await region.getByRole('button', { name: 'Topics', exact: true }).click();
    await row('meter-001').click();
    await card.getByRole('button', { name: 'Plot phases[0].L1' }).click();
    await region.getByRole('button', { name: 'Topics', exact: true }).click();
    await row('meter-002').first().click();
    await card.getByRole('button', { name: 'Plot', exact: true }).click();
    await expect(values.getByRole('row')).toHaveCount(4);
    await send('meter-001', 'lab/energy/meter-001', '-m', '{"power":-12.5}');
    await expect(values.getByRole('row').filter({ hasText: 'power' })).toContainText('-12.5');
    await region.getByRole('button', { name: 'Own scales' }).click();
    await expectAccessible(page, 'a plot');
    await pictureEach(app, page, 'plot');
    await region.getByRole('button', { name: 'PNG' }).click();
    await region.getByRole('button', { name: 'CSV' }).click();
    const csv = () => readFileSync(`${saved}-mqtt-plot.csv`, 'utf8').trimEnd().split('\r\n');
    await expect.poll(() => csv().length).toBe(1 + 7 + 6 + 6);
    expect(csv().at(-1)).toMatch(/Z,lab\/energy\/meter-001,power,-12\.5$/);
    await expect.poll(() => readFileSync(`${saved}-mqtt-plot.png`).length).toBeGreaterThan(5_000);
    // zoom by drawing over a part
    const chart = region.getByRole('img', { name: /^Plot of Observer/ });
    const box = await chart.boundingBox();
    if (!box) throw new Error('no plot');
    await page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.4);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.5, { steps: 4 });
    await page.mouse.up();
    await region.getByRole('button', { name: 'Reset zoom' }).click();
    await expect(region.getByRole('button', { name: 'Reset zoom' })).toBeDisabled();

    // a branch in the list, and nothing else
    await region.getByRole('button', { name: 'Topics', exact: true }).click();
    await row('meter-002').first().click();
    await card.getByRole('button', { name: 'Show messages' }).click();
    await expect(observer.counter('Shown')).toHaveText('7');
    await region.getByRole('button', { name: 'All topics' }).click();
    await expect(observer.counter('Shown')).toHaveText('15');

    // clearing names what it hits; the broker says which it did not allow
    await region.getByRole('button', { name: 'Topics', exact: true }).click();
    await row('meter-002').first().click();
    await card.getByRole('button', { name: 'Clear retained…' }).click();
    const question = page.getByRole('dialog', { name: 'Clear the retained messages of 2 topics?' });
    await expect(question.getByRole('listitem')).toHaveText(['lab/energy/meter-002', 'lab/energy/meter-002/note']);
    await expectAccessible(page, 'clearing');
    await picture(page, 'clear-retained');
    await question.getByRole('button', { name: 'Clear retained', exact: true }).click();
    await expect(question.getByText(/0 of 2 cleared\. 2 were not cleared\. Refused: not allowed/)).toBeVisible();
    await question.getByRole('button', { name: 'Close', exact: true }).last().click();

    // what is kept is the person's choice
    await region.getByLabel('Messages kept of each connection').selectOption('1,000');
    // the broker keeps 1,000 for a slow reader and drops the rest: in two bursts
    for (const received of ['614', '1,214']) {
      await send('meter-001', 'lab/energy/meter-001', '--repeat', '600', '-m', '{"power":1}');
      await expect(observer.counter('Received')).toHaveText(received);
    }
    await region.getByRole('button', { name: 'List', exact: true }).click();
    await expect(observer.counter('Shown')).toContainText('1,000');
    await expect(observer.counter('Dropped')).toHaveText('0');
    // every one of them is a point of the plot
    await region.getByRole('button', { name: 'Plot', exact: true }).click();
    await expect(values.getByRole('row').filter({ hasText: 'power' })).toContainText('1,207');
  } finally {
    await lab.stop();
  }
});

test('a pause that outlasts the budget says what made room, and what of it nobody saw', async ({ start, scratch }) => {
  const lab = await openLab(scratch, { plan: { devices: [{ id: 'meter-001' }, { id: 'meter-002' }] } });
  const send = (count: number) =>
    run('mosquitto_pub', [
      ...['-h', 'localhost', '-p', String(lab.port), ...tlsFiles(path.join(lab.folder, 'devices/meter-001'))],
      ...['-V', 'mqttv5', '-q', '1', '-t', 'lab/energy/meter-001', '--repeat', String(count), '-m', '{"power":1}'],
    ]);
  try {
    const running = await start({ vault: lab.vault, settings: { theme: 'light' } });
    const { page } = running;
    await vaultPage(page).unlock();
    const tester = testerPage(page);
    await tester.open();
    await tester.address('127.0.0.1');
    const observer = tester.pane('Observer');
    const { region } = observer;
    await observer.connect.click();
    await observer.standing('connected');
    await observer.subscribe('lab/energy/#', 0);
    await region.getByLabel('Messages kept of each connection').selectOption('1,000');
    // the broker keeps 1,000 for a slow reader and drops the rest: in bursts
    let received = 0;
    const burst = async () => {
      await send(500);
      received += 500;
      await expect(observer.counter('Received')).toHaveText(received.toLocaleString('en'));
    };
    for (let each = 0; each < 2; each++) await burst();
    await expect(observer.counter('Shown')).toHaveText('1,000');
    await expect(observer.counter('Made room')).toHaveCount(0);

    await region.getByRole('button', { name: 'Pause' }).click();
    for (let each = 0; each < 4; each++) await burst();
    const unseen = region.getByText(/left unseen/);
    await expect(observer.counter('Made room')).toContainText('1,000');
    await expect(unseen).toHaveCount(0);
    for (let each = 0; each < 2; each++) await burst();
    await expect(unseen).toContainText('1,000 messages left unseen');
    await expect(observer.counter('Made room')).toContainText('2,000');
    await expect(observer.counter('Shown')).toHaveText('1,000');
    await judge(running, 'unseen-paused', 'tester-receiving');

    await region.getByRole('button', { name: /^Follow/ }).click();
    await expect(unseen).toContainText('1,000 messages left unseen');
    await expect(observer.counter('Shown')).toHaveText('2,000');
    await expect(observer.counter('Dropped')).toHaveText('0');
    // beside another connection there is little room for all of it
    await tester.takeOver('meter-002');
    await tester.pane('meter-002').standing('connected');
    await judge(running, 'unseen-two', 'tester-receiving');
    await region.getByRole('status').filter({ hasText: 'left unseen' }).getByRole('button', { name: 'Close' }).click();
    await expect(unseen).toHaveCount(0);
    await burst();
    await expect(observer.counter('Shown')).toHaveText('1,500');
    await burst();
    await expect(observer.counter('Shown')).toHaveText('1,000');
    await expect(observer.counter('Made room')).toContainText('4,000');
  } finally {
    await lab.stop();
  }
});
