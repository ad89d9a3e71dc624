import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { defaultAccess } from '../../../shared/model/access.ts';
import type { DeviceRequest } from '../../../shared/model/device.ts';
import { type KitSettings, standardKit } from '../../../shared/model/kit.ts';
import { newSalt, pbkdf2Hash } from '../mosquitto/password-hash.ts';
import { makeTestAuthority, type TestAuthority } from '../testing/certificates.ts';
import { freePort } from '../testing/mosquitto.ts';
import { debianPlaces, prepareRabbitmq, type RunningRabbitmq, rabbitmqUser, startRabbitmq } from '../testing/rabbitmq.ts';
import { readmeBlocks } from '../testing/readme-commands.ts';
import { rabbitmqKit } from './kit.ts';

/**
 * The pieces for a RabbitMQ that somebody else keeps: put into a configuration with AMQP, options of its own and an advanced.config
 * as the README says, started, behind HAProxy; users by password; a list of ciphers of one's own.
 */
const run = promisify(execFile);
const members: DeviceRequest[] = [
  { id: 'meter-001', role: 'device' },
  { id: 'meter-002', role: 'device' },
  { id: 'meter-003', role: 'device' },
  { id: 'dash-1', role: 'dashboard' },
  { id: 'gw-1', role: 'gateway' },
];
const kit = {
  ...standardKit,
  form: 'fragments',
  identity: 'password',
  ciphers: 'ECDHE+AES256+AESGCM:!RSA',
  ciphersTls13: 'TLS_AES_256_GCM_SHA384',
  connectionRate: 60,
} as const;

let scratch: string;
let authority: TestAuthority;
let port: number;
let amqp: number;
let broker: RunningRabbitmq;
let proxy: ChildProcess;
let readme: string;
const folders = { directory: '', data: '', log: '' };

beforeAll(async () => {
  if (process.getuid?.() !== 0) throw new Error('the files belong to the user rabbitmq: run this test as root');
  scratch = await mkdtemp(join(tmpdir(), 'fk-rabbit-pieces-'));
  await chmod(scratch, 0o755);
  authority = await makeTestAuthority(join(scratch, 'authority'));
  const server = await authority.issue('broker', 'serverAuth');
  port = await freePort();
  amqp = await freePort();
  Object.assign(folders, { directory: join(scratch, 'etc'), data: join(scratch, 'lib'), log: join(scratch, 'log') });
  const secret = async (user: string, password: string, of = user) => ({
    user,
    password,
    hash: await pbkdf2Hash(password, newSalt()),
    device: members.find(({ id }) => id === of) ?? null,
  });
  const users = [
    await secret('meter-001', 'first pass wörd'),
    await secret('meter-001@2', 'second', 'meter-001'),
    await secret('meter-002', 'two'),
    await secret('dash-1', 'dash'),
    await secret('gw-1', 'gate'),
    await secret('observer', 'eye'),
    // of this one a Mosquitto's file was all that there was
    { ...(await secret('meter-003', 'three')), password: null },
  ];
  const files = rabbitmqKit({
    project: 'lab',
    settings: { names: ['localhost'], addresses: [], port, target: 'rabbitmq-3', ...folders, days: 397, kit },
    access: defaultAccess,
    members,
    observer: 'observer',
    users,
    tls: { ca: authority.ca, certificate: server.certificate, key: server.key, crls: [], leftOut: [], outsideAbove: false },
  });
  const folder = join(scratch, 'stick/broker');
  for (const file of files) {
    await mkdir(dirname(join(scratch, 'stick', file.path)), { recursive: true });
    await writeFile(join(scratch, 'stick', file.path), file.content);
  }
  readme = await readFile(join(folder, 'README.txt'), 'utf8');
  await merge(folder);
  const env = join(scratch, 'debian.conf');
  await debianPlaces(env, folders);
  const node = await prepareRabbitmq(env, scratch);
  const [plugins] = blocks('Step 3: plugins, restart, users');
  await run('sh', ['-ec', plugins ?? ''], { env: { ...node.env, PATH: `${node.bin}:${process.env['PATH']}` } });
  broker = await startRabbitmq(env, scratch);
  proxy = spawn('/usr/sbin/haproxy', ['-db', '-f', await haproxyFile()], { stdio: 'ignore' });
  await vi.waitUntil(() => reaches(port), { timeout: 20_000 });
}, 240_000);

afterAll(async () => {
  proxy?.kill();
  await broker?.stop();
  await rm(scratch, { recursive: true, force: true });
});

const blocks = (step: string) => readmeBlocks(readme).flatMap(({ title, commands }) => (title === step ? commands : []));

/** What the README asks somebody to do by hand, with a configuration that is there. */
async function merge(folder: string): Promise<void> {
  const { uid, gid } = await rabbitmqUser();
  const { directory } = folders;
  await run('cp', ['-r', folder, directory]);
  await run('mv', [join(directory, 'definitions.json'), join(directory, 'fieldkey-definitions.json')]);
  for (const made of [folders.data, folders.log]) {
    await mkdir(made);
    await chown(made, uid, gid);
  }
  // the port behind the proxy is the same in every kit, and another test may have it
  const behind = await freePort();
  const part = (await readFile(join(folder, 'rabbitmq.conf.part'), 'utf8')).replace('127.0.0.1:18883', `127.0.0.1:${behind}`);
  expect(part).toContain(`\nmqtt.listeners.ssl.default = 127.0.0.1:${behind}\n`);
  const theirs = [
    `listeners.tcp.1 = 127.0.0.1:${amqp}`,
    'log.file.level = warning',
    'mqtt.listeners.tcp.default = 127.0.0.1:1',
    'channel_max = 64',
  ];
  const ours = part.split('\n').filter((line) => /^[a-z]/.test(line));
  const options = new Set(ours.map((line) => line.split(' = ')[0]));
  const kept = theirs.filter((line) => !options.has(line.split(' = ')[0] ?? ''));
  await writeFile(join(directory, 'rabbitmq.conf'), `${[...kept, ...ours].join('\n')}\n`);
  await writeFile(join(directory, 'enabled_plugins'), '[rabbitmq_event_exchange].\n');
  const advanced = await readFile(join(folder, 'advanced.config'), 'utf8');
  const rabbit = /\{rabbit, \[[\s\S]*\]\}\n(?=\])/.exec(advanced)?.[0] ?? '';
  await writeFile(join(directory, 'advanced.config'), `[{kernel, [{net_ticktime, 61}]},\n${rabbit}].\n`);
  await run('chown', ['-R', `root:${gid}`, directory]);
  await run('chmod', ['-R', 'g+rX', directory]);
  await chmod(directory, 0o775);
  behindProxy = behind;
}
let behindProxy: number;

/** HAProxy's file comes with the forms that are installed; in front of a broker of somebody else it is the same. */
async function haproxyFile(): Promise<string> {
  const whole = { ...kit, form: 'whole' } as const;
  const file = join(scratch, 'haproxy.cfg');
  await writeFile(
    file,
    text(kitFile(whole, 'haproxy.cfg')).replace('127.0.0.1:18883 send-proxy', `127.0.0.1:${behindProxy} send-proxy`),
  );
  await run('/usr/sbin/haproxy', ['-c', '-f', file]);
  return file;
}

function kitFile(changed: KitSettings, name: string): Uint8Array | undefined {
  return rabbitmqKit({
    project: 'lab',
    settings: { names: ['localhost'], addresses: [], port, target: 'rabbitmq-3', ...folders, days: 397, kit: changed },
    access: defaultAccess,
    members,
    observer: 'observer',
    tls: { ca: authority.ca, certificate: authority.ca, key: null, crls: [], leftOut: [], outsideAbove: false },
  }).find(({ path }) => path === `broker/${name}`)?.content;
}

const text = (content: Uint8Array | undefined) => new TextDecoder().decode(content);

function reaches(at: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(at, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

const clientArgs = (user: string | null, password: string | null, id: string | null) => [
  ...['-h', 'localhost', '-p', String(port), '--cafile', authority.caFile, '-V', 'mqttv311'],
  ...(user === null ? [] : ['-u', user]),
  ...(password === null ? [] : ['-P', password]),
  ...(id === null ? [] : ['-i', id]),
];

async function publish(user: string | null, password: string | null, topic: string, more: string[] = []): Promise<string> {
  const args = [...clientArgs(user, password, user), '-q', '1', '-t', topic, '-m', 'x', ...more];
  return run('mosquitto_pub', args, { timeout: 30_000 }).then(
    () => 'sent',
    (error: { stderr?: string }) => (error.stderr ?? '').trim().split('\n')[0] ?? '',
  );
}

const lost = 'Error: The connection was lost.';
const refused = 'Connection error: Connection Refused: bad user name or password.';
const patient = { timeout: 30_000 };

it('lets in who knows the password, and gives everybody their role', async () => {
  expect(await publish('meter-001', 'first pass wörd', 'lab/energy/meter-001')).toBe('sent');
  expect(await publish('meter-001', 'first pass wörd', 'lab/energy/meter-002')).toBe(lost);
  expect(await publish('gw-1', 'gate', 'lab/energy/anything')).toBe('sent');
  expect(await publish('dash-1', 'dash', 'lab/energy/dash-1')).toBe(lost);
  expect(await publish('observer', 'eye', 'lab/commands/meter-002')).toBe('sent');
});

it('refuses a wrong password, none, an empty one, another’s, a stranger, and whose password nobody knows', async () => {
  const topic = 'lab/energy/meter-001';
  for (const [user, password] of [
    ['meter-001', 'wrong'],
    ['meter-001', null],
    ['meter-001', ''],
    ['meter-001', 'two'],
    ['stranger', 'two'],
    ['meter-003', 'three'],
    ['meter-003', ''],
    ['guest', 'guest'],
  ] as const)
    expect([user, password, await publish(user, password, topic)]).toEqual([user, password, refused]);
  expect(await publish(null, null, topic, ['-i', 'meter-001'])).toMatch(/Refused/);
});

it('takes both names of a device whose password is being changed: the same rights, the same session', async () => {
  expect(await publish('meter-001@2', 'second', 'lab/energy/meter-001', ['-i', 'meter-001'])).toBe('sent');
  expect(await publish('meter-001@2', 'second', 'lab/energy/meter-002', ['-i', 'meter-001'])).toBe(lost);
  expect(await publish('meter-001@2', 'first pass wörd', 'lab/energy/meter-001')).toBe(refused);
  // what waits for the first name is there for the second
  const session = ['-c', '-q', '1', '-t', 'lab/commands/meter-001'];
  await run('mosquitto_sub', [...clientArgs('meter-001', 'first pass wörd', 'meter-001'), ...session, '-E']);
  expect(await publish('observer', 'eye', 'lab/commands/meter-001')).toBe('sent');
  const got = await run('mosquitto_sub', [
    ...clientArgs('meter-001@2', 'second', 'meter-001'),
    ...session,
    '-C',
    '1',
    '-W',
    '20',
  ]);
  expect(got.stdout).toBe('x\n');
});

it('speaks the suites of its list, and no other', async () => {
  const handshake = (...args: string[]) =>
    run('sh', [
      '-c',
      'echo | timeout 20 openssl s_client "$@" 2>&1 || true',
      'sh',
      ...['-connect', `localhost:${port}`, '-CAfile', authority.caFile, ...args],
    ]).then(({ stdout }) => /Cipher is (\S+)/.exec(stdout)?.[1]);
  expect(await handshake('-tls1_2', '-cipher', 'ECDHE-ECDSA-AES256-GCM-SHA384')).toBe('ECDHE-ECDSA-AES256-GCM-SHA384');
  for (const other of ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-CHACHA20-POLY1305'])
    expect([other, await handshake('-tls1_2', '-cipher', other)]).toEqual([other, '(NONE)']);
  expect(await handshake('-tls1_3', '-ciphersuites', 'TLS_AES_256_GCM_SHA384')).toBe('TLS_AES_256_GCM_SHA384');
  expect(await handshake('-tls1_3', '-ciphersuites', 'TLS_AES_128_GCM_SHA256')).toBe('(NONE)');
});

it('leaves the rest of the configuration as it was: AMQP, options, plugins', async () => {
  expect(await reaches(amqp)).toBe(true);
  const { stdout } = await run('ss', ['-ltnH']);
  expect(stdout).not.toMatch(/127\.0\.0\.1:1\s/);
  const get = (application: string, key: string) => `application:get_env(${application}, ${key})`;
  const asked = [get('rabbit', 'channel_max'), get('kernel', 'net_ticktime'), 'lists:sort(rabbit_plugins:active())'];
  expect((await broker.ctl('eval', `{${asked.join(', ')}}.`)).replace(/\s/g, '')).toBe(
    '{{ok,64},{ok,61},[amqp_client,rabbitmq_event_exchange,rabbitmq_mqtt]}',
  );
});

it('writes a log that Promtail takes apart', async () => {
  const whole = { ...kit, form: 'whole', shipping: 'loki', shippingTarget: 'https://l.example/push' } as const;
  const yaml = text(kitFile(whole, 'promtail.yaml'));
  const expression = new RegExp((/expression: '(.*)'/.exec(yaml)?.[1] ?? '').replaceAll('(?P<', '(?<'));
  const first = new RegExp(/firstline: '(.*)'/.exec(yaml)?.[1] ?? '$^');
  const lines = (await broker.log()).split('\n').filter((line) => first.test(line));
  expect(lines.length).toBeGreaterThan(10);
  // Go's layout 2006-01-02 15:04:05.000000-07:00
  for (const line of lines)
    expect(expression.exec(line)?.groups?.['time']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d$/);
});

it('tells the broker who came, and holds off who comes too often or too many', async () => {
  expect(await publish('meter-002', 'two', 'lab/energy/meter-002', ['-A', '127.0.0.2'])).toBe('sent');
  await expect.poll(() => broker.log(), patient).toMatch(/127\.0\.0\.2:\d+ -> /);
  // the README's line, with a limit that can be reached: three listeners are in, the fourth is not
  const limit = blocks('The limit of connections').find((line) => line.includes('set_vhost_limits')) ?? '';
  expect(limit).toContain('"max-connections":5000');
  await run('sh', ['-c', limit.replace(':5000', ':3')], {
    env: { ...process.env, PATH: `${broker.bin}:${process.env['PATH']}` },
  });
  const listeners = (['meter-001', 'meter-002', 'dash-1'] as const).map((user) => {
    const password = { 'meter-001': 'first pass wörd', 'meter-002': 'two', 'dash-1': 'dash' }[user];
    const topic = user === 'dash-1' ? 'lab/#' : `lab/commands/${user}`;
    return spawn('stdbuf', ['-oL', 'mosquitto_sub', '-d', ...clientArgs(user, password, user), '-t', topic]);
  });
  try {
    await Promise.all(
      listeners.map(
        (child) =>
          new Promise<void>((resolve) => {
            child.stdout.on('data', (said: Buffer) => said.includes('Subscribed') && resolve());
          }),
      ),
    );
    expect(await publish('gw-1', 'gate', 'lab/energy/x')).not.toBe('sent');
    await expect.poll(() => broker.log(), patient).toMatch(/connection limit/);
  } finally {
    for (const child of listeners) child.kill('SIGKILL');
  }
  // HAProxy accepts and closes at once whom it refuses
  const held = async () => {
    const results = await Promise.all(Array.from({ length: 80 }, () => closedAtOnce(port)));
    return results.filter(Boolean).length;
  };
  expect(await held()).toBeGreaterThan(10);
});

/** Whether the other side ends the connection within two seconds, before anything was said. */
function closedAtOnce(at: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(at, '127.0.0.1');
    const timer = setTimeout(() => {
      socket.removeAllListeners('close').destroy();
      resolve(false);
    }, 2_000);
    socket.once('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(true);
    });
    socket.resume();
  });
}
