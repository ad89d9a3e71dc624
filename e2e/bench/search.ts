import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { withDisplay } from './display.ts';
import type { Figure } from './figure.ts';
import { goTo, makeFleet, openFleet } from './window.ts';

const sizes = { small: 1_000, large: 100_000 } as const;

/** From a key stroke in the search field until the found rows are painted, among 100,000 devices against 1,000. Goal: 100 ms at most. */
export async function* searchBench(): AsyncGenerator<Figure> {
  yield* withDisplay(measure);
}

async function* measure(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-search-'));
  try {
    const strokes: Record<string, number[]> = {};
    for (const [name, count] of Object.entries(sizes)) {
      const vault = path.join(folder, name);
      await makeFleet(vault, count);
      const { app, page } = await openFleet(vault);
      await goTo(page, 'devices');
      strokes[name] = (await strokesToPaint(page)).toSorted((a, b) => a - b);
      await app.close();
    }
    const { small = [], large = [] } = strokes;
    const against = `${sizes.small} devices`;
    const middle = (times: number[]) => times[Math.floor(times.length / 2)] ?? Number.NaN;
    const slowest = (times: number[]) => times.at(-1) ?? Number.NaN;
    yield { name: 'search', value: middle(large), unit: 'ms', reference: middle(small), against };
    yield { name: 'search-slowest', value: slowest(large), unit: 'ms', reference: slowest(small), against };
    yield { name: 'search-goal', value: slowest(large), unit: 'ms', reference: 100, against: 'goal' };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Milliseconds of each stroke. Every one makes a number longer that is in the ids, so that the first row has to become another one. */
async function strokesToPaint(page: Page): Promise<number[]> {
  const times: number[] = [];
  const field = page.locator('main input[type=search]');
  for (const number of ['742', '385', '916', '528']) {
    await field.fill('');
    await page.waitForFunction(() => document.querySelector('[data-index="0"] [role=rowheader]')?.textContent === 'device-0');
    await field.focus();
    for (const digit of number) {
      await page.evaluate(() => {
        const state = window as unknown as { painted: Promise<number> };
        let start = 0;
        document.addEventListener('keydown', () => (start = performance.now()), { once: true, capture: true });
        state.painted = new Promise((resolve) => {
          const look = () => {
            const searched = (document.querySelector('main input[type=search]') as HTMLInputElement).value;
            const first = document.querySelector('[data-index="0"] [role=rowheader]')?.textContent;
            // in the frame after the one in which the row is there it has been painted
            if (start > 0 && first === `device-${searched}`) requestAnimationFrame(() => resolve(performance.now() - start));
            else requestAnimationFrame(look);
          };
          look();
        });
      });
      await page.keyboard.press(digit);
      times.push(await page.evaluate(() => (window as unknown as { painted: Promise<number> }).painted));
      await page.waitForTimeout(150);
    }
  }
  return times;
}
