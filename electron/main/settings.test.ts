import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { standardDefaults } from '../../shared/model/defaults.ts';
import { SettingsStore } from './settings.ts';
import { checkedSettings, readSettingsFile, themeIn } from './settings-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-settings-'));
  file = join(folder, 'deep', 'settings.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const standard = {
  theme: 'system',
  contrast: 'system',
  language: 'system',
  autoLockMinutes: 15,
  defaults: standardDefaults,
};

it('gives defaults, keeps changes and changes only what it is told', () => {
  const store = new SettingsStore(file, '1.0.0');
  expect(store.settings).toEqual(standard);
  store.change({ language: 'de' });
  store.change({ theme: 'dark' });
  store.remember('/media/stick/fleet.fieldkey');
  const again = new SettingsStore(file, '1.0.0');
  expect(again.settings).toEqual({ ...standard, theme: 'dark', language: 'de' });
  expect(again.vaultFile).toBe('/media/stick/fleet.fieldkey');
});

it('goes on where it cannot write', () => {
  writeFileSync(join(folder, 'deep'), 'a file where the folder should be');
  const store = new SettingsStore(file, '1.0.0');
  expect(store.change({ theme: 'dark' }).theme).toBe('dark');
});

it.each(['', '{', '[]', 'null', '{"settings":{"theme":"pink"},"vaultFile":7}'])('lives with a damaged file: %s', (text) => {
  const path = join(folder, 's.json');
  writeFileSync(path, text);
  const store = new SettingsStore(path, '1.0.0');
  expect(store.settings.theme).toBe('system');
  store.change({ autoLockMinutes: 5 });
  expect(JSON.parse(readFileSync(path, 'utf8')).settings.autoLockMinutes).toBe(5);
});

it('changes one default and keeps the others', () => {
  const store = new SettingsStore(file, '1.0.0');
  store.change({ defaults: { organisation: 'Stadtwerke', port: 18_883 } });
  store.change({ defaults: { key: 'rsa2048' } });
  store.change({ contrast: 'high' });
  const defaults = { ...standardDefaults, organisation: 'Stadtwerke', port: 18_883, key: 'rsa2048' };
  expect(new SettingsStore(file, '1.0.0').settings).toEqual({ ...standard, contrast: 'high', defaults });
});

it.each([
  ['before there were defaults', { theme: 'dark', language: 'es', autoLockMinutes: 5 }, {}],
  ['one field that is no longer known', { theme: 'dark', language: 'es', autoLockMinutes: 5, contrast: 'low', more: 1 }, {}],
  [
    'defaults out of bounds',
    { theme: 'dark', language: 'es', autoLockMinutes: 5, defaults: { port: 0, deviceDays: 730 } },
    { deviceDays: 730 },
  ],
])('takes up an older file: %s', (_name, settings, defaults) => {
  const path = join(folder, 'old.json');
  writeFileSync(path, JSON.stringify({ settings, vaultFile: null }));
  expect(new SettingsStore(path, '1.0.0').settings).toEqual({
    ...standard,
    theme: 'dark',
    language: 'es',
    autoLockMinutes: 5,
    defaults: { ...standardDefaults, ...defaults },
  });
});

it('is known to be sound without the schemas, until another version or another hand comes', () => {
  const used = join(folder, 's.json');
  writeFileSync(used, JSON.stringify({ settings: { theme: 'dark', more: 1 }, vaultFile: '/v', lastOperator: 'Ana' }));
  expect(checkedSettings(readSettingsFile(used), '1.0.0')).toBeNull();
  const store = new SettingsStore(used, '1.0.0');
  expect(checkedSettings(readSettingsFile(used), '1.0.0')).toEqual({ ...standard, theme: 'dark' });
  store.change({ language: 'de' });
  expect(checkedSettings(readSettingsFile(used), '1.0.0')).toEqual({ ...standard, theme: 'dark', language: 'de' });
  expect(checkedSettings(readSettingsFile(used), '1.1.0')).toBeNull();
  const edited = readFileSync(used, 'utf8').replace('"de"', '"fr"');
  writeFileSync(used, edited);
  expect(checkedSettings(readSettingsFile(used), '1.0.0')).toBeNull();
  expect(new SettingsStore(used, '1.0.0').settings.language).toBe('system');
  expect(checkedSettings(readSettingsFile(used), '1.0.0')?.language).toBe('system');
});

it.each([
  ['{"settings":{"theme":"dark"}}', 'dark'],
  ['{"settings":{"theme":"pink"}}', 'system'],
  ['{"settings":7}', 'system'],
  ['[]', 'system'],
  ['null', 'system'],
  ['{', 'system'],
])('opens the window in the theme of %s: %s', (text, theme) => {
  const path = join(folder, 't.json');
  writeFileSync(path, text);
  expect(themeIn(readSettingsFile(path))).toBe(theme);
});
