import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { callNames, eventNames } from '../../../shared/bridge.ts';
import { first } from './en/first.ts';
import { en } from './en.ts';

/** Our own files that are loaded before the first paint: static imports, types aside, followed from the page's entry. */
function firstPage(): string[] {
  const seen = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file) || !/\.tsx?$/.test(file)) return;
    if (!existsSync(file)) throw new Error(`${file} is imported and not there`);
    seen.add(file);
    const text = readFileSync(file, 'utf8');
    for (const [, imported = ''] of text.matchAll(/^(?:import|export)(?! type)\b[^'"()]*['"](\.[^'"]+)['"]/gm))
      visit(path.resolve(path.dirname(file), imported));
  };
  visit(path.resolve(import.meta.dirname, '../main.tsx'));
  return [...seen];
}

it('what is shown before all words are loaded says only what the first words have', () => {
  const files = firstPage();
  // the walk works: these are the unlock page and what it says when something is wrong
  for (const name of ['Unlock.tsx', 'ErrorPanel.tsx', 'error-text.ts'])
    expect(files.map((file) => path.basename(file))).toContain(name);
  const known: ReadonlySet<string> = new Set([...callNames, ...eventNames]);
  const keys = files
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/['"`]([a-z][\w-]*)\.([a-zA-Z$][\w.${}-]*)['"`]/g)])
    .filter(([, area = '', rest]) => area in en && !known.has(`${area}.${rest}`));
  expect(keys.length).toBeGreaterThan(40);
  expect(keys.filter(([, area = '']) => !(area in first)).map(([literal]) => literal)).toEqual([]);
});
