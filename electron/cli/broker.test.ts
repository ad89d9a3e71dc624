import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runBuilt } from './testing/run-built.ts';

/** Who makes the broker's key and issues its certificate, on the command line. */
const run = promisify(execFile);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-cli-broker-'));
  const plan = { project: 'lab', broker: { names: ['mqtt.lab.example'] }, devices: [{ id: 'm-1' }] };
  await writeFile(at('plan.json'), JSON.stringify(plan));
  await json('provision', at('plan.json'), '--out', at('out'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const at = (name: string) => join(folder, name);
const cli = (args: readonly string[]) => runBuilt([...args, '--vault', at('v.fieldkey'), '--json']);
// biome-ignore lint/suspicious/noExplicitAny: a document of another process; what is in it is what is tested
async function json(...args: string[]): Promise<Record<string, any>> {
  const result = await cli(args);
  expect(result, result.stdout + result.stderr).toMatchObject({ status: 0, stderr: '' });
  return JSON.parse(result.stdout);
}
async function failure(...args: string[]): Promise<[status: number | null, error: object]> {
  const result = await cli(args);
  return [result.status, JSON.parse(result.stdout).error];
}
const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
const certs = () => readdir(at('out/lab/broker/certs'));

it('asks another authority, takes its answer, signs for somebody else, and goes back', async () => {
  await json('broker', 'request', 'lab', '--out', at('our.csr'));
  expect(await failure('broker', 'request', 'lab', '--out', at('our.csr'))).toMatchObject([
    expect.any(Number),
    { code: 'EXPORT_NOT_WRITABLE' },
  ]);
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await openssl('req', '-x509', ...ec, '-keyout', 'root.key', '-out', 'root.crt', '-days', '900', '-subj', '/CN=Corp Root');
  await openssl(
    ...'x509 -req -in our.csr -CA root.crt -CAkey root.key -days 90 -copy_extensions copyall -out leaf.crt'.split(' '),
  );
  const dry = await cli(['broker', 'answer', 'lab', at('leaf.crt'), '--dry-run']);
  expect([dry.status, JSON.parse(dry.stdout).refusal]).toEqual([7, 'chain-incomplete']);
  expect(await failure('broker', 'answer', 'lab', at('root.crt'))).toMatchObject([
    expect.any(Number),
    { code: 'ANSWER_REFUSED', params: { reason: 'key' } },
  ]);
  const taken = await json('broker', 'answer', 'lab', at('leaf.crt'), at('root.crt'));
  expect(taken['filesToCopy']).toContain('certs/server.crt');
  await json('export', 'lab', '--out', at('out'));
  const trusted = await readFile(at('out/lab/devices/m-1/ca.crt'), 'utf8');
  expect(trusted.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
  expect(await failure('renew', 'lab', '--broker')).toMatchObject([expect.any(Number), { code: 'BROKER_NOT_OURS' }]);

  const san = 'subjectAltName=DNS:mqtt.lab.example,DNS:mqtt.partner.example';
  await openssl('req', ...ec, '-keyout', 'partner.key', '-out', 'partner.csr', '-subj', '/CN=x', '-addext', san);
  expect(await json('broker', 'sign', 'lab', at('partner.csr'), '--dry-run')).toMatchObject({ wanted: ['mqtt.lab.example'] });
  expect(await failure('broker', 'sign', 'lab', at('partner.csr'), '--name', 'evil.example')).toMatchObject([
    2,
    { code: 'INPUT_INVALID' },
  ]);
  await json('broker', 'sign', 'lab', at('partner.csr'), '--name', 'mqtt.lab.example', 'mqtt.partner.example');
  await json('export', 'lab', '--out', at('out'));
  expect(await certs()).not.toContain('server.key');
  const { stdout } = await openssl('x509', '-in', 'out/lab/broker/certs/server.crt', '-noout', '-ext', 'subjectAltName');
  expect(stdout).toContain('DNS:mqtt.lab.example, DNS:mqtt.partner.example');

  await json('broker', 'own', 'lab');
  await json('export', 'lab', '--out', at('out'));
  expect(await certs()).toContain('server.key');
  expect(await json('verify')).toMatchObject({ verification: { sound: true, findings: [] } });
});
