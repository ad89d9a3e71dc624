import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from './fixtures/app.ts';
import { openLab, tlsFiles } from './fixtures/lab.ts';
import { testerPage } from './screens/tester-page.ts';
import { vaultPage } from './screens/vault-page.ts';

const run = promisify(execFile);
const meters = ['meter-001', 'meter-002', 'meter-003', 'meter-004'];
const each = 6_000;

test('what several meters send as fast as they can comes through the tester to the window, every message of it', async ({
  start,
  scratch,
}) => {
  // the broker holds back what a slow reader has not taken, and drops none of it by itself
  const broker = { kit: { maxQueuedMessages: 100_000 } };
  const lab = await openLab(scratch, { plan: { devices: meters.map((id) => ({ id })), broker } });
  const flood = (device: string) =>
    run('mosquitto_pub', [
      ...['-h', 'localhost', '-p', String(lab.port), ...tlsFiles(path.join(lab.folder, 'devices', device))],
      ...['-V', 'mqttv5', '-q', '1', '-t', `lab/energy/${device}`, '--repeat', String(each), '-m', 'x'.repeat(200)],
    ]);
  try {
    const { page } = await start({ vault: lab.vault });
    await vaultPage(page).unlock();
    const tester = testerPage(page);
    await tester.open();
    await tester.address('127.0.0.1');
    const observer = tester.pane('Observer');
    await observer.connect.click();
    await observer.standing('connected');
    await observer.subscribe('lab/energy/#', 1);
    await Promise.all(meters.map(flood));
    const sent = meters.length * each;
    await expect(observer.counter('Received')).toHaveText(sent.toLocaleString('en'), { timeout: 120_000 });
    expect(await lab.broker.log()).not.toContain('being dropped');
    await expect(observer.counter('Dropped')).toHaveText('0');
    // the list has as many as are kept, and says how many made room for them
    await expect(observer.counter('Shown')).toHaveText('20,000');
    await expect(observer.counter('Made room')).toContainText((sent - 20_000).toLocaleString('en'));
    // the tree has counted all of them, for each meter
    await observer.region.getByRole('button', { name: 'Topics', exact: true }).click();
    const tree = observer.region.getByRole('tree', { name: 'Topics of Observer' });
    for (const meter of meters)
      await expect(tree.getByRole('treeitem').filter({ hasText: meter })).toContainText(each.toLocaleString('en'));
  } finally {
    await lab.stop();
  }
});
