import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from './fixtures/app.ts';
import { expectAccessible } from './fixtures/axe.ts';
import { cli } from './fixtures/cli.ts';
import { openLab } from './fixtures/lab.ts';
import { doctorPage } from './screens/doctor-page.ts';
import { testerPage } from './screens/tester-page.ts';
import { vaultPage } from './screens/vault-page.ts';

test('a check as observer pauses the observer’s connection alone, which comes back with what it listens to', async ({
  start,
  scratch,
}) => {
  const lab = await openLab(scratch, { plan: { devices: [{ id: 'meter-001' }, { id: 'meter-002' }] } });
  try {
    const plan = JSON.parse(readFileSync(path.join(scratch, 'plan.json'), 'utf8'));
    writeFileSync(path.join(scratch, 'second.json'), JSON.stringify({ ...plan, project: 'plant', devices: [{ id: 'press-1' }] }));
    await cli('provision', path.join(scratch, 'second.json'), '--vault', lab.vault, '--out', path.join(scratch, 'stick'));
    const { page } = await start({ vault: lab.vault, size: { width: 1280, height: 800 } });
    await vaultPage(page).unlock();
    const projects = page.getByRole('button', { name: /^Switch project/ });
    const choose = async (name: string) => {
      await projects.click();
      await page.getByRole('menuitem', { name }).click();
      await expect(projects).toContainText(name);
    };
    await choose('lab');
    const tester = testerPage(page);
    await tester.open();
    await tester.address('localhost');
    const observer = tester.pane('Observer');
    await observer.connect.click();
    await observer.standing('connected');
    await observer.subscribe('lab/energy/#', 1);
    await tester.takeOver('meter-001');
    const meter = tester.pane('meter-001');
    await meter.standing('connected');

    const doctor = doctorPage(page);
    await doctor.open();
    await expect(doctor.main.getByText('disturbs no device', { exact: false })).toBeVisible();
    await doctor.run();
    await doctor.says('The observer connects as it should');

    await tester.open();
    await observer.standing('connected');
    await meter.standing('connected');
    await expect(observer.region.getByText('lab/energy/#')).toBeVisible();
    await meter.publish('lab/energy/meter-001', '{"power":7}');
    await expect(observer.lines.filter({ hasText: '"power":7' })).toHaveCount(1);
    const log = await lab.broker.log();
    expect(log.match(/ as observer /g)?.length).toBeGreaterThan(2);
    expect(log.match(/ as meter-001 /g)).toHaveLength(1);

    // another project is looked at: nobody is disconnected behind one's back, and nobody is forgotten
    await choose('plant');
    await tester.open();
    const others = page.getByText('2 connections of other projects go on: lab');
    await expect(others).toBeVisible();
    await expectAccessible(page, 'connections of another project');
    expect(await lab.broker.log()).not.toMatch(/Client (observer|meter-001) (closed its connection|disconnected)\.?\s*$/);
    await page.getByRole('button', { name: 'Disconnect them' }).click();
    await expect(others).toBeHidden();
    await expect.poll(() => lab.broker.log()).toMatch(/Client meter-001 disconnected/);
  } finally {
    await lab.stop();
  }
});
