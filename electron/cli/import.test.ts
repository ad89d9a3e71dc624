import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { easyRsaPki } from '../import/testing/easy-rsa.ts';
import { xcaDatabase } from '../import/testing/xca.ts';
import { BrokerMachine } from '../jobs/testing/imported-kit.ts';
import { runBuilt } from './testing/run-built.ts';

const run = promisify(execFile);
let folder: string;
let machine: BrokerMachine;
const at = (name: string) => join(folder, name);
const env = { FIELDKEY_KEY_PASSPHRASE: 'sesame' };
/** Folders and port of the broker's machine, as options. */
const place = () => {
  const { port, directory, data, log } = machine.settings;
  return ['--port', String(port), '--directory', directory, '--data', data, '--log', log];
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-cli-import-'));
  await chmod(folder, 0o755);
  await mkdir(at('old'));
  machine = await BrokerMachine.at(folder);
});
afterEach(async () => {
  await machine.stop();
  await rm(folder, { recursive: true, force: true });
});

// biome-ignore lint/suspicious/noExplicitAny: a document of another process; what is in it is what is tested
async function json(...args: string[]): Promise<Record<string, any>> {
  const result = await runBuilt([...args, '--vault', at('v.fieldkey'), '--json'], { env });
  expect(result, result.stdout + result.stderr).toMatchObject({ status: 0, stderr: '' });
  return JSON.parse(result.stdout);
}

it('imports a PKI of the real easy-rsa: the broker takes an old device and a new one, roles are as told', async () => {
  const pki = at('old/pki');
  await easyRsaPki(pki, 'sesame');
  const wrong = await runBuilt(['import', pki, '--role', 'meter-1=king of meters', '--vault', at('v.fieldkey')], { env });
  expect(wrong).toMatchObject({ status: 2 });
  expect(wrong.stderr).toContain('ID=gateway');
  const done = await json('import', pki, '--project', 'moved', ...place(), '--role', 'meter-1=gateway', '--role', 'gw-1=device');
  expect(done).toMatchObject({ project: 'moved', devices: 3, revoked: 1 });
  const { projects } = await json('list');
  const told = projects[0].devices.map(({ id, role, state }: Record<string, string>) => [id, role, state]);
  expect(told).toMatchObject([
    ['gw-1', 'device', expect.any(String)],
    ['meter-1', 'gateway', expect.any(String)],
    ['meter-2', 'device', 'revoked'],
  ]);
  const request = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=new-1'];
  await run('openssl', ['req', ...request, '-keyout', at('new.key'), '-out', at('new.csr')]);
  await json('sign-requests', 'moved', at('new.csr'));
  await json('export', 'moved', '--out', at('stick'));
  await machine.install(at('stick/moved'));
  const old = (id: string) => machine.accepts(join(pki, 'ca.crt'), join(pki, `issued/${id}.crt`), join(pki, `private/${id}.key`));
  expect(await old('meter-1')).toBe(true);
  const device = at('stick/moved/devices/new-1');
  expect(await machine.accepts(join(device, 'ca.crt'), join(device, 'client.crt'), at('new.key'))).toBe(true);
});

it('imports a database of the real XCA, once it has its password', async () => {
  const file = (name: string) => at(join('old', name));
  await xcaDatabase(file, 'sesame');
  const asked = await runBuilt(['import', file('x.xdb'), '--vault', at('v.fieldkey'), '--json']);
  expect([asked.status, JSON.parse(asked.stdout).error.code]).toEqual([3, 'PASSPHRASE_MISSING']);
  expect(await json('import', file('x.xdb'), '--project', 'moved', ...place())).toMatchObject({ devices: 1, keys: 3 });
  await json('rekey', 'moved', '--device', 'dev-1');
  await json('export', 'moved', '--out', at('stick'));
  await machine.install(at('stick/moved'));
  expect(await machine.accepts(file('ca.crt'), file('dev-1.crt'), file('dev-1.key'))).toBe(true);
  expect(await machine.acceptsBundle(at('stick/moved/devices/dev-1'))).toBe(true);
});
