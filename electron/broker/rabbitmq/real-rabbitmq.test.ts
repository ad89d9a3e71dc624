import { execFile, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultAccess } from '../../../shared/model/access.ts';
import type { DeviceRequest } from '../../../shared/model/device.ts';
import { standardKit } from '../../../shared/model/kit.ts';
import { makeTestAuthority, type TestAuthority } from '../testing/certificates.ts';
import { kitLists } from '../testing/kit-lists.ts';
import { freePort } from '../testing/mosquitto.ts';
import { type RunningRabbitmq, rabbitmqUser, startRabbitmq } from '../testing/rabbitmq.ts';
import { rabbitmqKit } from './kit.ts';

/**
 * The kit judged by the broker it is for: install.sh is run as it stands, and Debian's RabbitMQ is started with what it
 * installed. The clients are mosquitto_pub and mosquitto_sub.
 */
const run = promisify(execFile);

const members: DeviceRequest[] = [
  { id: 'meter-001', role: 'device' },
  { id: 'meter-002', role: 'device' },
  { id: 'canary', role: 'device' },
  { id: 'dash-1', role: 'dashboard' },
  { id: 'gw-1', role: 'gateway' },
  { id: 'boss', role: 'admin' },
];

let scratch: string;
let stick: string;
let authority: TestAuthority;
let foreign: TestAuthority;
let issuerHash: string;
let port: number;
let broker: RunningRabbitmq;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  if (process.getuid?.() !== 0) throw new Error('install.sh gives files to the user rabbitmq: run this test as root');
  scratch = await mkdtemp(join(tmpdir(), 'fieldkey rabbit '));
  await chmod(scratch, 0o755);
  stick = join(scratch, 'stick/lab/broker');
  authority = await makeTestAuthority(join(scratch, 'authority'));
  foreign = await makeTestAuthority(join(scratch, 'foreign'));
  await foreign.issue('meter-001');
  for (const { id } of members) await authority.issue(id);
  for (const name of ['observer', 'stranger', 'new-1']) await authority.issue(name);
  await authority.issue('broker', 'serverAuth');
  await authority.revoke('canary');
  await authority.crl();
  issuerHash = (await run('openssl', ['crl', '-hash', '-noout', '-in', join(authority.folder, 'crl.pem')])).stdout.trim();
  port = await freePort();
  const tools = join(scratch, 'tools');
  await mkdir(tools);
  await mkdir(join(scratch, 'etc/logrotate.d'), { recursive: true });
  // there is no systemd here: what it would have been told is written down
  await writeFile(join(tools, 'systemctl'), `#!/bin/sh\necho "$*" >>'${join(scratch, 'systemctl.log')}'\n`, { mode: 0o755 });
  env = { ...process.env, PATH: `${tools}:${process.env['PATH']}`, LOGROTATE_D: join(scratch, 'etc/logrotate.d') };
  await writeKit();
  await install('--files');
  broker = await startRabbitmq(join(scratch, 'etc/rabbitmq/rabbitmq-env.conf'), scratch);
  env['PATH'] = `${broker.bin}:${env['PATH']}`;
}, 240_000);

afterAll(async () => {
  await broker?.stop();
  await rm(scratch, { recursive: true, force: true });
});

async function writeKit(changed: Partial<Parameters<typeof rabbitmqKit>[0]> = {}): Promise<void> {
  const read = (name: string) => readFile(join(authority.folder, name), 'utf8');
  const kit = rabbitmqKit({
    project: 'lab',
    settings: {
      names: ['localhost'],
      addresses: ['127.0.0.1'],
      port,
      target: 'mosquitto-2.0',
      directory: join(scratch, 'etc/rabbitmq'),
      data: join(scratch, 'var/lib/rabbitmq'),
      log: join(scratch, 'var/log/rabbitmq'),
      days: 397,
      kit: standardKit,
    },
    access: defaultAccess,
    members,
    observer: 'observer',
    tls: {
      ca: authority.ca,
      certificate: await read('broker.crt'),
      key: await read('broker.key'),
      crls: kitLists(await read('crl.pem')),
      leftOut: [],
      outsideAbove: false,
    },
    ...changed,
  });
  await rm(stick, { recursive: true, force: true });
  for (const file of kit) {
    await mkdir(dirname(join(scratch, 'stick/lab', file.path)), { recursive: true });
    await writeFile(join(scratch, 'stick/lab', file.path), file.content);
  }
}

async function install(...args: string[]): Promise<string> {
  const { stdout } = await run('sh', ['install.sh', ...args], { cwd: stick, env, timeout: 120_000 });
  // the folders are not Debian's, and it says what that needs
  expect(stdout).toMatch(/^note: \/etc\/rabbitmq\/rabbitmq-env.conf has to contain the line/m);
  return stdout.replace(/^note:.*\n/m, '');
}

async function toldSystemd(): Promise<string[]> {
  const log = join(scratch, 'systemctl.log');
  const lines = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n');
  await rm(log, { force: true });
  return lines;
}

const tls = (name: string | null, from: TestAuthority = authority) => [
  ...['-h', 'localhost', '-p', String(port), '--cafile', authority.caFile, '-V', 'mqttv311'],
  ...(name === null ? [] : ['--cert', join(from.folder, `${name}.crt`), '--key', join(from.folder, `${name}.key`)]),
];

/** Publishes with QoS 1: 'sent' when the broker acknowledged, otherwise what mosquitto_pub said. */
async function publish(name: string | null, topic: string, extra: string[] = [], from?: TestAuthority): Promise<string> {
  const id = name === null ? [] : ['-i', name];
  const args = [...tls(name, from), ...id, '-q', '1', '-t', topic, '-m', `from ${name}`, ...extra];
  return run('mosquitto_pub', args, { timeout: 30_000 }).then(
    () => 'sent',
    (error: { stderr?: string }) => (error.stderr ?? '').trim().split('\n')[0] ?? '',
  );
}

interface Listener {
  /** Lines `topic payload` so far. */
  readonly lines: readonly string[];
  readonly said: () => string;
  stop(): Promise<void>;
}

/** mosquitto_sub; comes back when the broker has answered the subscription, or when it ended the connection instead. */
async function listen(name: string, topic: string, id = name): Promise<Listener & { readonly allowed: boolean }> {
  // -d tells of SUBACK and of a lost connection
  const child = spawn('stdbuf', ['-oL', 'mosquitto_sub', ...tls(name), '-i', id, '-q', '1', '-v', '-d', '-t', topic]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  // after a refused subscription mosquitto_sub connects and asks again
  await expect.poll(() => /Subscribed \(mid: 1\)|(sending CONNECT[\s\S]*){2}/.test(output), { timeout: 30_000 }).toBe(true);
  return {
    allowed: /Subscribed \(mid: 1\): [01]/.test(output),
    get lines() {
      return output.split('\n').filter((line) => !/^(Client|Subscribed)/.test(line) && line !== '');
    },
    said: () => output,
    async stop() {
      // while it waits for its next attempt mosquitto_sub takes no notice of SIGTERM
      child.kill('SIGKILL');
      await gone;
    },
  };
}

const patient = { timeout: 30_000 };
const lost = 'Error: The connection was lost.';
const refused = 'Connection error: Connection Refused: bad user name or password.';

it('is installed with the owners and modes that the broker wants, twice the same', async () => {
  const { uid, gid } = await rabbitmqUser();
  // of a kit that was a part of Debian's configuration
  const part = join(scratch, 'etc/rabbitmq/conf.d/90-fieldkey.conf');
  await mkdir(dirname(part), { recursive: true });
  await writeFile(part, 'mqtt.listeners.ssl.default = 1\n');
  expect(await install('--files')).toBe(`removed ${part}\n`);
  expect(await install('--files')).toBe('');
  const at = async (path: string) => {
    const found = await stat(join(scratch, path));
    const owner = `${found.uid === 0 ? 'root' : found.uid === uid ? 'rabbitmq' : found.uid}:${found.gid === gid ? 'rabbitmq' : found.gid}`;
    return `${(found.mode & 0o7777).toString(8)} ${owner}`;
  };
  const readable = [
    'rabbitmq.conf',
    'advanced.config',
    'enabled_plugins',
    'definitions.json',
    'certs/server.key',
    'certs/ca.crt',
  ];
  for (const name of readable) expect([name, await at(`etc/rabbitmq/${name}`)]).toEqual([name, '640 root:rabbitmq']);
  expect(await at(`etc/rabbitmq/crls/${issuerHash}.r0`)).toBe('640 root:rabbitmq');
  expect([await at('etc/rabbitmq/crls'), await at('etc/rabbitmq/certs')]).toEqual(['750 root:rabbitmq', '750 root:rabbitmq']);
  expect(await at('var/lib/rabbitmq')).toBe('750 rabbitmq:rabbitmq');
  expect((await readdir(join(scratch, 'etc/rabbitmq'))).filter((name) => /new|before/.test(name))).toEqual([]);
});

it('opens one port to the network, and to rabbitmqctl only on this machine', async () => {
  const { stdout } = await run('ss', ['-ltnpH']);
  const children = (await run('ps', ['--ppid', String(broker.pid), '-o', 'pid='])).stdout.trim().split(/\s+/);
  const pids = [broker.pid, ...children.map(Number)];
  const listening = stdout.split('\n').filter((line) => pids.some((pid) => line.includes(`pid=${pid},`)));
  const addresses = listening.map((line) => line.split(/\s+/)[3] ?? '').filter((address) => !address.startsWith('127.0.0.1:'));
  expect(listening.length).toBeGreaterThan(1);
  expect(addresses).toEqual([`*:${port}`]);
  expect(await broker.ctl('list_users')).not.toContain('guest');
  expect(await broker.log()).toContain('Server startup complete; 2 plugins started.');
});

it('lets a device write its own topic and read its own commands, and nothing else', async () => {
  const dash = await listen('dash-1', 'lab/#');
  expect(await publish('meter-001', 'lab/energy/meter-001')).toBe('sent');
  for (const topic of ['lab/energy/meter-002', 'lab/energy', 'lab/commands/meter-001', 'x', 'lab.energy.meter-002'])
    expect([topic, await publish('meter-001', topic)]).toEqual([topic, lost]);
  // the dot is a slash to RabbitMQ, in what is allowed as well
  expect(await publish('meter-001', 'lab.energy.meter-001')).toBe('sent');
  const own = await listen('meter-001', 'lab/commands/meter-001');
  expect(own.allowed).toBe(true);
  for (const topic of ['lab/commands/meter-001', 'lab/commands/+', 'lab/#', '#', 'lab/commands/*', 'lab/energy/meter-001']) {
    const other = await listen('meter-002', topic);
    expect([topic, other.allowed]).toEqual([topic, false]);
    await other.stop();
  }
  expect(await publish('observer', 'lab/commands/meter-001')).toBe('sent');
  await expect.poll(() => own.lines, patient).toEqual(['lab/commands/meter-001 from observer']);
  await expect
    .poll(() => dash.lines, patient)
    .toEqual([
      'lab/energy/meter-001 from meter-001',
      'lab/energy/meter-001 from meter-001',
      'lab/commands/meter-001 from observer',
    ]);
  await Promise.all([dash.stop(), own.stop()]);
  expect(await broker.log()).toMatch(/access to topic 'lab\.energy\.meter-002'.*refused for user 'meter-001'/);
});

it('gives gateways, dashboards, administrators and the observer what their rules say', async () => {
  const observer = await listen('observer', 'lab/#');
  expect(await publish('gw-1', 'lab/energy/anything/below')).toBe('sent');
  expect(await publish('gw-1', 'lab/commands/meter-001')).toBe(lost);
  expect(await publish('dash-1', 'lab/energy/dash-1')).toBe(lost);
  expect(await publish('boss', 'lab/any')).toBe('sent');
  expect(await publish('boss', '$x/any')).toBe(lost);
  await expect.poll(() => observer.lines, patient).toEqual(['lab/energy/anything/below from gw-1', 'lab/any from boss']);
  // not while it listens: the same client id would put the listener out
  await observer.stop();
  expect(await publish('observer', 'lab/energy/meter-001')).toBe(lost);
});

it('keeps a session to the client of its own name', async () => {
  const taken = await listen('meter-002', 'lab/commands/meter-002', 'meter-001');
  expect(taken.allowed).toBe(false);
  await taken.stop();
});

it('refuses a stranger, a name instead of the certificate, no certificate, a foreign one and a revoked one', async () => {
  expect(await publish('stranger', 'lab/energy/stranger')).toBe(refused);
  expect(await publish('meter-001', 'lab/energy/meter-001', ['-u', 'boss'])).toBe(refused);
  expect(await publish('meter-001', 'lab/energy/meter-001', ['-u', 'boss', '-P', 'x'])).toBe(refused);
  expect(await publish('meter-001', 'lab/energy/meter-001', ['-u', 'boss', '-P', ''])).toBe(refused);
  for (const version of ['tlsv1.2', 'tlsv1.3']) {
    const only = ['--tls-version', version];
    expect([version, await publish('meter-001', 'lab/energy/meter-001', only)]).toEqual([version, 'sent']);
    expect([version, await publish(null, 'lab/energy/x', only)]).not.toEqual([version, 'sent']);
    expect([version, await publish('meter-001', 'lab/energy/meter-001', only, foreign)]).not.toEqual([version, 'sent']);
    expect([version, await publish('canary', 'lab/energy/canary', only)]).not.toEqual([version, 'sent']);
  }
  for (const alert of [/Certificate Revoked/i, /Unknown CA|Bad Certificate|Decrypt Error/i, /Certificate required/i])
    await expect.poll(() => broker.log(), patient).toMatch(alert);
});

it('does not let a resumed TLS session past the revocation list', async () => {
  const session = join(scratch, 'session.pem');
  const client = ['s_client', '-connect', `localhost:${port}`, '-CAfile', authority.caFile, '-tls1_2'];
  const as = ['-cert', join(authority.folder, 'meter-001.crt'), '-key', join(authority.folder, 'meter-001.key')];
  const shell = (args: string[]) => run('sh', ['-c', 'echo | timeout 20 openssl "$@" 2>&1 || true', 'sh', ...args]);
  await shell([...client, ...as, '-sess_out', session]);
  const { stdout } = await shell([...client, ...as, '-sess_in', session]);
  expect(stdout).toContain('New, TLSv1.2');
  expect(stdout).not.toContain('Reused');
});

it('takes over a new device while it runs, and leaves everybody connected', async () => {
  await toldSystemd();
  const watcher = await listen('dash-1', 'lab/#');
  expect(await publish('new-1', 'lab/energy/new-1')).toBe(refused);
  await writeKit({ members: [...members, { id: 'new-1', role: 'device' }] });
  const said = await install();
  expect(said).toBe(`installed ${join(scratch, 'etc/rabbitmq/definitions.json')}\ndone\n`);
  expect(await toldSystemd()).toEqual(['is-active --quiet rabbitmq-server']);
  expect(await publish('new-1', 'lab/energy/new-1')).toBe('sent');
  await expect.poll(() => watcher.lines, patient).toEqual(['lab/energy/new-1 from new-1']);
  expect(watcher.said()).not.toMatch(/(sending CONNECT[\s\S]*){2}/);
  expect(await install()).toBe('done\n');
  // and takes it away again, with its connection
  const device = await listen('new-1', 'lab/commands/new-1');
  await writeKit();
  expect(await install()).toContain('deleted the user new-1');
  await expect.poll(() => device.said(), patient).toContain('bad user name or password');
  await Promise.all([device.stop(), watcher.stop()]);
});

it('takes over a revocation list while it runs, and disconnects who is revoked', async () => {
  await toldSystemd();
  const [meter, dash] = [await listen('meter-002', 'lab/commands/meter-002'), await listen('dash-1', 'lab/#')];
  await authority.revoke('meter-002');
  await authority.crl();
  await writeKit();
  const said = await install();
  expect(said).toContain('closed all connections, for the new revocation list');
  expect(await toldSystemd()).toEqual(['is-active --quiet rabbitmq-server']);
  expect(await publish('meter-002', 'lab/energy/meter-002')).not.toBe('sent');
  // the dashboard comes back by itself, the revoked device does not
  await expect.poll(() => dash.said(), patient).toMatch(/(Subscribed \(mid: \d+\)[\s\S]*){2}/);
  expect(meter.said()).not.toMatch(/(Subscribed \(mid: \d+\)[\s\S]*){2}/);
  expect(await publish('meter-001', 'lab/energy/meter-001')).toBe('sent');
  await Promise.all([meter.stop(), dash.stop()]);
});

it('installs nothing of a kit that is not whole; without a list the broker refuses everybody', async () => {
  const list = join(stick, 'crls', `${issuerHash}.r0`);
  const whole = await readFile(list, 'utf8');
  await writeFile(list, whole.slice(0, -30));
  await expect(install()).rejects.toThrow('is not whole');
  await writeFile(list, whole);
  await writeFile(join(stick, 'definitions.json'), '{"users": [');
  await expect(install()).rejects.toThrow('definitions.json is not whole');
  expect(await publish('meter-001', 'lab/energy/meter-001')).toBe('sent');
  const installed = join(scratch, 'etc/rabbitmq/crls', `${issuerHash}.r0`);
  for (const broken of ['', null]) {
    if (broken === null) await rm(installed);
    else await writeFile(installed, broken);
    expect([broken, await publish('meter-001', 'lab/energy/meter-001')]).not.toEqual([broken, 'sent']);
  }
  await writeFile(installed, whole);
  expect(await publish('meter-001', 'lab/energy/meter-001')).toBe('sent');
});

it('has a shell script and a logrotate rule that their judges accept', async () => {
  await run('sh', ['-n', join(stick, 'install.sh')]);
  // Debian's logrotate wants its rules to belong to root
  const { stderr } = await run('/usr/sbin/logrotate', ['-d', join(scratch, 'etc/logrotate.d/rabbitmq-server')]);
  expect(stderr).toContain('weekly (52 rotations)');
  expect(stderr).not.toMatch(/error/i);
});
