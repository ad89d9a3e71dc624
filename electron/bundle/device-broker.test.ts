import { execFile, spawn } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessRule } from '../../shared/model/access.ts';
import type { BrokerSettings } from '../../shared/model/broker.ts';
import { standardKit } from '../../shared/model/kit.ts';
import { mosquittoKit } from '../broker/mosquitto/kit.ts';
import { makeTestAuthority, type TestAuthority } from '../broker/testing/certificates.ts';
import { kitLists } from '../broker/testing/kit-lists.ts';
import { freePort, type RunningMosquitto, startMosquitto } from '../broker/testing/mosquitto.ts';
import { connectTestClient, type TestClient } from '../broker/testing/mqtt-client.ts';
import { readmeBlocks, readmeCommands, runAsReadmeSays } from '../broker/testing/readme-commands.ts';
import { deviceBundle } from './device.ts';
import { writeExport } from './write-export.ts';

/** The whole way: kit and bundles are written as one export, installed as the README says, and used as the READMEs say. */
const run = promisify(execFile);
/** For messages that have to arrive, on a machine that is busy with other tests. */
const patient = { timeout: 30_000 };
const access: AccessRule[] = [
  { role: 'device', write: ['{project}/{device}/energy now'], read: ['{project}/commands/{device}', '{project}/for all'] },
];

let scratch: string;
let authority: TestAuthority;
let broker: RunningMosquitto;
let observer: TestClient;
const folderOf = (id: string) => join(scratch, 'stick/lab/devices', id);
const readmeOf = (id: string) => readFile(join(folderOf(id), 'README.txt'), 'utf8');
const lineOf = async (id: string, command: string) => {
  const line = readmeBlocks(await readmeOf(id))
    .flatMap((block) => block.commands)
    .find((found) => found.startsWith(command));
  if (!line) throw new Error(`no ${command} in the README of ${id}`);
  return line;
};

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'fieldkey device '));
  await chmod(scratch, 0o755);
  authority = await makeTestAuthority(join(scratch, 'authority'));
  const [server, watcher] = await Promise.all([authority.issue('broker', 'serverAuth'), authority.issue('observer')]);
  const settings: BrokerSettings = {
    names: ['localhost'],
    addresses: [],
    port: await freePort(),
    target: 'mosquitto-2.0',
    directory: join(scratch, 'etc'),
    data: join(scratch, 'data'),
    log: join(scratch, 'log'),
    days: 397,
    kit: standardKit,
  };
  const tls = {
    ca: authority.ca,
    certificate: server.certificate,
    key: server.key,
    crls: kitLists(await authority.crl()),
    leftOut: [],
  };
  const kit = mosquittoKit({ project: 'lab', settings, access, members: [], deviceCount: 2, observer: 'observer', tls });
  const device = async (id: string, encrypted: boolean) => {
    const issued = await authority.issue(id);
    const key = createPrivateKey(issued.key);
    const certificate = new X509Certificate(issued.certificate);
    return deviceBundle({
      project: 'lab',
      device: { id, role: 'device' },
      broker: settings,
      access,
      ca: authority.ca,
      certificateChain: issued.certificate,
      key: encrypted
        ? { pem: String(key.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })), encrypted }
        : { pem: issued.key, encrypted, sec1: String(key.export({ type: 'sec1', format: 'pem' })) },
      notAfter: Date.parse(certificate.validTo),
      serial: certificate.serialNumber,
      fingerprint: certificate.fingerprint256.replaceAll(':', ''),
    });
  };
  const files = [...kit, ...(await device('meter-001', false)), ...(await device('meter-002', true))];
  await writeExport({ parent: join(scratch, 'stick'), name: 'lab', files });
  const kitFolder = join(scratch, 'stick/lab/broker');
  await runAsReadmeSays(readmeCommands(await readFile(join(kitFolder, 'README.txt'), 'utf8')), kitFolder, scratch);
  broker = await startMosquitto(join(settings.directory, 'mosquitto.conf'));
  observer = await connectTestClient({ port: broker.port, ca: authority.ca, identity: watcher });
});

afterAll(async () => {
  await observer?.close();
  await broker?.stop();
  await rm(scratch, { recursive: true, force: true });
});

describe('the lines of a device’s README, run as they stand', () => {
  it('publish', async () => {
    await observer.subscribe('lab/#');
    const { stdout, stderr } = await run('sh', ['-eu', '-c', await lineOf('meter-001', 'mosquitto_pub')], {
      cwd: folderOf('meter-001'),
    });
    expect(stdout + stderr).toBe('');
    await expect.poll(() => observer.received, patient).toEqual(['lab/meter-001/energy now test']);
  });

  it('subscribe', async () => {
    const line = await lineOf('meter-001', 'mosquitto_sub');
    expect(line).toContain('-t lab/commands/meter-001 -t "lab/for all"');
    // stdbuf: into a pipe mosquitto_sub would print only when it ends; exec: the signal below has to reach it, not a shell
    const child = spawn('stdbuf', ['-oL', 'sh', '-eu', '-c', `exec ${line}`], {
      cwd: folderOf('meter-001'),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    try {
      // again and again, because nothing says when it has subscribed
      const commanded = async () => {
        await observer.publish('lab/commands/meter-001', 'on');
        await observer.publish('lab/for all', 'hello');
        return printed;
      };
      await expect.poll(commanded, patient).toMatch(/^lab\/for all hello$/m);
      await expect.poll(commanded, patient).toMatch(/^lab\/commands\/meter-001 on$/m);
    } finally {
      child.kill();
      await once(child, 'close');
    }
  });

  it('mqtt.json alone is enough to connect', async () => {
    const settings = JSON.parse(await readFile(join(folderOf('meter-001'), 'mqtt.json'), 'utf8'));
    const client = await connectAsync(settings.url, {
      clientId: settings.client_id,
      ca: settings.broker.certificate,
      cert: settings.client.certificate,
      key: settings.client.key,
      protocolVersion: 5,
      reconnectPeriod: 0,
    });
    expect(settings.client.key).toContain('BEGIN EC PRIVATE KEY');
    await client.publishAsync(settings.publish.topic, 'from mqtt.json', { qos: 1 });
    await client.endAsync();
    await expect.poll(() => observer.received, patient).toContain('lab/meter-001/energy now from mqtt.json');
  });

  it('sends mqtt.json to the gateway as it is', async () => {
    const seen: { method?: string | undefined; url?: string | undefined; body: string }[] = [];
    const gateway = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        seen.push({ method: request.method, url: request.url, body });
        response.end();
      });
    });
    gateway.listen(0, '127.0.0.1');
    await once(gateway, 'listening');
    const line = (await lineOf('meter-001', 'curl')).replace(
      'whatwatt-XXXXXX.local',
      `127.0.0.1:${(gateway.address() as AddressInfo).port}`,
    );
    await run('sh', ['-eu', '-c', line], { cwd: folderOf('meter-001') });
    gateway.close();
    const sent = seen.at(-1);
    expect(sent).toMatchObject({ method: 'PUT', url: '/api/v1/mqtt/settings' });
    expect(JSON.parse(sent?.body ?? '')).toEqual(JSON.parse(await readFile(join(folderOf('meter-001'), 'mqtt.json'), 'utf8')));
  });

  it('an encrypted key opens with its passphrase only', async () => {
    const key = join(folderOf('meter-002'), 'client.key');
    await run('openssl', ['pkey', '-in', key, '-passin', 'pass:secret', '-noout']);
    await expect(run('openssl', ['pkey', '-in', key, '-passin', 'pass:wrong', '-noout'])).rejects.toThrow();
    await expect(lineOf('meter-002', 'curl')).rejects.toThrow();
  });
});
