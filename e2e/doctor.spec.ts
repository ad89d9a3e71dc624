import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Bridge, CallName } from '../shared/bridge.ts';
import type { DoctorReport } from '../shared/model/doctor.ts';
import { newConnection } from '../shared/model/own-connection.ts';
import { expect, test } from './fixtures/app.ts';
import { openLab } from './fixtures/lab.ts';
import { judge, looks, narrow } from './fixtures/looks.ts';
import { doctorPage } from './screens/doctor-page.ts';
import { paneOf, testerPage } from './screens/tester-page.ts';
import { vaultPage } from './screens/vault-page.ts';

const spanish = { theme: 'dark', language: 'es', size: narrow } as const;
const german = { theme: 'light', language: 'de', size: narrow } as const;

/**
 * The connection doctor in the real app with a real broker: what is right is all green, and for what is wrong the page names the
 * cause, its button puts it right, and checking again proves it.
 */
test('the doctor finds the cause, the button fixes it, and checking again is green', async ({ start, scratch }) => {
  test.setTimeout(240_000);
  // the certificates of the devices ended ten days ago; those of the broker and the observer did not
  const plan = { devices: [{ id: 'meter-001' }, { id: 'meter-002' }], deviceDays: 90 };
  const lab = await openLab(scratch, { plan, daysAgo: 100 });
  try {
    const running = await start({ vault: lab.vault });
    const { app, page } = running;
    await vaultPage(page).unlock();
    // nobody has used the vault for a hundred days
    await page.getByRole('button', { name: 'Yes, the clock is right' }).click();
    const doctor = doctorPage(page);
    const green = async (who: string | RegExp) => {
      await doctor.says(who);
      const standings = await doctor.standings();
      expect(Object.keys(standings)).toHaveLength(11);
      for (const [step, standing] of Object.entries(standings)) expect(['passed', 'skipped'], step).toContain(standing);
      for (const step of ['tls', 'admission', 'connack', 'loopback', 'access', 'negative'])
        expect(standings[step], step).toBe('passed');
      // whoever must not come in, did not
      await expect(doctor.main.locator('[data-test]')).toHaveCount(6);
      await expect(doctor.main.locator('[data-test]').filter({ hasNotText: 'refused' })).toHaveCount(0);
    };

    await test.step('the observer at a broker that is as it should be', async () => {
      await doctor.open();
      await doctor.run();
      await green('The observer connects as it should');
      await expect(doctor.step('loopback')).toContainText(/observer → observer: \d+ ms/);
      await expect(doctor.main.getByRole('region', { name: 'The broker shows' })).toContainText('the same as here');
      await expect(doctor.main.getByRole('region', { name: 'What the broker can do' })).toContainText('MQTT 5');
      await judge(running, 'healthy', 'doctor', [looks[0]]);
    });

    await test.step('a device whose certificate has ended: renewed here, and then it connects', async () => {
      await doctor.change();
      await doctor.as('A device');
      await doctor.run();
      await doctor.takeOver('meter-001');
      await doctor.says('Why can meter-001 not connect?');
      await doctor.standing('admission', 'failed');
      await expect(doctor.step('admission')).toContainText('The broker says that the certificate of meter-001 has expired');
      await judge(running, 'failed', 'doctor', [looks[0], spanish]);
      await doctor.step('admission').locator('[data-fix="renew-device"]').click();
      const renew = page.getByRole('dialog', { name: 'Renew meter-001' });
      await renew.getByRole('button', { name: 'Renew meter-001' }).click();
      await expect(renew.getByText('1 certificate issued')).toBeVisible();
      await renew.getByRole('button', { name: 'Close' }).last().click();
      await expect(doctor.main.getByText('meter-001 has a new certificate')).toBeVisible();
      await doctor.main.getByRole('status').getByRole('button', { name: 'Check again…' }).click();
      await doctor.takeOver('meter-001');
      await green('meter-001 connects as it should');
      // both ways, each seen by the other side
      await expect(doctor.step('loopback')).toContainText(/meter-001 → observer: \d+ ms/);
      await expect(doctor.step('loopback')).toContainText(/observer → meter-001: \d+ ms/);
    });

    await test.step('the report, printed, as data, and on the medium beside what lies there', async () => {
      const saved = { pdf: path.join(scratch, 'acceptance.pdf'), json: path.join(scratch, 'acceptance.json') };
      for (const [kind, file] of Object.entries(saved)) {
        await app.evaluate(({ dialog }, filePath) => {
          dialog.showSaveDialog = async () => ({ canceled: false, filePath });
        }, file);
        await doctor.report(kind === 'pdf' ? 'Save as PDF' : 'Save as JSON');
        await expect(doctor.main.getByText(`Saved in ${file}`)).toBeVisible({ timeout: 30_000 });
      }
      expect(readFileSync(saved.pdf).subarray(0, 5).toString()).toBe('%PDF-');
      const report = JSON.parse(readFileSync(saved.json, 'utf8')) as DoctorReport;
      expect(report).toMatchObject({
        version: 1,
        project: 'lab',
        operator: 'Ana',
        place: { host: 'localhost', port: lab.port, transport: 'mqtts' },
        identity: { kind: 'device', id: 'meter-001', serial: expect.stringMatching(/^[0-9a-f]+$/) },
        verdict: { outcome: 'healthy' },
      });
      const medium = path.dirname(lab.folder);
      const before = readFileSync(path.join(lab.folder, 'devices/meter-001/client.key'), 'utf8');
      await doctor.report('Put onto the medium…');
      const main = page.getByRole('main');
      await expect(main.getByText('Only the acceptance report.')).toBeVisible();
      await app.evaluate(({ dialog }, folder) => {
        dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [folder] });
      }, medium);
      await main.getByRole('button', { name: 'Choose a folder…' }).click();
      await main.getByRole('button', { name: `Export to ${path.basename(medium)}` }).click();
      await expect(main.getByText('Written and read back')).toBeVisible({ timeout: 30_000 });
      const bundle = path.join(lab.folder, 'devices/meter-001');
      expect(JSON.parse(readFileSync(path.join(bundle, 'acceptance.json'), 'utf8'))).toEqual(report);
      expect(readFileSync(path.join(bundle, 'acceptance.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
      expect(readFileSync(path.join(bundle, 'client.key'), 'utf8')).toBe(before);
      expect(existsSync(path.join(lab.folder, 'broker/certs/server.crt'))).toBe(true);
      execFileSync('sha256sum', ['-c', '--strict', '--quiet', 'SHA256SUMS'], { cwd: lab.folder });
    });

    await test.step('what was seen last is kept with the device, and shown as it was then', async () => {
      await page.getByRole('link', { name: 'Devices', exact: true }).click();
      await page.getByRole('main').getByText('meter-001').click();
      const last = page.getByRole('dialog', { name: 'meter-001' }).locator('[data-outcome]');
      await expect(last).toContainText('Connects as it should');
      await last.scrollIntoViewIfNeeded();
      await judge(running, 'drawer', 'doctor', [looks[0], german]);
      await last.click();
      await green('meter-001 connects as it should');
      await expect(doctor.main.getByText(/^This is how it was on /)).toBeVisible();
      // the device is thrown out by another check: asked first, each time
      await doctor.main.getByRole('button', { name: 'Check again…' }).first().click();
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    });

    await test.step('a connection that the project keeps: what it says wrong is named, and it is the one to change', async () => {
      const settings = { ...newConnection, name: 'shore', host: 'localhost', port: lab.port };
      // checked against the authorities of this computer, which know nothing of this broker
      const put = { id: null, settings: { ...settings, tls: { ...settings.tls, trust: 'system' } } };
      const ownId = await page.evaluate(async (connection) => {
        const { fieldkey } = globalThis as unknown as { fieldkey: Bridge };
        const answer = async (name: CallName, input: unknown) => {
          const given = (await fieldkey.call(name, input)) as { ok: boolean; value: unknown };
          if (!given.ok) throw new Error(`${name} was refused`);
          return given.value;
        };
        const [{ projectId }] = (await answer('project.list', {})) as [{ projectId: number }];
        const stored = await answer('connection.put', { projectId, ...connection });
        return (stored as { connection: { id: number } }).connection.id;
      }, put);
      await page.evaluate((id) => {
        window.location.hash = `#/doctor?connection=${id}`;
      }, ownId);
      await expect(doctor.main.getByLabel('Connection', { exact: true })).toHaveValue(String(ownId));
      await expect(doctor.main.getByLabel('Port', { exact: true })).toHaveValue(String(lab.port));
      await judge(running, 'connection', 'doctor', [looks[0], german]);
      await doctor.run();
      await doctor.says('Why can shore not connect?');
      await doctor.standing('tls', 'failed');
      const change = doctor.step('tls').locator('[data-fix="change-connection"]');
      await expect(change).toHaveText('Change the connection shore…');
      await change.click();
      const editor = page.getByRole('dialog', { name: 'Change shore' });
      await expect(editor).toBeVisible();
      await page.keyboard.press('Escape');
      await expect(editor).toBeHidden();
    });

    await test.step('an address that the certificate lacks: issued anew, copied as the page says, and it connects', async () => {
      await doctor.open();
      await doctor.change();
      await doctor.as('Observer');
      await doctor.place('127.0.0.2');
      await doctor.run();
      await doctor.says('Why can the observer not connect?');
      await doctor.standing('tls', 'failed');
      await expect(doctor.step('tls')).toContainText('The broker’s certificate is not made for 127.0.0.2');
      await expect(doctor.main.getByRole('region', { name: 'The broker shows' })).toContainText('not made for 127.0.0.2');
      const first = doctor.step('tls').locator('[data-fix]').first();
      await expect(first).toHaveText('Re-issue broker certificate with 127.0.0.2');
      await first.click();
      const files = doctor.step('tls').getByRole('status').getByRole('listitem');
      await expect(files.filter({ hasText: 'certs/server.crt' })).toHaveCount(1);
      // exactly the files that it names, out of the export that it leads to
      const named = await files.allTextContents();
      await doctor.step('tls').getByRole('button', { name: 'Export the kit…' }).click();
      const kit = path.join(scratch, 'kit');
      mkdirSync(kit);
      await app.evaluate(({ dialog }, folder) => {
        dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [folder] });
      }, kit);
      const main = page.getByRole('main');
      const again = main.getByRole('button', { name: 'Export once more' });
      await again
        .or(main.getByRole('button', { name: 'Choose a folder…' }))
        .first()
        .waitFor();
      if (await again.isVisible()) await again.click();
      await main.getByRole('button', { name: 'Choose a folder…' }).click();
      await main.getByRole('button', { name: 'Export to kit' }).click();
      await expect(main.getByText('Written and read back')).toBeVisible({ timeout: 30_000 });
      for (const file of named.filter((each) => each.startsWith('certs/')))
        lab.putCertificate(path.basename(file), readFileSync(path.join(kit, 'lab/broker', file), 'utf8'));
      await lab.restart();
      await doctor.open();
      await doctor.again();
      await green('The observer connects as it should');
    });

    await test.step('nothing answers: from the failure on the page Live straight to the cause', async () => {
      await lab.stop();
      const tester = testerPage(page);
      await page.getByRole('link', { name: 'Live', exact: true }).click();
      await tester.address('127.0.0.1');
      const observer = paneOf(page, 'Observer');
      await observer.connect.click();
      await observer.failure.cause('refused');
      await observer.region.getByRole('link', { name: 'Find the cause' }).click();
      await expect(doctor.main.getByLabel('Name or address')).toHaveValue('127.0.0.1');
      await expect(doctor.main.getByLabel('Port', { exact: true })).toHaveValue(String(lab.port));
      await expect(doctor.main.getByRole('radio', { name: 'Observer' })).toBeChecked();
      await doctor.main.getByRole('radio', { name: /^Quick/ }).check();
      await doctor.run();
      await doctor.says('Why can the observer not connect?');
      await doctor.standing('tcp', 'failed');
      await expect(doctor.step('tcp')).toContainText(`Nothing answers on port ${lab.port}`);
      await doctor.standing('tls', 'skipped');
      await lab.start();
      await doctor.again();
      await doctor.says('The observer connects as it should');
      // a quick check says what it left out
      await doctor.standing('negative', 'skipped');
      await expect(doctor.main.getByText('A quick check leaves this out.')).toBeVisible();
    });

    await test.step('a device and the palette lead here, too; a check can be broken off', async () => {
      await page.getByRole('link', { name: 'Devices', exact: true }).click();
      await page.getByRole('main').getByText('meter-002').click();
      await page.getByRole('button', { name: 'More…', exact: true }).last().click();
      await page.getByRole('menuitem', { name: /^Check the connection/ }).click();
      await expect(doctor.main.getByRole('radio', { name: 'A device' })).toBeChecked();
      await expect(doctor.main.getByText('meter-002')).toBeVisible();
      await page.keyboard.press('ControlOrMeta+k');
      await page.getByRole('textbox', { name: 'Find a page, device or action' }).fill('does not connect');
      await page.keyboard.press('Enter');
      await expect(doctor.main.getByRole('heading', { level: 1 })).toBeVisible();
      // a broker that hangs: the check does not, once somebody has had enough
      process.kill(lab.broker.pid, 'SIGSTOP');
      try {
        await doctor.again();
        await doctor.main.getByRole('button', { name: 'Cancel', exact: true }).click();
        await doctor.says('The check was cancelled');
      } finally {
        process.kill(lab.broker.pid, 'SIGCONT');
      }
    });
  } finally {
    await lab.stop();
  }
});
