import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { freePort, startMosquitto } from '../electron/broker/testing/mosquitto.ts';
import { readmeCommands, runAsReadmeSays } from '../electron/broker/testing/readme-commands.ts';
import { expect, root, test } from './fixtures/app.ts';
import { provisionSample } from './fixtures/cli.ts';
import { vaultPage } from './screens/vault-page.ts';

const pictures = path.join(root, 'test-results/screens');
const sizes = [
  [1280, 800],
  [1024, 768],
] as const;

/** Whether the whole of an element is in view without scrolling. */
const inView = (page: Page, region: string, button: string) =>
  page
    .getByRole('region', { name: region, exact: true })
    .getByRole('button', { name: button, exact: true })
    .evaluate((element) => {
      const main = element.closest('main')?.getBoundingClientRect();
      const box = element.getBoundingClientRect();
      return main !== undefined && box.height > 0 && box.bottom <= main.bottom && box.top >= main.top;
    });

test('two connections fit the window, and a page that is loaded again has them back', async ({ start, scratch }) => {
  chmodSync(scratch, 0o755);
  mkdirSync(pictures, { recursive: true });
  const port = await freePort();
  const at = (name: string) => path.join(scratch, name);
  const { vault, folder } = await provisionSample(scratch, {
    broker: { names: ['localhost'], port, directory: at('etc/mosquitto'), data: at('lib'), log: at('log') },
    devices: [{ id: 'meter-001' }],
  });
  const kit = path.join(folder, 'broker');
  await runAsReadmeSays(readmeCommands(readFileSync(path.join(kit, 'README.txt'), 'utf8')), kit, scratch);
  const broker = await startMosquitto(at('etc/mosquitto/mosquitto.conf'));
  try {
    const { app, page } = await start({ vault });
    await vaultPage(page).unlock();
    await page.getByRole('link', { name: 'Test', exact: true }).click();
    const observer = page.getByRole('region', { name: 'Observer', exact: true });
    const meter = page.getByRole('region', { name: 'meter-001', exact: true });
    await observer.getByRole('button', { name: 'Connect Observer' }).click();
    await expect(observer).toHaveAttribute('data-standing', 'connected');
    await observer.getByLabel('Topic filter').fill('lab/#');
    await observer.getByRole('button', { name: 'Subscribe', exact: true }).click();
    await page.getByRole('button', { name: 'Connect as device…' }).click();
    await page.getByRole('dialog', { name: 'Connect as which device?' }).getByText('meter-001').click();
    await page.getByRole('button', { name: 'Take over meter-001' }).click();
    await expect(meter).toHaveAttribute('data-standing', 'connected');
    await meter.getByLabel('Payload').fill('{"power":42}');
    await meter.getByRole('button', { name: 'Publish', exact: true }).click();
    const heard = page.getByRole('listbox', { name: 'Messages of Observer' });
    await expect(heard).toContainText('{"power":42}');
    for (const [width, height] of sizes) {
      await app.evaluate(({ BrowserWindow }, [w, h]) => BrowserWindow.getAllWindows()[0]?.setContentSize(w, h), [
        width,
        height,
      ] as const);
      await expect.poll(() => page.evaluate(() => `${innerWidth}x${innerHeight}`)).toBe(`${width}x${height}`);
      await page.screenshot({ path: path.join(pictures, `test-two-connections-${width}.png`), caret: 'hide' });
      for (const who of ['Observer', 'meter-001'])
        expect(await inView(page, who, 'Publish'), `publish of ${who} at ${width}x${height}`).toBe(true);
      const list = await heard.boundingBox();
      expect(list?.height, 'room for two messages at least').toBeGreaterThanOrEqual(112);
    }

    // the page is gone and comes back; the connections never were
    await page.reload();
    await expect(observer).toHaveAttribute('data-standing', 'connected');
    await expect(meter).toHaveAttribute('data-standing', 'connected');
    await expect(observer.getByRole('list', { name: 'Subscribed topics' })).toContainText('lab/#');
    await meter.getByLabel('Payload').fill('{"power":43}');
    await meter.getByRole('button', { name: 'Publish', exact: true }).click();
    await expect(heard).toContainText('{"power":43}');
    expect((await broker.log()).match(/New client connected/g)).toHaveLength(2);

    // locked, nothing of them is shown or told; unlocked, they are there and can be ended
    await vaultPage(page).lock();
    await expect(vaultPage(page).unlockTitle).toBeVisible();
    const told = await page.evaluate(() =>
      (globalThis as unknown as { fieldkey: { call: (name: string, input: unknown) => Promise<unknown> } }).fieldkey.call(
        'tester.list',
        {},
      ),
    );
    expect(told).toMatchObject({ ok: false, error: { code: 'VAULT_LOCKED' } });
    expect(await page.content()).not.toContain('{"power"');
    await vaultPage(page).unlock();
    await expect(meter).toHaveAttribute('data-standing', 'connected');
    await expect(heard).toContainText('{"power":43}');
    // whoever else opens the vault finds the connections, not what was heard before
    await vaultPage(page).lock();
    await vaultPage(page).unlock(undefined, 'Ben');
    await expect(meter).toHaveAttribute('data-standing', 'connected');
    await expect(observer.getByRole('list', { name: 'Subscribed topics' })).toContainText('lab/#');
    await expect(heard).toBeHidden();
    await meter.getByLabel('Payload').fill('{"power":44}');
    await meter.getByRole('button', { name: 'Publish', exact: true }).click();
    await expect(heard).toContainText('{"power":44}');
    await expect(heard).not.toContainText('{"power":43}');
    await meter.getByRole('button', { name: 'Disconnect meter-001' }).click();
    await expect(meter).toHaveAttribute('data-standing', 'closed');
    await expect(observer).toHaveAttribute('data-standing', 'connected');
  } finally {
    await broker.stop();
  }
});
