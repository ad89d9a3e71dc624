import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../out/main');

/** Static imports of the built main process, followed from its entry: what must be loaded before a window can open. */
function bootGraph(): Set<string> {
  if (!existsSync(join(folder, 'index.js'))) throw new Error('out/main is missing: run "npm run build" first ("npm test" does)');
  const seen = new Set<string>();
  const visit = (name: string) => {
    if (seen.has(name)) return;
    seen.add(name);
    if (!name.startsWith('./')) return;
    const text = readFileSync(join(folder, name), 'utf8');
    for (const [, imported = ''] of text.matchAll(/^\s*(?:import|export)\b[^'"()]*['"]([^'"]+)['"]/gm)) visit(imported);
  };
  visit('./index.js');
  return seen;
}

it('the window opens without the PKI, MQTT, the database or the command line', () => {
  const graph = bootGraph();
  expect(graph.has('electron')).toBe(true);
  const heavy = [...graph].filter((name) => /^(node-forge|mqtt|better-sqlite3|commander)(\/|$)/.test(name));
  expect(heavy).toEqual([]);
});

it('the window opens after reading a few files, not a package of a hundred', () => {
  const files = [...bootGraph()];
  const packages = files.filter((name) => !name.startsWith('./') && !name.startsWith('node:') && name !== 'electron');
  expect(packages).toEqual([]);
  const own = files.filter((name) => name.startsWith('./'));
  expect(own.length).toBeLessThan(8);
  // the schemas come with the first call of the page: they alone are ten times as much
  const bytes = own.reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  expect(bytes).toBeLessThan(60_000);
});
