// Runs inside the fallback Electron, which lacks the official one's default app: starts the app in the folder given as
// the first argument. So one cached runtime serves every checkout, with the same arguments as the official Electron.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const args = process.argv.slice(1);
const require = createRequire(import.meta.url);
let folder = '.';
for (let index = 0; index < args.length; index++) {
  const arg = args[index];
  if (arg === '-r' || arg === '--require') require(path.resolve(args[++index] ?? ''));
  else if (!arg.startsWith('-')) {
    folder = arg;
    break;
  }
}

const root = path.resolve(folder);
const { name, productName, version, main } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
app.setName(productName ?? name);
app.setVersion(version);
app.setAppPath(root);
process.defaultApp = true;
// Electron emits 'ready' only after this has settled, so the app can register its schemes in time.
await import(pathToFileURL(path.join(root, main)).href);
