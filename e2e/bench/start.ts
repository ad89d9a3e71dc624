import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron } from 'playwright';
import { Vault } from '../../electron/vault/vault.ts';
import { withDisplay } from './display.ts';
import { type Figure, median, seconds } from './figure.ts';

const runs = 7;
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
    // the first of each fills the system's caches and is not counted
    for (let run = 0; run <= runs; run++) {
      const mine = await start(root);
      await stop();
      const theirs = await start(empty);
      await stop();
      if (run === 0) continue;
      ours.push(mine);
      reference.push(theirs);
    }
    yield { name: 'start', value: median(ours), unit: 's', reference: median(reference), against: 'an empty window' };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
