import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withTarget } from '../../shared/model/broker.ts';
import { type Check, newCheck } from '../../shared/model/check.ts';
import { differs } from '../../shared/rules/proof-judgement.ts';
import { brokerUsers, credentialsOf } from '../authority/credentials.ts';
import { createSite } from '../authority/new-authority.ts';
import { openTestIdentity } from '../authority/test-identity.ts';
import { testPlan, testVault } from '../authority/testing/fixtures.ts';
import { listsNote } from '../broker/host/kit-lists.ts';
import { newSalt, pbkdf2Hash } from '../broker/mosquitto/password-hash.ts';
import { freePort } from '../broker/testing/mosquitto.ts';
import { debianPlaces, prepareRabbitmq, type RunningRabbitmq, startRabbitmq } from '../broker/testing/rabbitmq.ts';
import { localTester } from '../tester/testing/local-tester.ts';
import { resultLines, runChecks } from '../tester/testing/run-checks.ts';
import type { Vault } from '../vault/vault.ts';
import { compiledAccess } from './access-input.ts';
import { addDevices } from './add-devices.ts';
import { takeAuthorityAnswer } from './authority-answer.ts';
import { makeAuthorityRequest } from './authority-request.ts';
import { changeBrokerSettings } from './change-project.ts';
import { exportProject } from './export-project.ts';
import { exportState } from './export-state.ts';
import { finishPasswords, importHash, makePasswords } from './passwords.ts';
import { previewBroker } from './preview.ts';
import { contextOf } from './project-files.ts';
import { finishProof, prepareProof } from './prove-access.ts';
import { provision } from './provision.ts';
import { revokeAndPublish } from './revoke.ts';
import { Corporation } from './testing/corporation.ts';

/**
 * A project whose broker is RabbitMQ, from the plan to a revoked device; a root and an authority of a site sign. The kit is a part of
 * the distribution's configuration, and devices show a certificate and a password.
 */
const run = promisify(execFile);
let scratch: string;
let vault: Vault;
let projectId: number;
let port: number;
let broker: RunningRabbitmq;
let env: NodeJS.ProcessEnv;
let sticks = 0;
const tester = localTester();

beforeAll(async () => {
  if (process.getuid?.() !== 0) throw new Error('install.sh gives files to the user rabbitmq: run this test as root');
  scratch = await mkdtemp(join(tmpdir(), 'fieldkey-rabbit-'));
  await chmod(scratch, 0o755);
  port = await freePort();
  vault = await testVault(join(scratch, 'v.fieldkey'));
  const folders = { directory: join(scratch, 'etc/rabbitmq'), data: join(scratch, 'lib'), log: join(scratch, 'log') };
  const kit = { form: 'drop-in', identity: 'certificate-password', maxConnections: 30_000 } as const;
  const wanted = { names: ['localhost'], addresses: ['127.0.0.1'], port, target: 'rabbitmq-3' as const, ...folders, kit };
  ({ projectId } = await provision(vault.session, testPlan({ broker: wanted, devices: [{ pattern: 'm-{1..3}' }] })));
  const root = vault.session.tables.authority.where('project_id = ?', projectId)[0];
  await createSite(vault.session, root?.id ?? 0);
  await addDevices(
    vault.session,
    projectId,
    ['s-1', 's-2'].map((id) => ({ id, role: 'device' })),
  );
  const tools = join(scratch, 'tools');
  await mkdir(tools);
  await mkdir(join(scratch, 'logrotate.d'));
  await writeFile(join(tools, 'systemctl'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const places = join(scratch, 'debian.conf');
  await debianPlaces(places, folders);
  const { bin } = await prepareRabbitmq(places, scratch);
  env = {
    ...process.env,
    PATH: `${bin}:${tools}:${process.env['PATH']}`,
    LOGROTATE_D: join(scratch, 'logrotate.d'),
    SYSTEMD_D: join(scratch, 'systemd'),
  };
  // what the distribution brings, and what would not go together with the kit
  await mkdir(join(folders.directory, 'conf.d'), { recursive: true });
  await writeFile(join(folders.directory, 'rabbitmq.conf'), 'listeners.tcp = none\nssl_options.verify = verify_peer\n');
  await expect(deploy('--files')).rejects.toThrow('decides about MQTT, TLS or users already: ssl_options.verify');
  await writeFile(join(folders.directory, 'rabbitmq.conf'), 'listeners.tcp = none\nchannel_max = 64\n');
  await deploy('--files');
  broker = await startRabbitmq(places, scratch);
}, 240_000);

afterAll(async () => {
  await tester.closeAll();
  await broker?.stop();
  vault?.close();
  await rm(scratch, { recursive: true, force: true });
});

/** Exports to a new stick and runs what the README says there. */
async function deploy(...args: string[]): Promise<string> {
  const directory = join(scratch, `stick-${++sticks}`);
  await exportProject(vault.session, projectId, { directory, medium: { label: 'stick', volumeId: String(sticks) } });
  return (await run('sh', ['install.sh', ...args], { cwd: join(directory, 'lab/broker'), env, timeout: 120_000 })).stdout;
}

const changed = () => exportState(vault.session, projectId).changedKitFiles;
const device = (name: string) => vault.session.tables.device.where('name = ?', name)[0]?.id ?? 0;

async function connect(name: string) {
  const identity = { kind: 'device', deviceId: device(name), takeoverAccepted: true } as const;
  const opened = openTestIdentity(vault.session, { projectId, identity, host: 'localhost', port });
  const connectionId = `${name}-${Math.random()}-connection`;
  const state = await tester.call('connect', { connectionId, host: 'localhost', port, identity: opened, reconnects: false });
  if (state.phase === 'connected') await tester.call('disconnect', { connectionId });
  return state;
}

it('lets the devices of the root and of the site in; the tester goes back to MQTT 3.1.1 by itself', async () => {
  expect((await readdir(join(scratch, 'etc/rabbitmq/crls'))).filter((name) => name !== listsNote)).toHaveLength(2);
  for (const name of ['m-1', 's-1']) expect(await connect(name)).toMatchObject({ phase: 'connected', protocolVersion: 4 });
});

it('checks know who was thrown out for what is denied, and go on', async () => {
  const check = (name: string, publish: Partial<Check['publish']>, wanted: Partial<Check['expect']> = {}): Check => ({
    name,
    enabled: true,
    publish: { ...newCheck.publish, ...publish },
    expect: { ...newCheck.expect, ...wanted },
  });
  const foreign = '{project}/energy/m-3';
  const nothing = { arrives: false, within: 300 } as const;
  const command = { by: 'observer', topic: '{project}/commands/{device}' } as const;
  const report = await runChecks(
    { session: vault.session, projectId, host: 'localhost', port },
    [
      check('reading', {}),
      check('refused', { topic: foreign }, { topic: foreign }),
      check('denied', { topic: foreign, answer: 'any' }, { topic: foreign, ...nothing }),
      check('command', command, { at: 'device', topic: '{project}/commands/{device}' }),
      check(
        'eavesdrops',
        { ...command, topic: '{project}/commands/m-3' },
        { at: 'device', topic: '{project}/commands/m-3', ...nothing },
      ),
      check('again', {}),
    ],
    ['m-1'],
  );
  expect(resultLines(report)).toEqual([
    'm-1 reading passed',
    'm-1 refused failed thrown-out',
    'm-1 denied passed',
    'm-1 command passed',
    'm-1 eavesdrops passed',
    'm-1 again passed',
  ]);
});

it('is proved: who does what is denied is thrown out, and everything else is as the project says', async () => {
  const prove = async (names: readonly string[]) => {
    const place = { projectId, host: 'localhost', port };
    const prepared = await prepareProof(vault.session, { ...place, deviceIds: names.map(device) });
    const observed = await tester.call('prove', { proofId: 'proof', ...place, ...prepared });
    return (await finishProof(vault.session, place, prepared, observed)).report;
  };
  const report = await prove(['m-1', 'm-3']);
  expect(report.checks.filter(differs)).toEqual([]);
  expect(report.connections.map(({ who, protocolVersion, lost }) => [who, protocolVersion, lost])).toEqual([
    ['observer', 4, 0],
    ['m-1', 4, 0],
    ['m-3', 4, 0],
  ]);
  const cell = (who: string, verb: string, topic: string) =>
    report.checks.find((check) => check.who === who && check.verb === verb && check.topic === topic);
  expect(cell('m-1', 'write', 'lab/energy/m-1')).toMatchObject({ expected: true, seen: 'allowed', by: 'delivery' });
  expect(cell('m-1', 'write', 'lab/energy/m-3')).toMatchObject({ expected: false, seen: 'denied', by: 'disconnect' });
  expect(cell('m-1', 'read', 'lab/commands/m-1')).toMatchObject({ expected: true, seen: 'allowed', by: 'delivery' });
  expect(cell('m-1', 'read', 'lab/commands/m-3')).toMatchObject({ expected: false, seen: 'denied', by: 'disconnect' });
  expect(report.refusals.map(({ test, seen }) => `${test} ${seen}`)).toEqual([
    'no-certificate refused',
    'foreign-authority refused',
    'revoked refused',
    'expired refused',
    'no-password refused',
    'wrong-password refused',
    'plain refused',
    'plain-1883 refused',
  ]);
  expect(report.outcome).toBe('proved');
  // RabbitMQ publishes nothing about itself
  expect(report.brokerVersion).toBeNull();

  // rights that somebody gave a device by hand
  const vhost = ['set_topic_permissions', '-p', '/', 'm-1', 'amq.topic', '.*', '.*'];
  await run('rabbitmqctl', vhost, { env, timeout: 60_000 });
  try {
    const wrong = (await prove(['m-1'])).checks.filter(differs);
    expect(wrong.map(({ verb, topic }) => `${verb} ${topic}`)).toContain('write lab/energy/fieldkey-proof');
    expect(wrong.map(({ verb, topic }) => `${verb} ${topic}`)).toContain('read lab/commands/fieldkey-proof');
    expect(wrong.every(({ who, seen }) => who === 'm-1' && seen === 'allowed')).toBe(true);
  } finally {
    expect(await deploy()).toContain('done');
  }
  // the same kit once more takes them back
  expect((await prove(['m-1'])).checks.filter(differs)).toEqual([]);
});

/** What a device's bundle on the last stick says. */
async function loginOf(name: string): Promise<{ username: string; password: string }> {
  const json = await readFile(join(scratch, `stick-${sticks}/lab/devices`, name, 'mqtt.json'), 'utf8');
  const { username, password } = JSON.parse(json) as { username: string; password: string };
  return { username, password };
}

/** Publishes as this device with its certificate, and with whatever name and password. */
async function publish(name: string, login: { username: string; password: string } | null): Promise<string> {
  const file = (which: string) => join(scratch, 'stick-2/lab/devices', name, which);
  return publishWith({ cert: file('client.crt'), key: file('client.key') }, name, login);
}

async function publishWith(
  { cert, key }: { readonly cert: string; readonly key: string },
  name: string,
  login: { username: string; password: string } | null,
): Promise<string> {
  const args = [
    ...['-h', 'localhost', '-p', String(port), '-V', 'mqttv311', '-i', name, '-q', '1', '-t', `lab/energy/${name}`, '-m', 'x'],
    ...['--cafile', join(scratch, 'stick-2/lab/devices/m-1/ca.crt'), '--cert', cert, '--key', key],
    ...(login === null ? [] : ['-u', login.username, '-P', login.password]),
  ];
  return run('mosquitto_pub', args, { timeout: 30_000 }).then(
    () => 'sent',
    (error: { stderr?: string }) => (error.stderr ?? '').trim().split('\n')[0] ?? '',
  );
}

const wrong = 'Connection error: Connection Refused: bad user name or password.';

it('has files for the machine: as many open files as the fleet needs, and a preview without hashes', async () => {
  const unit = await readFile(join(scratch, 'systemd/rabbitmq-server.service.d/fieldkey.conf'), 'utf8');
  expect(unit).toContain('\nLimitNOFILE=91000\n');
  const shown = previewBroker(vault.session, projectId).find(({ path }) => path === 'definitions.json');
  expect(shown).toMatchObject({ secret: true, content: expect.stringContaining('"topic_permissions"') });
  expect(shown?.content?.match(/"password_hash":"(?!…")/)).toBeNull();
});

it('gives who came with a Mosquitto’s hash a second password that RabbitMQ can be told', async () => {
  const scratchVault = await testVault(join(scratch, 'moved.fieldkey'));
  const { session } = scratchVault;
  try {
    const broker = { names: ['localhost'], kit: { identity: 'password' as const } };
    const moved = await provision(session, testPlan({ broker, devices: [{ pattern: 'm-{1..2}' }] }));
    const deviceId = session.tables.device.where("name = 'm-1'")[0]?.id ?? 0;
    const hash = await pbkdf2Hash('known to the device alone', newSalt());
    session.write((log) => importHash(session, log, moved.projectId, { deviceId, name: 'm-1' }, hash));
    const settings = contextOf(session, moved.projectId).broker;
    await changeBrokerSettings(session, moved.projectId, withTarget(settings, 'rabbitmq-3'));
    const states = credentialsOf(session, moved.projectId, deviceId).map(({ user, state, source }) => [user, state, source]);
    expect(states).toEqual([
      ['m-1@2', 'current', 'generated'],
      ['m-1', 'leaving', 'imported'],
    ]);
    // whoever had one that is known keeps it
    expect(brokerUsers(session, moved.projectId).map(({ user }) => user)).toEqual(['m-1', 'm-1@2', 'm-2', 'observer']);
    await changeBrokerSettings(session, moved.projectId, withTarget(contextOf(session, moved.projectId).broker, 'mosquitto-2.0'));
    expect(brokerUsers(session, moved.projectId).find(({ user }) => user === 'm-1')?.hash).toBe(hash);
  } finally {
    scratchVault.close();
  }
});

it('asks for the password besides the certificate, and takes both names while it is being changed', {
  timeout: 180_000,
}, async () => {
  const first = await loginOf('m-3');
  expect(await publish('m-3', first)).toBe('sent');
  expect(await publish('m-3', null)).not.toBe('sent');
  expect(await publish('m-3', { ...first, password: 'x' })).toBe(wrong);
  expect(await publish('m-3', { ...first, username: 'm-1' })).toBe(wrong);
  await makePasswords(vault.session, projectId, { deviceIds: [device('m-3')], overlap: true });
  expect(changed()).toEqual(['definitions.json']);
  const said = await deploy();
  expect(said).toMatch(/^installed \S+definitions\.json\n(note: .*\n)+done\n$/);
  // the virtual host is not this project's alone: the kit sets no limit of connections, and says which line does
  expect(said).toContain('the virtual host / has no limit of connections; README.txt has the line');
  const readme = await readFile(join(scratch, `stick-${sticks}`, 'lab/broker/README.txt'), 'utf8');
  await run('sh', ['-c', /^ *(rabbitmqctl set_vhost_limits .*)$/m.exec(readme)?.[1] ?? 'exit 1'], { env });
  expect(await broker.ctl('list_vhost_limits')).toContain('{"max-connections":30000}');
  const second = await loginOf('m-3');
  expect(second.username).toBe('m-3@2');
  expect([await publish('m-3', first), await publish('m-3', second)]).toEqual(['sent', 'sent']);
  expect((await connect('m-3')).phase).toBe('connected');
  // over: the old name is gone, and whoever was connected with it
  finishPasswords(vault.session, projectId, [device('m-3')], 'new');
  expect(await deploy()).toContain('closed the connections of m-3');
  expect([await publish('m-3', first), await publish('m-3', second)]).toEqual([wrong, 'sent']);
});

it('has a new device change the table of users only', async () => {
  await addDevices(vault.session, projectId, [{ id: 'm-9', role: 'device' }]);
  expect(changed()).toEqual(['definitions.json']);
  expect((await connect('m-9')).phase).not.toBe('connected');
  expect(await deploy()).not.toContain('no limit of connections');
  expect((await connect('m-9')).phase).toBe('connected');
  expect(changed()).toEqual([]);
});

it('has a revocation change the list and the password, and the device is out', async () => {
  for (const name of ['m-2', 's-1']) {
    const certificate = vault.session.tables.certificate.where('device_id = ?', device(name))[0];
    await revokeAndPublish(vault.session, certificate?.id ?? 0, { reason: 'superseded' });
  }
  // each has its own list, and nobody a password any more
  const list = expect.stringMatching(/^crls\/[0-9a-f]{8}\.r0$/);
  expect(changed().sort()).toEqual([list, list, 'definitions.json']);
  expect(await deploy()).toContain('closed all connections');
  await tester.closeAll();
  const certificateOf = (name: string) => vault.session.tables.certificate.where('device_id = ?', device(name))[0]?.status;
  expect([certificateOf('m-2'), certificateOf('s-1')]).toEqual(['revoked', 'revoked']);
  const log = await broker.log();
  const refusedSoFar = log.match(/Certificate Revoked/g)?.length ?? 0;
  for (const name of ['m-2', 's-1']) expect(await publish(name, await loginOf('m-1'))).not.toBe('sent');
  await expect
    .poll(async () => ((await broker.log()).match(/Certificate Revoked/g)?.length ?? 0) - refusedSoFar, { timeout: 20_000 })
    .toBe(2);
  expect((await connect('m-1')).phase).toBe('connected');
});

/** Runs install.sh of an earlier stick. */
const installAgain = (stick: number) =>
  run('sh', ['install.sh'], { cwd: join(scratch, `stick-${stick}/lab/broker`), env, timeout: 120_000 });

it('takes no stick from before: neither by its note nor by the lists themselves', async () => {
  const installed = async () => {
    const folder = join(scratch, 'etc/rabbitmq/crls');
    return Promise.all((await readdir(folder)).sort().map((name) => readFile(join(folder, name), 'utf8')));
  };
  const lists = await installed();
  await expect(installAgain(sticks - 1)).rejects.toThrow('is older than the one in use');
  await rm(join(scratch, 'etc/rabbitmq/crls', listsNote));
  await expect(installAgain(sticks - 1)).rejects.toThrow('is older than the one in use');
  for (const name of ['m-2', 's-1']) expect((await connect(name)).phase).not.toBe('connected');
  await installAgain(sticks);
  expect(await installed()).toEqual(lists);
});

it('below a company’s root, whose lists nobody has, lets its devices in and keeps the revoked out', {
  timeout: 240_000,
}, async () => {
  const { session } = vault;
  const corp = await Corporation.create(join(scratch, 'corp'));
  await corp.save('our.csr', (await makeAuthorityRequest(session, projectId)).pem);
  await corp.signAsCa('our.csr', 'site.crt');
  const { authorityId } = await takeAuthorityAnswer(session, projectId, await corp.files('site.crt', 'mid.crt', 'root.crt'));
  await addDevices(
    session,
    projectId,
    ['c-1', 'c-2', 'c-3'].map((id) => ({ id, role: 'device' })),
  );
  const restart = async (...args: string[]) => {
    await deploy('--files', ...args);
    await broker.stop();
    broker = await startRabbitmq(join(scratch, 'debian.conf'), scratch);
  };
  await restart();
  const phases = async (...names: string[]) =>
    Promise.all(names.map(async (name) => (await connect(name)).phase === 'connected'));
  // those of our root and of our site as before
  expect(await phases('c-1', 'c-2', 'm-1', 's-2')).toEqual([true, true, true, true]);
  const spy = await foreignLeaf(corp);
  expect(await publishWith(spy, 'c-2', await loginOf('c-2'))).not.toBe('sent');

  const certificate = session.tables.certificate.where('device_id = ?', device('c-1'))[0];
  expect(certificate?.issuer_id).toBe(authorityId);
  await revokeAndPublish(session, certificate?.id ?? 0, { reason: 'keyCompromise' });
  expect(await deploy()).toContain('closed all connections');
  expect(await phases('c-1', 'c-2')).toEqual([false, true]);

  // a site of ours that is revoked is out of use: its list leaves the kit, and without it nobody of the site is let in
  const login = await loginOf('s-2');
  expect(await publish('s-2', login)).toBe('sent');
  const site = session.tables.authority.where("parent_id IS NOT NULL AND name LIKE '%Site%' ORDER BY id")[0];
  const own = session.tables.certificate.where('authority_id = ?', site?.id ?? 0)[0];
  await revokeAndPublish(session, own?.id ?? 0, { reason: 'keyCompromise' });
  await restart();
  expect(await publish('s-2', login)).not.toBe('sent');
  expect(await phases('c-2', 'm-1')).toEqual([true, true]);
});

/** Somebody whom the company certifies, under the name of a device. */
async function foreignLeaf(corp: Corporation): Promise<{ cert: string; key: string }> {
  await corp.openssl(
    ...'req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout spy.key -out spy.csr -subj /CN=c-2'.split(' '),
  );
  await corp.sign('spy.csr', 'spy.crt', { extensions: ['extendedKeyUsage=clientAuth'], days: 9 });
  await corp.save('spy.chain', (await corp.read('spy.crt')) + (await corp.read('mid.crt')));
  return { cert: join(corp.folder, 'spy.chain'), key: join(corp.folder, 'spy.key') };
}

it('answers what a device may do by the rules of RabbitMQ, with the line in its file', async () => {
  const { decide } = compiledAccess(vault.session, projectId);
  const answer = decide({ user: 'm-1', clientId: 'm-1', topic: 'lab/energy/m-1', verb: 'write' });
  expect(answer).toMatchObject({
    allowed: true,
    reason: 'line',
    rule: { text: 'write lab.energy.m-1', origin: { kind: 'role', role: 'device' } },
  });
  const lines = (await run('cat', [join(scratch, 'etc/rabbitmq/fieldkey-definitions.json')])).stdout.split('\n');
  expect(lines[(answer.rule?.number ?? 0) - 1]).toMatch(/"user":"m-1".*"exchange":"amq.topic"/);
  expect(decide({ user: 'm-1', clientId: 'm-1', topic: 'lab/energy/m-3', verb: 'write' })).toMatchObject({ allowed: false });
});

it('refuses names that RabbitMQ cannot tell apart, and what its kit cannot be', async () => {
  const dotted = addDevices(vault.session, projectId, [{ id: 'm.4', role: 'device' }]);
  await expect(dotted).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    params: { problems: [{ rule: 'rabbitmq-separator', path: 'devices[0].id' }] },
  });
  const { broker: settings } = contextOf(vault.session, projectId);
  const ciphers = changeBrokerSettings(vault.session, projectId, {
    ...settings,
    kit: { ...settings.kit, ciphers: 'ECDHE+AESGCM:PROFILE=SYSTEM' },
  });
  await expect(ciphers).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    params: { problems: [{ rule: 'cipher-names', path: 'settings.kit.ciphers' }] },
  });
});
