import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runBuilt } from './testing/run-built.ts';

const run = promisify(execFile);
let folder: string;
const at = (name: string) => join(folder, name);
const cli = (...args: string[]) => runBuilt([...args, '--vault', at('v.fieldkey'), '--json']);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-cli-test-certificate-'));
  const plan = { project: 'lab', broker: { names: ['mqtt.lab.example'] }, devices: [{ id: 'm-1' }] };
  await writeFile(at('plan.json'), JSON.stringify(plan));
  expect(await cli('provision', at('plan.json'), '--out', at('out'))).toMatchObject({ status: 0 });
  const request = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=m-2'];
  await run('openssl', ['req', ...request, '-keyout', at('m-2.key'), '-out', at('m-2.csr')]);
  expect(await cli('sign-requests', 'lab', at('m-2.csr'))).toMatchObject({ status: 0 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('writes a certificate for a day with a key of its own, for a device that keeps its key itself', async () => {
  const done = await cli('test-certificate', 'lab', 'M-2', '--out', at('test'));
  expect(done, done.stdout).toMatchObject({ status: 0, stderr: '' });
  const { device, notAfter } = JSON.parse(done.stdout);
  expect(device).toBe('m-2');
  expect(notAfter - Date.now()).toBeLessThanOrEqual(86_400_000);
  const files = ['-CAfile', at('test/ca.crt'), '-purpose', 'sslclient', '-x509_strict', at('test/client.crt')];
  expect((await run('openssl', ['verify', ...files])).stdout).toContain('OK');
  const [ofKey, ofCertificate] = await Promise.all([
    run('openssl', ['pkey', '-in', at('test/client.key'), '-pubout']),
    run('openssl', ['x509', '-in', at('test/client.crt'), '-noout', '-pubkey']),
  ]);
  expect(ofKey.stdout).toBe(ofCertificate.stdout);
  if (process.platform !== 'win32') expect((await stat(at('test/client.key'))).mode & 0o777).toBe(0o600);

  // a folder that is there: nothing is issued
  const counted = async () => JSON.parse((await cli('show', 'm-2')).stdout).devices[0].certificates.length;
  const before = await counted();
  expect(before).toBe(2);
  expect((await cli('test-certificate', 'lab', 'm-2', '--out', at('test'))).status).toBe(5);
  const here = await cli('test-certificate', 'lab', 'm-1', '--out', at('other'));
  expect([here.status, JSON.parse(here.stdout).error.code]).toEqual([4, 'TEST_CERTIFICATE_REFUSED']);
  expect(await counted()).toBe(before);
  expect((await runBuilt(['verify', '--vault', at('v.fieldkey')])).status).toBe(0);
});
