import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { _electron } from 'playwright';
import { Vault } from '../../electron/vault/vault.ts';
import { withDisplay } from './display.ts';
import { type Figure, median, seconds } from './figure.ts';

const runs = 9;
const warming = 2;
/** How long a start that is not counted stays open, ms. */
const inUse = 4_000;
const root = path.resolve(import.meta.dirname, '../..');

/**
 * From starting the process until the page can be used (the unlock page of an existing vault), against an empty window of
 * the same Electron, in turns. Medians; both are started the same way, so what the driver costs is in both.
 */
export async function* startBench(): AsyncGenerator<Figure> {
  yield* withDisplay(measure);
}

async function* measure(): AsyncGenerator<Figure> {
  const executablePath = process.env['FIELDKEY_ELECTRON'];
  if (!executablePath) throw new Error('FIELDKEY_ELECTRON is not set: run with "npm run -s bench -- start"');
  const folder = mkdtempSync(path.join(tmpdir(), 'fieldkey-start-'));
  try {
    const empty = path.join(folder, 'empty');
    mkdirSync(empty);
    writeFileSync(path.join(empty, 'package.json'), '{"name":"empty","version":"1.0.0","main":"main.js"}');
    writeFileSync(
      path.join(empty, 'main.js'),
      `const { app, BrowserWindow } = require('electron');
       app.whenReady().then(() => new BrowserWindow({ width: 1280, height: 800 }).loadURL('data:text/html,<h1>empty</h1>'));`,
    );
    const vault = path.join(folder, 'v.fieldkey');
    (await Vault.create(vault, { passphrase: 'correct horse battery', operator: 'bench' })).close();
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    // as on every day but the first: the program knows its vault and who used it
    for (const who of ['ours', 'empty-window']) mkdirSync(path.join(folder, who));
    writeFileSync(path.join(folder, 'ours/settings.json'), JSON.stringify({ vaultFile: vault, lastOperator: 'bench' }));
    const start = (project: string) =>
      seconds(async () => {
        const userData = path.join(folder, project === root ? 'ours' : 'empty-window');
        const app = await _electron.launch({
          executablePath,
          args: [project, ...sandbox, `--user-data-dir=${userData}`],
        });
        const page = await app.firstWindow();
        await page.locator('h1').first().waitFor();
        stop = () => app.close();
      });
    let stop: () => Promise<void> = async () => undefined;
    const ours: number[] = [];
    const reference: number[] = [];
    // The first of each fill the caches of the system and of Chromium, and are not counted: they stay open for a moment, as
    // on every day, because compiled code is kept only by a program that is used.
    for (let run = -warming; run < runs; run++) {
      const mine = await start(root);
      if (run < 0) await setTimeout(inUse);
      await stop();
      const theirs = await start(empty);
      if (run < 0) await setTimeout(inUse);
      await stop();
      if (run < 0) continue;
      ours.push(mine);
      reference.push(theirs);
    }
    yield { name: 'start', value: median(ours), unit: 's', reference: median(reference), against: 'an empty window' };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
