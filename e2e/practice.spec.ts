import { expect, test } from './fixtures/app.ts';

test('first run: one click, and readings appear by themselves', async ({ start }, info) => {
  const { page, app } = await start();
  const begun = Date.now();
  await page.getByRole('button', { name: 'Try it now' }).click();
  const messages = page.getByRole('region', { name: /^Messages · Observer|Observer/ }).first();
  await messages.waitFor();
  await expect(page.getByText('practice/energy/meter-001').first()).toBeVisible({ timeout: 20_000 });
  const seconds = (Date.now() - begun) / 1000;
  console.log(`first reading after ${seconds.toFixed(1)} s and 1 click`);
  expect(seconds).toBeLessThan(10);
  await page.screenshot({ path: '/tmp/wt/shot-1.png' });
});
