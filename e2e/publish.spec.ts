import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { openLab } from './fixtures/lab.ts';
import { testerPage } from './screens/tester-page.ts';
import { vaultPage } from './screens/vault-page.ts';

const pictures = path.join(root, 'test-results/screens');
const picture = async (page: Page, name: string) => {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `${name}.png`), caret: 'hide' });
};

test('messages with variables, properties and files, sent again and again; a load test with many devices', async ({
  start,
  scratch,
}) => {
  const devices = Array.from({ length: 30 }, (_, i) => ({ id: `meter-${String(i + 1).padStart(3, '0')}` }));
  const lab = await openLab(scratch, { plan: { devices } });
  try {
    const { app, page } = await start({ vault: lab.vault, size: { width: 1280, height: 800 } });
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
    await observer.subscribe('lab/energy/#', 1);

    await test.step('a message with variables and properties, kept for everybody', async () => {
      await meter.region.getByRole('button', { name: 'More for the message of meter-001' }).click();
      const dialog = page.getByRole('dialog', { name: 'Message of meter-001' });
      await dialog.getByLabel('Topic', { exact: true }).fill('{{project}}/energy/{{device}}');
      await dialog.getByRole('radio', { name: 'JSON' }).check();
      const payload = dialog.getByLabel('Payload', { exact: true });
      await payload.fill('{"power":{{radnom 0 100}}}');
      const preview = dialog.getByRole('region', { name: 'What will be sent' });
      await expect(preview).toContainText('{{radnom 0 100}} is not a variable');
      await expect(dialog.getByRole('button', { name: 'Publish', exact: true })).toBeDisabled();
      await payload.fill('{"power":{{random 10 10}},"n":{{counter 41}}');
      await expect(preview).toContainText('not valid JSON');
      await payload.fill('{"power":{{random 10 10}},"n":{{counter 41}}}');
      await dialog.getByRole('button', { name: 'Format JSON' }).click();
      await expect(payload).toHaveValue('{\n  "power": {{random 10 10}},\n  "n": {{counter 41}}\n}');
      await expect(preview).toContainText('lab/energy/meter-001');
      await dialog.getByText('MQTT 5 properties').click();
      await dialog.getByLabel('Content type').fill('application/json');
      await dialog.getByLabel('Expires after').fill('60');
      await dialog.getByRole('button', { name: 'Add a property' }).click();
      await dialog.getByLabel('Name of user property 1').fill('site');
      await dialog.getByLabel('Value of user property 1').fill('{{project}}');
      await dialog.getByLabel('Save as').fill('Ten watts');
      await dialog.getByRole('button', { name: 'Save', exact: true }).click();
      await expect(dialog.getByLabel('Saved messages of this project')).toHaveValue(/\d+/);
      await expectAccessible(page, 'a message with everything');
      await picture(page, 'publish-composer');
      await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
      await expect(dialog).toBeHidden();
      await expect(observer.lines.filter({ hasText: '"n": 41' })).toHaveCount(1);
    });

    await test.step('a file goes out byte by byte', async () => {
      const bytes = randomBytes(3_000);
      const file = path.join(scratch, 'frame.bin');
      writeFileSync(file, bytes);
      await meter.region.getByRole('button', { name: 'More for the message of meter-001' }).click();
      const dialog = page.getByRole('dialog', { name: 'Message of meter-001' });
      await dialog.locator('input[type=file]').setInputFiles(file);
      await expect(dialog.getByText(/frame\.bin/)).toBeVisible();
      await expect(dialog.getByLabel('Payload', { exact: true })).toHaveValue(bytes.toString('base64'));
      await dialog.getByRole('button', { name: 'Publish', exact: true }).click();
      await expect(meter.region.getByText('Confirmed by the broker')).toBeVisible();
    });

    await test.step('the kept message again and again, until it is stopped', async () => {
      await meter.region.getByRole('button', { name: 'More for the message of meter-001' }).click();
      const dialog = page.getByRole('dialog', { name: 'Message of meter-001' });
      await dialog.getByLabel('Saved messages of this project').selectOption('Ten watts');
      await expect(dialog.getByLabel('Content type')).toHaveValue('application/json');
      await dialog.getByText('Send repeatedly').click();
      await dialog.getByLabel('Every').fill('0.1');
      await dialog.getByRole('button', { name: 'Start sending' }).click();
      const strip = meter.region.getByRole('region', { name: 'Sent repeatedly by meter-001' });
      const confirmed = strip.locator('[data-name=acknowledged] dd');
      await expect.poll(async () => Number(await confirmed.textContent())).toBeGreaterThan(5);
      await expectAccessible(page, 'a timed run');
      await picture(page, 'publish-timed');
      // it goes on without its page
      await page.evaluate(() => {
        window.location.hash = '#/load';
      });
      await page.getByRole('heading', { level: 1, name: 'How much does the broker bear?' }).waitFor();
      const before = Number(
        await observer
          .counter('Received')
          .textContent()
          .catch(() => '0'),
      );
      await tester.open();
      await expect.poll(async () => Number(await confirmed.textContent())).toBeGreaterThan(before);
      await strip.getByRole('button', { name: 'Stop' }).click();
      await expect(strip).toContainText('Stopped');
      // the observer has heard each of them, and the two before
      const sent = Number(await strip.locator('[data-name=sent] dd').textContent());
      await expect(observer.counter('Received')).toHaveText(String(sent + 2));
    });

    await test.step('a load test: who, how much, and what it does to them', async () => {
      await page.getByRole('navigation', { name: 'Parts of testing' }).getByRole('link', { name: 'Load test' }).click();
      const form = page.getByRole('region', { name: 'A new load test' });
      await expect(form.getByText('30 devices, from meter-001 to meter-030')).toBeVisible();
      await form.getByLabel('Name contains').fill('meter-01');
      await expect(form.getByText('10 devices, from meter-010 to meter-019')).toBeVisible();
      await form.getByLabel('A reading every').fill('1');
      await form.getByLabel('New connections').fill('50');
      const start = form.getByRole('button', { name: 'Start with 10 devices' });
      await expect(start).toBeDisabled();
      await form.getByLabel(/agreed with the operator/).check();
      await expectAccessible(page, 'a new load test');
      await picture(page, 'load-form');
      await start.click();
      const run = page.getByRole('region', { name: /^Load test at localhost/ });
      await expect(run.getByText('Running')).toBeVisible();
      await expect(run.locator('[data-name=connected] dd')).toHaveText('10 of 10');
      const sent = run.locator('[data-name=acknowledged] dd');
      await expect
        .poll(async () => Number((await sent.textContent())?.replace(',', '')), { timeout: 20_000 })
        .toBeGreaterThan(30);
      await expect(run.locator('[data-name=median] dd')).toHaveText(/ms/);
      await expectAccessible(page, 'a load test that runs');
      await picture(page, 'load-running');
      await run.getByRole('button', { name: 'Stop the load test' }).click();
      await expect(run.getByText('Stopped')).toBeVisible();
      const log = await lab.broker.log();
      for (const { id } of devices.slice(9, 19)) expect(log).toContain(`as ${id} `);

      // what is shown is what is written
      const shown = Number((await sent.textContent())?.replace(',', ''));
      const chosen = path.join(scratch, 'result');
      await app.evaluate(({ dialog }, file) => {
        dialog.showSaveDialog = async (...args: unknown[]) => {
          const { defaultPath = '' } = args.at(-1) as { defaultPath?: string };
          return { canceled: false, filePath: `${file}${defaultPath.slice(defaultPath.lastIndexOf('.'))}` };
        };
      }, chosen);
      await run.getByRole('button', { name: 'Save the result (JSON)' }).click();
      await expect(run.getByText(`Saved: ${chosen}.json`)).toBeVisible();
      const result = JSON.parse(readFileSync(`${chosen}.json`, 'utf8'));
      expect(result).toMatchObject({ host: 'localhost', port: lab.port, interval: 1, qos: 1 });
      expect(result.state).toMatchObject({
        phase: 'ended',
        end: 'stopped',
        planned: 10,
        peak: 10,
        refused: 0,
        acknowledged: shown,
      });
      expect(new Date(result.state.endedAt).getTime()).toBeGreaterThan(new Date(result.state.startedAt).getTime());
      await run.getByRole('button', { name: 'Save the figures over time (CSV)' }).click();
      await expect(run.getByText(`Saved: ${chosen}.csv`)).toBeVisible();
      const rows = readFileSync(`${chosen}.csv`, 'utf8').split('\r\n');
      expect(rows[0]).toBe('seconds,connected,sent,acknowledged,received');
      expect(rows).toHaveLength(result.state.samples.length + 2);
      expect(rows.at(-2)?.split(',').slice(1).map(Number)).toEqual(
        ['connected', 'sent', 'acknowledged', 'received'].map((name) => result.state.samples.at(-1)[name]),
      );
      await picture(page, 'load-ended');
    });

    await test.step('both are in the audit log, with every device', async () => {
      await page.evaluate(() => {
        window.location.hash = '#/audit';
      });
      await expect(page.getByText(/in place of 10 devices/)).toBeVisible();
      await expect(page.getByText(/10 connected, 0 refused/)).toBeVisible();
      await expect(page.getByText('Message “Ten watts” saved for tests')).toBeVisible();
    });
  } finally {
    await lab.stop();
  }
});
