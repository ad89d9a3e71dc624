import { expect, test } from './fixtures/app.ts';
import { provisionSample } from './fixtures/cli.ts';
import { judge, looks, narrow } from './fixtures/looks.ts';
import { practicePage } from './screens/practice-page.ts';
import { vaultPage } from './screens/vault-page.ts';

const both = [looks[0], { theme: 'dark', language: 'de', size: narrow }] as const;

test('practice, light and dark', async ({ start }) => {
  test.setTimeout(240_000);
  const running = await start();
  const { page } = running;
  const look = (name: string) => judge(running, name, 'practice', both);
  await look('welcome');
  await page.getByRole('button', { name: 'Try it now' }).click();
  const practice = practicePage(page);
  await practice.reading('meter-003').waitFor();
  await look('readings');
  await page.getByRole('button', { name: 'Show me' }).click();
  await page.locator('[data-tour="certificate"]').waitFor();
  await page.getByText('meter-003').first().waitFor();
  await page.waitForTimeout(2_600);
  await look('tour');
  await practice.go('broker');
  const attempts = page.getByRole('region', { name: /has to refuse/ });
  for (const index of [0, 3]) {
    await attempts.getByRole('button').nth(index).click();
    await expect(attempts.getByRole('status').locator('> div')).toHaveCount(index === 0 ? 1 : 2);
  }
  await look('broker');
  await attempts.scrollIntoViewIfNeeded();
  await page.getByRole('main').evaluate((main) => main.scrollTo(0, 420));
  await look('refused');
});

test('the temporary broker, light and dark', async ({ start, scratch }) => {
  test.setTimeout(240_000);
  const broker = { names: ['localhost'], addresses: ['10.9.8.7'] };
  const { vault } = await provisionSample(scratch, { devices: [{ id: 'meter-001' }], broker });
  const running = await start({ vault });
  const { page } = running;
  const look = (name: string) => judge(running, name, 'practice', both);
  const toTheEnd = () => page.getByRole('main').evaluate((main) => main.scrollTo(0, main.scrollHeight));
  await vaultPage(page).unlock();
  await vaultPage(page).unlocked.waitFor();
  await page.evaluate(() => {
    location.hash = '#/broker';
  });
  const panel = page.getByRole('region', { name: /^Temporary broker on/ });
  await panel.locator('select').selectOption('127.0.0.1');
  await panel.scrollIntoViewIfNeeded();
  await toTheEnd();
  await look('temporary');
  await panel.locator('input').last().fill('38883');
  await panel.locator('button[type=submit]').click();
  await page.getByRole('region', { name: 'Temporary broker', exact: true }).waitFor();
  await toTheEnd();
  await look('temporary-running');
  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  await page.locator('input[type=password]').waitFor();
  await look('locked');
});
