import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, secretsThatLeft, test } from './fixtures/app.ts';
import { exportPage } from './screens/export-page.ts';
import { brokerProcesses, practicePage } from './screens/practice-page.ts';
import { vaultPage } from './screens/vault-page.ts';
import { wizardPage } from './screens/wizard-page.ts';

/** Where the throw-away vault of a running program lies. */
function practiceFolder(userData: string): string {
  const { folders } = JSON.parse(readFileSync(path.join(userData, 'practice.json'), 'utf8')) as { folders: string[] };
  expect(folders).toHaveLength(1);
  return folders[0] as string;
}

test('first run: one click, and readings appear by themselves; leaving takes everything away', async ({ start }) => {
  const { page, app, userData } = await start();
  const practice = practicePage(page);
  const begun = Date.now();
  await practice.tryIt.click();
  await practice.reading('meter-001').waitFor();
  const seconds = (Date.now() - begun) / 1000;
  console.log(`first reading on screen ${seconds.toFixed(1)} s after the start's one click`);
  expect(seconds).toBeLessThan(10);
  for (const id of ['meter-002', 'meter-003']) await expect(practice.reading(id)).toBeVisible();

  const folder = practiceFolder(userData);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  const [pid] = await brokerProcesses(app);
  expect(pid).toBeDefined();
  for (const to of ['overview', 'devices', 'broker', 'test', 'authority', 'settings', 'export', 'new-project']) {
    await practice.go(to);
    await expect(practice.strip).toContainText('Practice');
  }
  await practice.leave.click();
  await expect(page.getByRole('heading', { name: 'Welcome to Fieldkey' })).toBeVisible();
  expect(existsSync(folder)).toBe(false);
  expect(readdirSync(path.dirname(folder)).filter((name) => name.startsWith(path.basename(folder)))).toEqual([]);
  await expect.poll(() => brokerProcesses(app)).toEqual([]);
  expect(() => process.kill(pid as number, 0)).toThrow();
  // neither the vault nor anything of it is remembered
  expect(readFileSync(path.join(userData, 'settings.json'), 'utf8')).not.toContain('practice');
  expect(existsSync(path.join(userData, 'practice.json'))).toBe(false);
  expect((await secretsThatLeft(app)).found).toEqual([]);
});

test('the program ends, or is killed: no process and no folder stays', async ({ start }) => {
  const first = await start();
  await practicePage(first.page).tryIt.click();
  await practicePage(first.page).reading('meter-001').waitFor();
  const closedFolder = practiceFolder(first.userData);
  const [closedPid] = await brokerProcesses(first.app);
  // no copies beside a vault that is thrown away
  expect(readdirSync(closedFolder).filter((name) => name.includes('copies'))).toEqual([]);
  await first.close();
  expect(existsSync(closedFolder)).toBe(false);
  expect(() => process.kill(closedPid as number, 0)).toThrow();

  const second = await start({ userData: first.userData });
  await practicePage(second.page).tryIt.click();
  await practicePage(second.page).reading('meter-001').waitFor();
  const folder = practiceFolder(second.userData);
  const [pid] = await brokerProcesses(second.app);
  second.app.process().kill('SIGKILL');
  await expect.poll(() => isAlive(pid as number)).toBe(false);
  expect(existsSync(folder)).toBe(true);
  const third = await start({ userData: first.userData });
  await expect(third.page.getByRole('heading', { name: 'Welcome to Fieldkey' })).toBeVisible();
  await expect.poll(() => existsSync(folder)).toBe(false);
});

test('what the broker has to refuse is refused, and it says why', async ({ start }) => {
  const { page } = await start();
  const practice = practicePage(page);
  await practice.tryIt.click();
  await practice.reading('meter-001').waitFor();
  await practice.go('broker');
  const panel = page.getByRole('region', { name: 'What the broker has to refuse' });
  const result = (text: string) => panel.getByRole('status').locator('> div').filter({ hasText: text });
  for (const [button, tried, said] of [
    ['A stranger’s certificate', 'an authority that nobody here knows', 'an authority that this project does not trust'],
    ['No certificate', 'without any certificate', 'It showed no certificate'],
    ['A revoked certificate', 'the certificate “canary”', 'stands on the revocation list'],
  ] as const) {
    await panel.getByRole('button', { name: button, exact: true }).click();
    await expect(result(tried)).toContainText('Refused, as it must be');
    await expect(result(tried)).toContainText(said);
  }
  await panel.getByRole('button', { name: 'A forbidden topic' }).click();
  await expect(result('practice/energy/meter-001')).toContainText('Delivered to nobody, as it must be');
  await expect(result('practice/energy/meter-001')).toContainText('No access rule allows it');
  for (const name of ['stranger', 'without a certificate', 'canary']) await expect(practice.refused).toContainText(name);
  await expect(practice.denied).toContainText('dashboard');
  // the observer, who hears everything that is delivered, has not heard it
  await practice.go('test');
  await practice.reading('meter-001').waitFor();
  await expect(page.getByText('"forged"')).toHaveCount(0);
  // who allows it finds it let through, and is told so
  await practice.go('broker');
  const write = page.getByLabel('Dashboard may write');
  await write.fill('{project}/energy/#');
  await write.press('Enter');
  await page.getByRole('button', { name: 'Save access rules' }).click();
  await expect(practice.strip).toContainText('took over the new access rules');
  await panel.getByRole('button', { name: 'A forbidden topic' }).click();
  await expect(result('practice/energy/meter-001')).toContainText('Not refused');
  await practice.go('test');
  await expect(page.getByText('"forged"').first()).toBeVisible();
});

test('a replaced meter is refused until it gets its new certificate; a broker that crashed is started again', async ({
  start,
}) => {
  const { page, app } = await start();
  const practice = practicePage(page);
  await practice.tryIt.click();
  await practice.reading('meter-002').waitFor();
  await practice.go('devices');
  await page.getByText('meter-002').first().click();
  await practice.replace('meter-002');
  await expect(practice.strip).toContainText('took over the new revocation list');
  await practice.go('broker');
  await expect(practice.meter('meter-002')).toContainText('refused');
  await expect(practice.refused).toContainText('meter-002');
  await expect(practice.refused).toContainText('stands on the revocation list');
  // the others came back by themselves
  for (const id of ['meter-001', 'meter-003']) await expect(practice.meter(id)).toContainText('publishing');
  await page.getByRole('button', { name: 'Give meter-002 its new certificate' }).click();
  await expect(practice.meter('meter-002')).toContainText('publishing');

  // as a device: the warning is real, and so is what it says
  await practice.go('test');
  await page.getByRole('button', { name: 'Connect as device…' }).click();
  await page.getByRole('dialog', { name: 'Connect as which device?' }).getByText('meter-003').click();
  await page.getByRole('button', { name: 'Take over meter-003' }).click();
  await expect(page.getByRole('region', { name: 'meter-003', exact: true })).toContainText(/Connected|Disconnected|Failed/, {
    timeout: 15_000,
  });

  const [pid] = await brokerProcesses(app);
  process.kill(pid as number, 'SIGKILL');
  await expect(practice.strip).toContainText('The broker ended by itself');
  await practice.strip.getByRole('button', { name: 'Start it again' }).click();
  await expect(practice.strip).not.toContainText('ended by itself');
  await practice.go('broker');
  await expect(practice.meter('meter-001')).toContainText('publishing');
});

test('five first steps tick themselves off, by keyboard; then it is made real', async ({ start, scratch }) => {
  const { page, app } = await start();
  const practice = practicePage(page);
  await practice.tryIt.click();
  await practice.reading('meter-001').waitFor();
  const step = (name: string) => practice.tour.getByRole('listitem').filter({ hasText: name });
  const show = practice.tour.getByRole('button', { name: 'Show me' });
  await expect(step('See a reading')).toHaveAttribute('data-done');
  // put away, and taken up again
  await practice.tour.getByRole('button', { name: 'Put the first steps away' }).click();
  await expect(practice.tour).toBeHidden();
  await practice.strip.getByRole('button', { name: 'First steps' }).click();

  await show.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('[data-tour="certificate"]')).toBeVisible();
  await page.getByText('meter-001').first().click();
  await expect(step('Look at a certificate')).toHaveAttribute('data-done');
  await page.keyboard.press('Escape');

  await show.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Topic', { exact: true })).toHaveValue('practice/commands/meter-001');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(step('Send a command')).toHaveAttribute('data-done');

  await show.click();
  await expect(page.getByRole('dialog', { name: 'Device meter-002' })).toBeVisible();
  await expect(page.locator('[data-tour="replace"]')).toBeFocused();
  await practice.replace('meter-002');
  await expect(step('Replace a meter')).toHaveAttribute('data-done');

  await show.click();
  await expect(page.locator('[data-tour="export"]')).toBeVisible();
  await exportPage(app, page).toFolder(path.join(scratch, 'STICK'));
  await expect(step('Export the kit')).toHaveAttribute('data-done');
  await expect(practice.tour).toContainText('That was all.');

  await practice.makeItReal.click();
  await vaultPage(page).create();
  await expect(page.getByLabel('Project name')).toHaveValue('');
  await page.getByLabel('Project name').fill('roof');
  const wizard = wizardPage(page);
  for (const to of ['authority', 'broker', 'devices']) await wizard.next(to);
  await expect(wizard.devices).toHaveValue('meter-{001..003}\n');
  await expect(page.getByText('practice/')).toHaveCount(0);
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
