import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type Page } from 'playwright';
import { createProject } from '../../electron/authority/create-project.ts';
import { issueDevices } from '../../electron/authority/issue-devices.ts';
import { Vault } from '../../electron/vault/vault.ts';
import { checkPlan } from '../../shared/rules/plan.ts';
import { withDisplay } from './display.ts';
import type { Figure } from './figure.ts';

const root = path.resolve(import.meta.dirname, '../..');
const passphrase = 'correct horse battery';
const sizes = { small: 1_000, large: 100_000 } as const;

/**
 * The device table with 100,000 devices against 1,000: from a key stroke in the search field until the found rows are
 * painted (goal: 100 ms at most), and frames per second while scrolling through all of it (goal: 50 at least).
 */
export async function* listBench(): AsyncGenerator<Figure> {
  yield* withDisplay(measure);
}

async function* measure(): AsyncGenerator<Figure> {
  const executablePath = process.env['FIELDKEY_ELECTRON'];
  if (!executablePath) throw new Error('FIELDKEY_ELECTRON is not set: run with "npm run -s bench -- list"');
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-list-'));
  try {
    const stroke: Record<string, number> = {};
    const frames: Record<string, number> = {};
    for (const [name, count] of Object.entries(sizes)) {
      const vault = path.join(folder, `${name}.fieldkey`);
      await fill(vault, count);
      const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
      const app = await _electron.launch({
        executablePath,
        args: [
          '-r',
          path.join(root, 'e2e/fixtures/gate.cjs'),
          root,
          ...sandbox,
          `--user-data-dir=${path.join(folder, name)}`,
          '--vault',
          vault,
        ],
        env: { ...(process.env as Record<string, string>), LANGUAGE: 'en', LANG: 'en_US.UTF-8' },
      });
      const page = await app.firstWindow();
      await page.locator('input').first().fill('bench');
      await page.locator('input[type=password]').fill(passphrase);
      await page.keyboard.press('Enter');
      await page.evaluate(() => undefined);
      await page.locator('main[data-page]').first().waitFor();
      await page.evaluate(() => {
        location.hash = '#/devices';
      });
      await page.locator('[data-index]').first().waitFor();
      frames[name] = await scrollFrames(page);
      stroke[name] = await strokeToPaint(page);
      await app.close();
    }
    const against = `${sizes.small} devices`;
    yield { name: 'list-search', value: stroke['large'] ?? 0, unit: 'ms', reference: stroke['small'] ?? 0, against };
    yield { name: 'list-scroll', value: frames['large'] ?? 0, unit: 'frames/s', reference: frames['small'] ?? 0, against };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function fill(file: string, count: number): Promise<void> {
  const checked = checkPlan({ project: 'bench', broker: { names: ['mqtt.bench.example'] } });
  if ('problems' in checked) throw new Error(JSON.stringify(checked.problems));
  const vault = await Vault.create(file, { passphrase, operator: 'bench' });
  const projectId = await createProject(vault.session, checked.plan);
  const devices = Array.from({ length: count }, (_, i) => ({ id: `device-${i}`, role: 'device' as const }));
  await issueDevices(vault.session, projectId, devices, { key: 'p256', days: 365 });
  vault.close();
}

/** Median of several strokes: each makes the search longer, so that other rows are found. */
async function strokeToPaint(page: Page): Promise<number> {
  const times: number[] = [];
  const field = page.locator('main input[type=search]');
  await field.focus();
  for (const key of 'device-99') {
    await page.evaluate(() => {
      const grid = document.querySelector('[role=grid]') as HTMLElement;
      const state = window as unknown as { painted: Promise<number> };
      let start = 0;
      document.addEventListener('keydown', () => (start = performance.now()), { once: true, capture: true });
      const before = `${grid.getAttribute('aria-rowcount')} ${document.querySelector('main input[type=search]')?.getAttribute('value')}`;
      state.painted = new Promise((resolve) => {
        const look = () => {
          const now = document.querySelector('[role=grid]');
          const searched = (document.querySelector('main input[type=search]') as HTMLInputElement).value;
          const shown = now?.querySelector('[data-index] [role=gridcell], [data-index]')?.textContent ?? '';
          const settled = now && now !== grid && shown.includes(searched.trim());
          if (start > 0 && settled) requestAnimationFrame(() => resolve(performance.now() - start));
          else requestAnimationFrame(look);
        };
        void before;
        look();
      });
    });
    await page.keyboard.press(key);
    times.push(await page.evaluate(() => (window as unknown as { painted: Promise<number> }).painted));
    await page.waitForTimeout(150);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;
}

/** Frames per second while the table is scrolled by a screen's height each frame for three seconds. */
function scrollFrames(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const row = document.querySelector('[data-index]') as HTMLElement;
    let box = row.parentElement as HTMLElement;
    while (box.scrollHeight <= box.clientHeight + 1 && box.parentElement) box = box.parentElement;
    const begin = performance.now();
    let frames = 0;
    while (performance.now() - begin < 3_000) {
      box.scrollTop += 400;
      if (box.scrollTop + box.clientHeight >= box.scrollHeight - 1) box.scrollTop = 0;
      await new Promise((resolve) => requestAnimationFrame(resolve));
      frames++;
    }
    return frames / ((performance.now() - begin) / 1000);
  });
}
