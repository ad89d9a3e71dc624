import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import { withDisplay } from './display.ts';
import type { Figure } from './figure.ts';
import { goTo, makeFleet, openFleet } from './window.ts';

const fleet = 5_000;
/** What ux.md calls fluid: nothing keeps the program from answering for longer than this, ms. */
const goal = 50;
/** A loop that is watched this often, ms, is told of every delay that is longer. */
const resolution = 5;

/**
 * While 5,000 devices are renewed and exported in the window: main's longest task, the longest delay of its event loop, against
 * that of a process which does nothing meanwhile (a busy machine delays both), and the page's tasks above 50 ms. Goal: no task
 * above 50 ms. A task of main is what its thread worked between two looks; what it waited for a processor that the thread of
 * the vault or the disk had just then is in the delay only.
 */
export async function* responsiveBench(): AsyncGenerator<Figure> {
  yield* withDisplay(measure);
}

async function* measure(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-responsive-'));
  const stick = path.join(folder, 'stick');
  mkdirSync(stick);
  const vault = path.join(folder, 'fleet');
  await makeFleet(vault, fleet);
  const { app, page } = await openFleet(vault);
  try {
    await goTo(page, 'devices');
    await page.waitForTimeout(1_000);
    const figures = async function* (name: string, act: () => Promise<void>): AsyncGenerator<Figure> {
      const idle = idleProcess(folder);
      await watch(app, page);
      await act();
      const { main, task, tasks, blocked } = await watched(app, page);
      if (task !== null) yield { name: `${name}-main-task`, value: task, unit: 'ms', reference: goal, against: 'goal' };
      yield {
        name: `${name}-main-delay`,
        value: main,
        unit: 'ms',
        reference: await idle(),
        against: 'an idle process meanwhile',
      };
      yield { name: `${name}-window`, value: Math.max(0, ...tasks), unit: 'ms', reference: goal, against: 'goal' };
      const told = `of ${tasks.length} tasks above it`;
      yield { name: `${name}-window-blocked`, value: blocked, unit: 'ms', reference: goal, against: `goal, ${told}` };
    };
    yield* figures('idle', () => page.waitForTimeout(3_000));
    yield* figures('renew', () => renewAll(page));
    yield* figures('export', () => exportAll(app, page, stick));
  } finally {
    await app.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** As a person does it: all rows chosen, renewed, and the list of results looked at. */
async function renewAll(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: `Select all ${fleet.toLocaleString('en')} devices` }).click();
  await page.getByRole('button', { name: 'More…' }).click();
  await page.getByRole('menuitem', { name: /^Renew/ }).click();
  const dialog = page.getByRole('dialog', { name: /^Renew / });
  await dialog.getByRole('button', { name: /^Renew / }).click();
  await dialog.getByText(`${fleet.toLocaleString('en')} certificates issued`).waitFor({ timeout: 300_000 });
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
}

async function exportAll(app: ElectronApplication, page: Page, stick: string): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
  }, stick);
  await goTo(page, 'export');
  await page.getByRole('button', { name: 'Choose a folder…' }).click();
  await page.getByRole('button', { name: /^Export to / }).click();
  await page.getByText('Written and read back').waitFor({ timeout: 300_000 });
}

/** Starts a process that does nothing but watch its own event loop; gives what ends it and tells its longest delay, ms. */
function idleProcess(folder: string): () => Promise<number> {
  const script = path.join(folder, 'idle.mjs');
  writeFileSync(
    script,
    `import { monitorEventLoopDelay } from 'node:perf_hooks';
const monitor = monitorEventLoopDelay({ resolution: ${resolution} });
setTimeout(() => monitor.enable(), 200);
process.once('message', () => process.send(monitor.max / 1e6, () => process.disconnect()));`,
  );
  const child = fork(script);
  return () =>
    new Promise((resolve, reject) => {
      child.once('message', (delay) => resolve(Number(delay)));
      child.once('error', reject);
      child.send('end');
    });
}

interface Watched {
  monitor: { readonly max: number; enable(): void; disable(): void };
  /** Longest time that main's thread worked between two looks, ms; null where the system does not tell it. */
  task: number | null;
  looking: NodeJS.Timeout | undefined;
}

/** Begins to watch both event loops. */
async function watch(app: ElectronApplication, page: Page): Promise<void> {
  await app.evaluate((_electron, every) => {
    const { monitorEventLoopDelay } = process.getBuiltinModule('node:perf_hooks');
    const state = globalThis as unknown as Watched;
    state.monitor = monitorEventLoopDelay({ resolution: every });
    state.monitor.enable();
    state.task = null;
    if (process.platform !== 'linux') return;
    const { readFileSync } = process.getBuiltinModule('node:fs');
    // proc(5): nanoseconds on a processor, then those of waiting for one, of the process' first thread, which is main's
    const worked = () => Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
    let before = worked();
    state.looking = setInterval(() => {
      const now = worked();
      state.task = Math.max(state.task ?? 0, now - before);
      before = now;
    }, every);
  }, resolution);
  await page.evaluate(() => {
    const state = window as unknown as { tasks: number[]; observer: PerformanceObserver };
    state.tasks = [];
    state.observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) state.tasks.push(duration);
    });
    // the page's own tasks above 50 ms (W3C Long Tasks)
    state.observer.observe({ type: 'longtask' });
  });
}

/** Ends it. `main`: the longest delay, `task`: the longest task, ms; `tasks`: the page's tasks above 50 ms; `blocked`: what of them was above, together. */
async function watched(
  app: ElectronApplication,
  page: Page,
): Promise<{ main: number; task: number | null; tasks: number[]; blocked: number }> {
  // the observer is told a moment later
  await page.waitForTimeout(200);
  const { main, task } = await app.evaluate(() => {
    const { monitor, task: longest, looking } = globalThis as unknown as Watched;
    monitor.disable();
    clearInterval(looking);
    return { main: monitor.max / 1e6, task: longest };
  });
  const tasks = await page.evaluate(() => {
    const state = window as unknown as { tasks: number[]; observer: PerformanceObserver };
    state.observer.disconnect();
    return state.tasks;
  });
  return { main, task, tasks, blocked: tasks.reduce((sum, task) => sum + task - 50, 0) };
}
