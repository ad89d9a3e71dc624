import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { expect, type RunningApp, test } from './fixtures/app.ts';
import { openLab } from './fixtures/lab.ts';
import { judge, looks } from './fixtures/looks.ts';
import { vaultPage } from './screens/vault-page.ts';

const folder = 'screens';
/** German has the longest words, and this is where there is the least room for them. */
const tight = [looks[0], { theme: 'dark', language: 'de', size: { width: 1024, height: 768 } }] as const;

const open = async (page: Page) => {
  await page.getByRole('link', { name: 'Test', exact: true }).click();
  await page.getByRole('navigation', { name: 'Parts of testing' }).getByRole('link', { name: 'Checks' }).click();
};
const list = (page: Page) => page.getByRole('list', { name: 'Checks of this project' }).getByRole('listitem');
const rows = (page: Page) => page.getByRole('grid', { name: 'Results' }).locator('[role=row][data-index]');
const detail = (page: Page) => page.locator('section[aria-labelledby=check-result]');

/** Answers the dialog for a file's place. */
const saveTo = ({ app }: RunningApp, filePath: string) =>
  app.evaluate(({ dialog }, file) => {
    dialog.showSaveDialog = async () => ({ canceled: false, filePath: file });
  }, filePath);

test('checks are written in the window, run for some devices with one warning, and tell why one failed', async ({
  start,
  scratch,
}) => {
  const lab = await openLab(scratch, {
    plan: { devices: [{ id: 'meter-001' }, { id: 'meter-002' }, { id: 'meter-003' }, { id: 'dash-1', role: 'dashboard' }] },
  });
  try {
    let running = await start({ vault: lab.vault });
    let { page } = running;
    await vaultPage(page).unlock();
    await open(page);

    await test.step('an empty page offers checks that fit the access rules', async () => {
      await expect(page.getByRole('heading', { name: 'No checks yet' })).toBeVisible();
      await judge(running, 'checks-empty', folder, [looks[0]]);
      await page.getByRole('button', { name: 'Use this: Each device can send its values' }).click();
      await expect(list(page)).toHaveText([/The device publishes to {project}\/energy\/{device}.*the observer receives/]);
    });

    await test.step('one’s own, by the form, which says what is wrong as one types', async () => {
      await page.getByRole('button', { name: 'Add a check' }).click();
      const editor = page.getByRole('dialog', { name: 'New check' });
      await editor.getByLabel('Name', { exact: true }).fill('Power is high');
      const topic = editor.getByLabel('Topic', { exact: true });
      await topic.fill('{project}/energy/#');
      await expect(editor.getByText('A message goes to one topic')).toBeVisible();
      await topic.fill('{project}/energy/{device}');
      // what is expected follows
      await expect(editor.getByLabel('On topic')).toHaveValue('{project}/energy/{device}');
      const payload = editor.getByLabel('Payload', { exact: true });
      await payload.fill('{"power":230,"id":"{{run}}"');
      await expect(editor.getByText('This is not JSON.')).toBeVisible();
      await payload.fill('{"power":230,"id":"{{run}}"}');
      await editor.getByLabel('What it says').selectOption('A value in the JSON');
      await editor.getByLabel('Where in the JSON').fill('$.power');
      await editor.getByLabel('Comparison').selectOption('is above');
      await editor.getByLabel('Value', { exact: true }).fill('1000');
      await expect(editor.getByText('The device publishes to lab/energy/meter-001')).toBeVisible();
      await expect(editor.getByText(/^{"power":230,"id":"[0-9a-f]{8}"}$/)).toBeVisible();
      await judge(running, 'checks-editor', folder, tight);
      // nothing typed is lost: neither by Esc nor by another page
      await page.keyboard.press('Escape');
      await expect(editor.getByText('Your changes are not saved.')).toBeVisible();
      await editor.getByRole('button', { name: 'Go on editing' }).click();
      await page.evaluate(() => {
        window.location.hash = '#/devices';
      });
      await page.getByRole('heading', { level: 1, name: 'Devices' }).waitFor();
      await page.evaluate(() => window.history.back());
      await expect(editor.getByLabel('Value', { exact: true })).toHaveValue('1000');
      await editor.getByRole('button', { name: 'Save the check' }).click();
      await expect(editor).toBeHidden();
      await expect(list(page).locator('h3')).toHaveText(['Each device can send its values', 'Power is high']);
    });

    await test.step('a copy that must stay silent, in the place that one gives it', async () => {
      await page.getByRole('button', { name: 'Duplicate “Each device can send its values”' }).click();
      const editor = page.getByRole('dialog', { name: 'New check' });
      await editor.getByLabel('Name', { exact: true }).fill('Nobody writes for another');
      await editor.getByLabel('Topic', { exact: true }).fill('{project}/energy/somebody-else');
      await editor.getByRole('radio', { name: 'Nothing arrives' }).check();
      await editor.getByRole('group', { name: 'Who listens' }).getByRole('radio', { name: 'The device' }).check();
      await editor.getByLabel('For this long').fill('400');
      await editor.getByRole('button', { name: 'Save the check' }).click();
      await expect(list(page)).toHaveCount(3);
      const up = page.getByRole('button', { name: 'Move “Nobody writes for another” up' });
      await up.focus();
      await page.keyboard.press('Enter');
      await expect(list(page).locator('h3').nth(1)).toHaveText('Nobody writes for another');
      await expect(up).toBeFocused();
    });

    await test.step('a run for two devices: one warning for all of it', async () => {
      await page.getByRole('button', { name: 'Run checks…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Run checks' });
      // what is expected of devices is not expected of the dashboard
      await expect(dialog.getByRole('radio', { name: 'Role “Device”: 3' })).toBeChecked();
      await expect(dialog.getByText('9 executions')).toBeVisible();
      await dialog.getByRole('radio', { name: 'Only some' }).check();
      await dialog.getByLabel('Find devices').fill('meter-00');
      await dialog.getByRole('checkbox', { name: 'meter-001' }).check();
      await dialog.getByRole('checkbox', { name: 'meter-002' }).check();
      await expect(dialog.getByText('6 executions')).toBeVisible();
      await dialog.getByLabel('Name or address').selectOption('localhost');
      const now = dialog.getByRole('button', { name: 'Run now' });
      await expect(now).toBeDisabled();
      await dialog.getByLabel('I accept this').check();
      await judge(running, 'checks-run', folder, [looks[0]]);
      await now.click();
      const verdict = page.getByText('2 of 6 not as expected');
      await expect(verdict).toBeVisible();
      await expect(list(page).nth(0)).toContainText('Passed: 2 of 2');
      await expect(list(page).nth(1)).toContainText('Passed: 2 of 2');
      await expect(list(page).nth(2)).toContainText('Failed: 2 of 2');
      // those that failed are shown, and why, what was expected beside what came
      await expect(rows(page)).toHaveText([/meter-001.*Power is high.*it says something else/, /meter-002.*Power is high/]);
      await expect(detail(page)).toContainText('$.power is above 1000');
      await expect(detail(page).getByRole('group', { name: 'Received' })).toHaveText(/^{"power":230,"id":"[0-9a-f]{8}"}$/);
      const log = await lab.broker.log();
      expect(log).toContain('as meter-001 ');
      expect(log).not.toContain('as meter-003 ');
      await detail(page).scrollIntoViewIfNeeded();
      await judge(running, 'checks-failed', folder);
    });

    await test.step('all of them by keyboard, and a file for other programs', async () => {
      await page.getByRole('radio', { name: 'All 6' }).check();
      await expect(rows(page)).toHaveCount(6);
      await rows(page).first().focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await expect(detail(page)).toContainText('received nothing on lab/energy/somebody-else, as it should be');
      const file = path.join(scratch, 'results.xml');
      await saveTo(running, file);
      await page.getByRole('button', { name: 'Save as JUnit' }).click();
      await expect(page.getByText(`Saved in ${file}`)).toBeVisible();
      const read = await page.evaluate(
        (text) => {
          const document = new DOMParser().parseFromString(text, 'text/xml');
          const cases = [...document.querySelectorAll('testcase')];
          return {
            broken: document.querySelector('parsererror') !== null,
            cases: cases.length,
            failed: cases.filter((each) => each.querySelector('failure')).map((each) => each.getAttribute('name')),
          };
        },
        readFileSync(file, 'utf8'),
      );
      expect(read).toEqual({ broken: false, cases: 6, failed: ['Power is high', 'Power is high'] });
    });

    await test.step('checks and results are there after a restart', async () => {
      await running.close();
      running = await start({ vault: lab.vault });
      ({ page } = running);
      await vaultPage(page).unlock();
      const tested = page.getByRole('region', { name: 'Last broker test' });
      await expect(tested.getByRole('listitem').filter({ hasText: 'Checks' })).toContainText('2 failed4 passed');
      await expect(tested.getByRole('listitem').filter({ hasText: 'Access' })).toContainText('not tried yet');
      await tested.scrollIntoViewIfNeeded();
      await judge(running, 'overview-tested', folder);
      await tested.getByRole('link', { name: 'Open the checks' }).click();
      await expect(list(page).locator('h3')).toHaveText([
        'Each device can send its values',
        'Nobody writes for another',
        'Power is high',
      ]);
      await expect(page.getByText('2 of 6 not as expected')).toBeVisible();
    });

    await test.step('the failed ones again; without a broker the doctor is one step away', async () => {
      await lab.stop();
      await page.getByRole('button', { name: 'Run the failed ones again…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Run checks' });
      await expect(dialog.getByText('2 executions')).toBeVisible();
      await expect(dialog.getByRole('checkbox', { name: 'Power is high' })).toBeChecked();
      const silent = dialog.getByRole('checkbox', { name: 'Nobody writes for another' });
      await expect(silent).not.toBeChecked();
      // nobody but the device itself
      await silent.check();
      await dialog.getByRole('checkbox', { name: 'Power is high' }).uncheck();
      await dialog.getByLabel('I accept this').check();
      await dialog.getByRole('button', { name: 'Run now' }).click();
      await expect(page.getByText('2 of 2 could not run')).toBeVisible();
      await rows(page).last().click();
      await expect(detail(page)).toContainText('Nothing could be tried');
      await judge(running, 'checks-untried', folder, [looks[0]]);
      await detail(page).getByRole('link', { name: 'Find the cause' }).click();
      await expect(page.getByRole('form', { name: /./ })).toBeVisible();
      expect(page.url()).toMatch(/#\/doctor\?host=localhost&port=\d+&device=\d+$/);
    });
  } finally {
    await lab.stop();
  }
});
