import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runBuilt } from './testing/run-built.ts';

let folder: string;
const at = (name: string) => join(folder, name);
const failure = (second: number) => [
  `${1_790_000_000 + second}: New connection from 10.0.0.7:${second + 1} on port 8883.`,
  `${1_790_000_000 + second}: OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed`,
  `${1_790_000_000 + second}: Client <unknown> disconnected: Protocol error.`,
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fieldkey-cli-log-'));
  const lines = Array.from({ length: 12 }, (_, second) => failure(second)).flat();
  await writeFile(at('mosquitto.log'), `${lines.slice(18).join('\n')}\n`);
  await writeFile(at('mosquitto.log.1.gz'), gzipSync(`${lines.slice(0, 18).join('\n')}\n`));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = async (...args: string[]) => {
  const { status, stdout } = await runBuilt(['log', at('mosquitto.log'), at('mosquitto.log.1.gz'), ...args, '--json']);
  return { status, ...JSON.parse(stdout) };
};

it('ends with 7 when something is an alarm, and says what', async () => {
  const result = await run();
  expect(result).toMatchObject({ status: 7, lines: 36, totals: { refused: 12 } });
  expect(result.findings).toMatchObject([{ kind: 'address-failures', address: '10.0.0.7', count: 12, peak: 12 }]);
  const { status, stdout } = await runBuilt(['log', at('mosquitto.log')]);
  expect(status).toBe(0);
  expect(stdout).toContain('warning: 10.0.0.7: refused 6 times and not let in since: the certificate was not accepted');
});

it('takes the limits that are given', async () => {
  expect(await run('--failures-per-minute', '12')).toMatchObject({ status: 0 });
  expect(await run('--failures-per-minute', '12', '--network', '10.0.0.0/24')).toMatchObject({ status: 0 });
  const elsewhere = await run('--failures-per-minute', '12', '--network', '10.0.1.0/24', 'fd00::/8');
  expect(elsewhere).toMatchObject({ status: 7 });
  expect(elsewhere.findings).toMatchObject([{ kind: 'unexpected-address', address: '10.0.0.7' }, { kind: 'address-refused' }]);
});

it('refuses limits that mean nothing, and files that are not there', async () => {
  expect((await runBuilt(['log', at('mosquitto.log'), '--network', '10.0.0.7/24'])).status).toBe(2);
  expect((await runBuilt(['log', at('mosquitto.log'), '--failures-per-minute', 'many'])).status).toBe(2);
  expect((await runBuilt(['log', at('nothing.log')])).status).toBe(5);
});
