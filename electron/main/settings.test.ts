import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SettingsStore } from './settings.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-settings-'));
  file = join(folder, 'deep', 'settings.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('gives defaults, keeps changes and changes only what it is told', () => {
  const store = new SettingsStore(file);
  expect(store.settings).toEqual({ theme: 'system', language: 'system', autoLockMinutes: 15 });
  store.change({ language: 'de' });
  store.change({ theme: 'dark' });
  store.remember('/media/stick/fleet.fieldkey');
  const again = new SettingsStore(file);
  expect(again.settings).toEqual({ theme: 'dark', language: 'de', autoLockMinutes: 15 });
  expect(again.vaultFile).toBe('/media/stick/fleet.fieldkey');
});

it('goes on where it cannot write', () => {
  writeFileSync(join(folder, 'deep'), 'a file where the folder should be');
  const store = new SettingsStore(file);
  expect(store.change({ theme: 'dark' }).theme).toBe('dark');
});

it.each(['', '{', '[]', 'null', '{"settings":{"theme":"pink"},"vaultFile":7}'])('lives with a damaged file: %s', (text) => {
  const path = join(folder, 's.json');
  writeFileSync(path, text);
  const store = new SettingsStore(path);
  expect(store.settings.theme).toBe('system');
  store.change({ autoLockMinutes: 5 });
  expect(JSON.parse(readFileSync(path, 'utf8')).settings.autoLockMinutes).toBe(5);
});
