import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { createProject } from '../../electron/authority/create-project.ts';
import { issueDevices } from '../../electron/authority/issue-devices.ts';
import { Vault } from '../../electron/vault/vault.ts';
import { checkPlan } from '../../shared/rules/plan.ts';

const root = path.resolve(import.meta.dirname, '../..');
const passphrase = 'correct horse battery';

/** Makes a vault with one project and so many devices, `device-0` and on. */
export async function makeFleet(file: string, count: number): Promise<void> {
  const checked = checkPlan({ project: 'bench', broker: { names: ['mqtt.bench.example'] } });
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  const vault = await Vault.create(file, { passphrase, operator: 'bench' });
  const projectId = await createProject(vault.session, checked.plan);
  const devices = Array.from({ length: count }, (_, i) => ({ id: `device-${i}`, role: 'device' as const }));
  await issueDevices(vault.session, projectId, devices, { key: 'p256', days: 365 });
  vault.close();
}

/** The production build with that vault, unlocked, in English. */
export async function openFleet(file: string): Promise<{ app: ElectronApplication; page: Page }> {
  const executablePath = process.env['FIELDKEY_ELECTRON'];
  if (!executablePath) throw new Error('FIELDKEY_ELECTRON is not set: run with "npm run -s bench -- NAME"');
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const gate = ['-r', path.join(root, 'e2e/fixtures/gate.cjs')];
  const app = await _electron.launch({
    executablePath,
    args: [...gate, root, ...sandbox, `--user-data-dir=${file}-user`, '--vault', file],
    env: { ...(process.env as Record<string, string>), LANGUAGE: 'en', LANG: 'en_US.UTF-8' },
  });
  const page = await app.firstWindow();
  await page.locator('input').first().fill('bench');
  await page.locator('input[type=password]').fill(passphrase);
  await page.keyboard.press('Enter');
  await page.locator('main[data-page]').first().waitFor();
  return { app, page };
}

/** Goes to a page and waits for its first row, where it has rows. */
export async function goTo(page: Page, name: 'devices' | 'audit' | 'export'): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `#/${name}`);
  await page
    .locator(name === 'export' ? 'main[data-page=export]' : '[data-index]')
    .first()
    .waitFor();
}
