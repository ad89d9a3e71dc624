import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright';
import { withDisplay } from './display.ts';
import type { Figure } from './figure.ts';
import { goTo, makeFleet, openFleet } from './window.ts';

const sizes = { small: 1_000, large: 100_000 } as const;

/**
 * Frames per second while scrolling through all of a long list (goal: 50 at least): the table of 100,000 devices against
 * 1,000, and the audit record of issuing them.
 */
export async function* listBench(): AsyncGenerator<Figure> {
  yield* withDisplay(measure);
}

async function* measure(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-list-'));
  try {
    const devices: Record<string, number> = {};
    const entries: Record<string, number> = {};
    for (const [name, count] of Object.entries(sizes)) {
      const vault = path.join(folder, name);
      await makeFleet(vault, count);
      const { app, page } = await openFleet(vault);
      await goTo(page, 'devices');
      devices[name] = await scrollFrames(page);
      await goTo(page, 'audit');
      entries[name] = await scrollFrames(page);
      await app.close();
    }
    const figure = (name: string, frames: Record<string, number>, against: string): Figure => ({
      name,
      value: frames['large'] ?? 0,
      unit: 'frames/s',
      reference: frames['small'] ?? 0,
      against,
    });
    yield figure('list-scroll', devices, `${sizes.small} devices`);
    yield figure('list-audit-scroll', entries, `the record of ${sizes.small} devices`);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Frames per second while the list is scrolled by a screen's height each frame for three seconds. */
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
