import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, root, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { openLab, tlsFiles } from './fixtures/lab.ts';
import { testerPage } from './screens/tester-page.ts';
import { vaultPage } from './screens/vault-page.ts';

const run = promisify(execFile);

test('a written message stays, is copied as it is, and a replay leaves out what was sent', async ({ start, scratch }) => {
  const lab = await openLab(scratch, { plan: { devices: [{ id: 'meter-001' }] } });
  try {
    const { page } = await start({ vault: lab.vault });
    const picture = async (name: string) => {
      const folder = path.join(root, 'test-results/screens');
      mkdirSync(folder, { recursive: true });
      await page.screenshot({ path: path.join(folder, `${name}.png`), caret: 'hide' });
    };
    await vaultPage(page).unlock();
    const tester = testerPage(page);
    await tester.open();
    await tester.address('localhost');
    const observer = tester.pane('Observer');
    await observer.connect.click();
    await observer.standing('connected');
    await observer.subscribe('lab/energy/#', 1);
    await observer.region.getByRole('button', { name: 'Record', exact: true }).click();
    await expect(observer.region.getByRole('button', { name: /^Stop.*recording/ })).toHaveAttribute('aria-pressed', 'true');
    const energy = ['-h', 'localhost', '-p', String(lab.port), ...tlsFiles(path.join(lab.folder, 'devices', 'meter-001'))];
    for (const text of ['one', 'two'])
      await run('mosquitto_pub', [...energy, '-V', 'mqttv5', '-q', '1', '-t', 'lab/energy/meter-001', '-m', text]);
    await expect(observer.counter('Received')).toHaveText('2');

    const written = observer.region.getByRole('textbox', { name: 'Payload' });
    await observer.publish('lab/commands/meter-001', '{"n": {{counter}}}');
    await expect(observer.lines.filter({ hasText: '{"n": 1}' })).toHaveCount(1);
    await page.getByRole('link', { name: 'Devices', exact: true }).click();
    await expect(written).toHaveCount(0);
    await tester.open();
    await expect(written).toHaveValue('{"n": {{counter}}}');
    await expect(observer.region.getByLabel('Topic', { exact: true }).last()).toHaveValue('lab/commands/meter-001');
    await observer.region.getByRole('button', { name: /copy as a command$/ }).click();
    const copying = page.getByRole('dialog', { name: /for another program$/ });
    await copying.getByText('Publish', { exact: true }).click();
    // the second one: the counter went on
    await expect(copying.getByRole('group', { name: 'Command' })).toContainText(`'{"n": 2}'`);
    await picture('copy-as-kept');
    await page.keyboard.press('Escape');

    await observer.region.getByRole('button', { name: /^Stop.*recording/ }).click();
    await page.getByRole('link', { name: 'Recordings' }).click();
    await page.getByRole('table', { name: 'Recordings' }).getByRole('link').first().click();
    await page.getByRole('button', { name: 'Replay…' }).click();
    const replaying = page.getByRole('dialog', { name: /^Replay/ });
    await expect(replaying.getByLabel('Received ones only (2)')).toBeChecked();
    await expect(replaying.getByRole('button', { name: 'Publish 2 messages' })).toBeEnabled();
    await expectAccessible(page, 'what is replayed');
    await picture('replay-which');
    await replaying.getByText('Those that were sent as well').click();
    await expect(replaying.getByRole('button', { name: 'Publish 3 messages' })).toBeEnabled();
  } finally {
    await lab.stop();
  }
});
