import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { testPlan, testVault } from '../authority/testing/fixtures.ts';
import type { VaultSession } from '../vault/session.ts';
import type { Vault } from '../vault/vault.ts';
import { acceptanceOf } from './acceptance-files.ts';
import { type ExportOptions, exportProject } from './export-project.ts';
import { exportState } from './export-state.ts';
import { provision } from './provision.ts';
import { revokeAndPublish } from './revoke.ts';

/** Acceptance reports on a medium: part of the export that checks itself, in no one's way, and not lost by the next one. */

let folder: string;
let vault: Vault;
let session: VaultSession;
let projectId: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'fieldkey-acceptance-'));
  vault = await testVault(join(folder, 'v.fieldkey'));
  session = vault.session;
  ({ projectId } = await provision(session, testPlan({ devices: [{ id: 'M-1' }, { id: 'm-2' }] })));
});
afterEach(() => {
  vault.close();
  rmSync(folder, { recursive: true, force: true });
});

const run = (options: Partial<ExportOptions> = {}) => exportProject(session, projectId, { directory: folder, ...options });
const idOf = (name: string) => session.tables.device.where('name = ?', name)[0]?.id ?? 0;
const report = (deviceId: number | null, text = 'first') => ({
  acceptance: { deviceId, json: `{"say":"${text}"}\n`, pdf: new TextEncoder().encode(`%PDF ${text}`) },
});
const inLab = (path: string) => join(folder, 'lab', path);
const read = (path: string) => readFileSync(inLab(path), 'utf8');
/** What the README tells people to do. */
const check = () => execFileSync('sha256sum', ['-c', '--strict', '--quiet', 'SHA256SUMS'], { cwd: join(folder, 'lab') });

it('puts the report of a device into its bundle, covered by SHA256SUMS, and leaves the rest of the medium as it is', async () => {
  const before = await run();
  const kit = read('broker/certs/server.crt');
  const alone = { withBroker: false, deviceIds: [idOf('M-1')] };
  const after = await run({ ...alone, ...report(idOf('M-1')) });
  expect(after).toMatchObject({ unchanged: false, files: before.files + 2 });
  expect([read('devices/M-1/acceptance.json'), read('devices/M-1/acceptance.pdf')]).toEqual(['{"say":"first"}\n', '%PDF first']);
  expect(read('SHA256SUMS')).toMatch(/^[0-9a-f]{64} {2}devices\/M-1\/acceptance\.pdf$/m);
  expect(read('broker/certs/server.crt')).toBe(kit);
  check();
  // nothing has become another one by it
  expect(exportState(session, projectId)).toMatchObject({ changedKitFiles: [], devicesToExport: 0, bundlesOutdated: 0 });
});

it('keeps it through every later export until there is a newer one', async () => {
  await run(report(idOf('M-1')));
  await run({ withBroker: false, deviceIds: [idOf('m-2')], ...report(null) });
  expect(existsSync(inLab('acceptance/acceptance.json'))).toBe(true);
  expect(await run()).toMatchObject({ unchanged: true });
  expect(await run({ withBroker: false, deviceIds: [idOf('M-1')] })).toMatchObject({ unchanged: true });
  await run(report(idOf('M-1'), 'second'));
  expect(read('devices/M-1/acceptance.json')).toBe('{"say":"second"}\n');
  expect(read('acceptance/acceptance.json')).toBe('{"say":"first"}\n');
  check();
});

it('takes the report of a device without a usable certificate, and none of one that is not in the project', async () => {
  await run();
  const [certificate] = session.tables.certificate.where('device_id = ?', idOf('M-1'));
  await revokeAndPublish(session, certificate?.id ?? 0, { reason: 'superseded' });
  await run({ withBroker: false, deviceIds: [idOf('M-1')], ...report(idOf('M-1')) });
  expect(read('devices/M-1/acceptance.pdf')).toBe('%PDF first');
  check();
  // of everything: its bundle goes, what was said of it stays
  expect(await run()).toMatchObject({ leftOut: ['M-1'] });
  expect(existsSync(inLab('devices/M-1/client.crt'))).toBe(false);
  expect(existsSync(inLab('devices/M-1/acceptance.pdf'))).toBe(true);
  check();
  await expect(run(report(4711))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

it('tells its own files from those of others', () => {
  const told = (path: string) => acceptanceOf(path);
  expect(told('devices/M-1/acceptance.json')).toBe('m-1');
  expect(told('acceptance/acceptance.pdf')).toBe('');
  for (const other of ['devices/M-1/client.key', 'devices/acceptance.json', 'acceptance/x.pdf', 'broker/acceptance.json'])
    expect(told(other), other).toBeNull();
});
