import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// Proves that the import rules of biome.json fire. Each row becomes a file of a scratch tree that has this
// repository's shape and its biome.json; the linter then judges all of them at once.

const root = path.resolve(import.meta.dirname, '../..');
const biome = path.join(root, 'node_modules/@biomejs/biome/bin/biome');

const forbidden: [file: string, imported: string][] = [
  ['shared/rules/x.ts', '../../electron/pki/names.ts'],
  ['shared/rules/x.ts', '../../renderer/src/ui/x.ts'],
  ['shared/rules/x.ts', 'node:fs'],
  ['shared/rules/x.ts', 'electron'],
  ['shared/rules/x.ts', 'better-sqlite3'],
  ['electron/pki/x.ts', '../vault/vault.ts'],
  ['electron/pki/lint/x.ts', '../../vault/vault.ts'],
  ['electron/pki/x.ts', '../authority/issue.ts'],
  ['electron/pki/x.ts', 'electron'],
  ['electron/vault/x.ts', '../pki/names.ts'],
  ['electron/vault/x.ts', '../authority/issue.ts'],
  ['electron/authority/x.ts', '../bundle/writer.ts'],
  ['electron/authority/x.ts', '../main/index.ts'],
  ['electron/broker/mosquitto/x.ts', '../../pki/names.ts'],
  ['electron/broker/x.ts', '../vault/vault.ts'],
  ['electron/bundle/x.ts', '../authority/issue.ts'],
  ['electron/tester/x.ts', '../vault/vault.ts'],
  ['electron/tester/x.ts', '../../renderer/src/ui/x.ts'],
  ['electron/import/x.ts', '../vault/vault.ts'],
  ['electron/import/x.ts', '../authority/issue.ts'],
  ['electron/pki/x.ts', '../import/read-xca.ts'],
  ['electron/jobs/x.ts', '../cli/run.ts'],
  ['electron/authority/x.ts', '../jobs/job.ts'],
  ['electron/cli/x.ts', '../main/index.ts'],
  ['electron/cli/x.ts', 'electron'],
  ['electron/cli/x.ts', 'electron/main'],
  ['electron/pki/x.test.ts', 'electron'],
  ['electron/main/x.ts', '../../renderer/src/ui/x.ts'],
  ['electron/preload/index.ts', '../vault/vault.ts'],
  ['electron/preload/index.ts', '../../shared/model/device.ts'],
  ['electron/preload/index.ts', 'node:fs'],
  ['renderer/src/main.tsx', '../../electron/pki/names.ts'],
  ['renderer/src/main.tsx', 'electron'],
  ['renderer/src/bridge/x.ts', 'node:path'],
  ['renderer/src/ui/x.tsx', '../features/wizard/x.ts'],
  ['renderer/src/bridge/x.ts', '../app/shell.tsx'],
  ['renderer/src/features/wizard/x.tsx', '../devices/list.tsx'],
  ['renderer/src/features/wizard/steps/x.tsx', '../../devices/list.tsx'],
  ['renderer/src/features/wizard/x.tsx', '../../features/devices/list.tsx'],
  ['renderer/src/features/wizard/x.tsx', '../../../../electron/pki/names.ts'],
  ['renderer/src/features/wizard/x.tsx', 'mqtt'],
];

const allowed: [file: string, imported: string][] = [
  ['shared/rules/x.ts', '../model/broker.ts'],
  ['shared/contract.ts', 'zod'],
  ['electron/pki/lint/x.ts', '../names.ts'],
  ['electron/pki/x.ts', '../../shared/errors.ts'],
  ['electron/pki/x.ts', 'node:crypto'],
  ['electron/authority/x.ts', '../vault/vault.ts'],
  ['electron/authority/x.ts', '../pki/names.ts'],
  ['electron/import/x.ts', '../pki/names.ts'],
  ['electron/jobs/x.ts', '../import/read-xca.ts'],
  ['electron/jobs/x.ts', '../authority/issue.ts'],
  ['electron/jobs/x.ts', '../broker/mosquitto/kit.ts'],
  ['electron/broker/x.ts', './mosquitto/conf.ts'],
  ['electron/broker/x.test.ts', '../authority/issue.ts'],
  ['electron/tester/x.ts', 'mqtt'],
  ['electron/cli/x.ts', '../vault/vault.ts'],
  ['electron/main/x.ts', 'electron'],
  ['electron/main/ipc/x.ts', '../../authority/issue.ts'],
  ['electron/preload/index.ts', 'electron'],
  ['electron/preload/index.ts', '../../shared/bridge.ts'],
  ['renderer/src/app/x.tsx', '../features/wizard/x.tsx'],
  ['renderer/src/app/x.tsx', '../../../shared/errors.ts'],
  ['renderer/src/features/wizard/x.tsx', './steps/x.tsx'],
  ['renderer/src/features/wizard/x.tsx', '../../ui/button.tsx'],
  ['renderer/src/features/wizard/x.tsx', '../../../../shared/model/device.ts'],
  ['renderer/src/features/wizard/steps/x.tsx', '../x.tsx'],
  ['renderer/src/features/wizard/steps/x.tsx', '../../../bridge/use.ts'],
];

/** The row's file in the scratch tree, numbered because many rows speak of the same file. */
function fileOf(file: string, row: string): string {
  const name = path.posix.basename(file);
  const dot = name.indexOf('.');
  return path.posix.join(path.posix.dirname(file), `${name.slice(0, dot)}-${row}${name.slice(dot)}`);
}

let scratch: string;
/** Files (with forward slashes) in which an import rule fired. */
const accused = new Set<string>();

beforeAll(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'fieldkey-directions-'));
  copyFileSync(path.join(root, 'biome.json'), path.join(scratch, 'biome.json'));
  copyFileSync(path.join(root, '.gitignore'), path.join(scratch, '.gitignore'));
  for (const [kind, rows] of [['bad', forbidden] as const, ['good', allowed] as const]) {
    for (const [index, [file, imported]] of rows.entries()) {
      const target = path.join(scratch, fileOf(file, `${kind}${index}`));
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, `import * as it from '${imported}';\n\nexport const used = it;\n`);
    }
  }
  const { stdout } = spawnSync(process.execPath, [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'], {
    cwd: scratch,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const report = JSON.parse(stdout) as { diagnostics: { category: string; location: { path: string | { file: string } } }[] };
  for (const { category, location } of report.diagnostics) {
    if (!/noRestrictedImports|noNodejsModules/.test(category)) continue;
    const file = typeof location.path === 'string' ? location.path : location.path.file;
    accused.add(file.replaceAll('\\', '/').replace(/^\.\//, ''));
  }
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('import directions', () => {
  it.each(forbidden.map((row, index) => [...row, index] as const))('%s must not import %s', (file, _imported, index) => {
    expect(accused).toContain(fileOf(file, `bad${index}`));
  });

  it.each(allowed.map((row, index) => [...row, index] as const))('%s may import %s', (file, _imported, index) => {
    expect(accused).not.toContain(fileOf(file, `good${index}`));
  });
});
