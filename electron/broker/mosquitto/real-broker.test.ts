import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessRule } from '../../../shared/model/access.ts';
import type { BrokerTarget } from '../../../shared/model/broker.ts';
import type { DeviceRequest } from '../../../shared/model/device.ts';
import { standardKit } from '../../../shared/model/kit.ts';
import { makeTestAuthority, type TestAuthority, type TestIdentity } from '../testing/certificates.ts';
import { kitLists } from '../testing/kit-lists.ts';
import { freePort, installedMosquitto, mosquittoUser, type RunningMosquitto, startMosquitto } from '../testing/mosquitto.ts';
import { connectTestClient, type TestClient } from '../testing/mqtt-client.ts';
import { canChown, readmeCommands, runAsReadmeSays } from '../testing/readme-commands.ts';
import { mosquittoKit } from './kit.ts';

/**
 * The kit judged by the broker it is for: the README's lines are run as they stand, and what they installed is started.
 * With FIELDKEY_MOSQUITTO_21 set to a Mosquitto 2.1, that one has to agree.
 */
const targets: { target: BrokerTarget; binary: string }[] = [{ target: 'mosquitto-2.0', binary: installedMosquitto() }];
if (process.env.FIELDKEY_MOSQUITTO_21) targets.push({ target: 'mosquitto-2.1', binary: process.env.FIELDKEY_MOSQUITTO_21 });

const notAuthorized = 135;
/** For messages that have to arrive, on a machine that is busy with other tests. */
const patient = { timeout: 30_000 };
const members: DeviceRequest[] = [
  { id: 'dash-1', role: 'dashboard' },
  { id: 'gw-1', role: 'gateway' },
  { id: 'boss', role: 'admin' },
];

function access(target: BrokerTarget): AccessRule[] {
  // 2.1 does not replace a part of a level, see checkAccessForTarget
  const partly = target === 'mosquitto-2.0' ? ['{project}/dev-{device}/x'] : [];
  return [
    {
      role: 'device',
      write: ['{project}/energy/{device}', '{project}/{device}/in the middle', ...partly],
      read: ['{project}/commands/{device}'],
    },
    { role: 'gateway', write: ['{project}/energy/#', 'outside/{device}'], read: ['{project}/commands/#'] },
    { role: 'dashboard', write: [], read: ['{project}/#'] },
    { role: 'admin', write: ['#'], read: ['#', '$SYS/#'] },
  ];
}

let scratch: string;
let authority: TestAuthority;
let foreign: TestIdentity;
const identities = new Map<string, TestIdentity>();

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'fieldkey broker '));
  // the user mosquitto has to get to the tree below
  await chmod(scratch, 0o755);
  authority = await makeTestAuthority(join(scratch, 'authority'));
  foreign = await (await makeTestAuthority(join(scratch, 'foreign'))).issue('meter-001');
  const names = ['meter-001', 'meter-002', 'observer', 'canary', ...members.map((member) => member.id)];
  await Promise.all(names.map(async (name) => identities.set(name, await authority.issue(name))));
  identities.set('broker', await authority.issue('broker', 'serverAuth'));
  await authority.revoke('canary');
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

async function modeOf(path: string): Promise<string> {
  const { mode, uid, gid } = await stat(path);
  const user = await mosquittoUser();
  const name = (id: number, mosquitto: number) => (id === 0 ? 'root' : id === mosquitto ? 'mosquitto' : String(id));
  const octal = (mode & 0o7777).toString(8).padStart(4, '0');
  return canChown ? `${octal} ${name(uid, user.uid)}:${name(gid, user.gid)}` : octal;
}

describe.each(targets)('$target', ({ target, binary }) => {
  let broker: RunningMosquitto;
  let etc: string;
  let kitFolder: string;
  let script: string;
  const clients: TestClient[] = [];

  const as = async (name: string): Promise<TestClient> => {
    const client = await connectTestClient({ port: broker.port, ca: authority.ca, identity: identities.get(name) });
    clients.push(client);
    return client;
  };

  beforeAll(async () => {
    const tree = join(scratch, target);
    etc = join(tree, 'etc/mosquitto');
    const server = identities.get('broker');
    if (!server) throw new Error('no broker certificate');
    const kit = mosquittoKit({
      project: 'lab',
      settings: {
        names: ['localhost'],
        addresses: ['127.0.0.1'],
        port: await freePort(),
        target,
        directory: etc,
        data: join(tree, 'var/lib/mosquitto'),
        log: join(tree, 'var/log/mosquitto'),
        days: 397,
        kit: standardKit,
      },
      access: access(target),
      members,
      deviceCount: 2,
      observer: 'observer',
      tls: {
        ca: authority.ca,
        certificate: server.certificate,
        key: server.key,
        crls: kitLists(await authority.crl()),
        leftOut: [],
      },
    });
    kitFolder = join(tree, 'stick/lab');
    for (const file of kit) {
      await mkdir(dirname(join(kitFolder, file.path)), { recursive: true });
      await writeFile(join(kitFolder, file.path), file.content);
    }
    await mkdir(etc, { recursive: true });
    await writeFile(join(etc, 'mosquitto.conf'), 'listener 1\n');
    script = readmeCommands(await readFile(join(kitFolder, 'broker/README.txt'), 'utf8'));
    await runAsReadmeSays(script, join(kitFolder, 'broker'), tree);
    // the unit of 2.1 starts the broker as its user, the one of 2.0 leaves that to the broker
    const user = target === 'mosquitto-2.1' && canChown ? await mosquittoUser() : undefined;
    broker = await startMosquitto(join(etc, 'mosquitto.conf'), { binary, user });
  });

  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await broker?.stop();
  });

  it('is installed with the owners and modes that the broker wants', async () => {
    const expected = {
      'etc/mosquitto': '0755 root:root',
      'etc/mosquitto/mosquitto.conf': '0644 root:root',
      'etc/mosquitto/acl': '0600 mosquitto:mosquitto',
      'etc/mosquitto/certs': '0750 root:mosquitto',
      'etc/mosquitto/certs/ca.crt': '0640 root:mosquitto',
      'etc/mosquitto/certs/server.crt': '0640 root:mosquitto',
      'etc/mosquitto/certs/server.key': '0640 root:mosquitto',
      'etc/mosquitto/certs/crl.pem': '0640 root:mosquitto',
      'var/lib/mosquitto': '0750 mosquitto:mosquitto',
      'var/log/mosquitto': '0750 mosquitto:mosquitto',
    };
    for (const [path, mode] of Object.entries(expected)) {
      expect(`${path} ${await modeOf(join(scratch, target, path))}`).toBe(`${path} ${canChown ? mode : mode.slice(0, 4)}`);
    }
  });

  it('runs as the user mosquitto, without a warning', async () => {
    if (canChown) expect(await broker.uid()).toBe((await mosquittoUser()).uid);
    const log = await broker.log();
    expect(log).toContain(`mosquitto version ${target.slice(-3)}`);
    expect(log).not.toMatch(/warning|error|deprecated/i);
  });

  it('keeps the configuration that was there, once, also when the lines are run again', async () => {
    await runAsReadmeSays(script, join(kitFolder, 'broker'), join(scratch, target));
    await runAsReadmeSays(script, join(kitFolder, 'broker'), join(scratch, target));
    expect(await readFile(join(etc, 'mosquitto.conf.before-fieldkey'), 'utf8')).toBe('listener 1\n');
    await expect(stat(join(etc, 'certs/crl.pem.new'))).rejects.toThrow('ENOENT');
  });

  it('installs nothing of a kit whose revocation list is broken', async () => {
    const kitCrl = join(kitFolder, 'broker/certs/crl.pem');
    const kitAcl = join(kitFolder, 'broker/acl');
    const [crl, acl] = [await readFile(kitCrl, 'utf8'), await readFile(kitAcl)];
    await writeFile(kitAcl, 'user another\n');
    for (const broken of ['', crl.slice(0, -30)]) {
      await writeFile(kitCrl, broken);
      await expect(runAsReadmeSays(script, join(kitFolder, 'broker'), join(scratch, target))).rejects.toThrow();
    }
    expect(await readFile(join(etc, 'certs/crl.pem'), 'utf8')).toBe(crl);
    expect(await readFile(join(etc, 'acl'))).toEqual(acl);
    await writeFile(kitCrl, crl);
    await writeFile(kitAcl, acl);
  });

  it('lets a device publish its own topics and no other', async () => {
    const [meter, dash, observer] = [await as('meter-001'), await as('dash-1'), await as('observer')];
    await dash.subscribe('#');
    await observer.subscribe('#');
    const own = access(target)
      .filter((rule) => rule.role === 'device')
      .flatMap((rule) => rule.write)
      .map((topic) => topic.replace('{project}', 'lab').replace('{device}', 'meter-001'));
    for (const topic of own) expect(`${topic} ${await meter.publish(topic, 'mine')}`).toBe(`${topic} 0`);
    for (const topic of [
      'lab/energy/meter-002',
      'lab/energy',
      'lab/meter-002/in the middle',
      'lab/commands/meter-001',
      'x',
      '$SYS/x',
    ]) {
      expect(`${topic} ${await meter.publish(topic)}`).toBe(`${topic} ${notAuthorized}`);
    }
    const delivered = own.map((topic) => `${topic} mine`);
    await expect.poll(() => dash.received, patient).toEqual(delivered);
    await expect.poll(() => observer.received, patient).toEqual(delivered);
  });

  it('closes what the patterns would open to everybody else', async () => {
    const [dash, observer, meter] = [await as('dash-1'), await as('observer'), await as('meter-002')];
    await dash.subscribe('lab/#');
    for (const topic of [
      'lab/energy/dash-1',
      'lab/dash-1/in the middle',
      'lab/dev-dash-1/x',
      'lab/energy/meter-001',
      'lab/commands/dash-1',
    ]) {
      expect(`${topic} ${await dash.publish(topic)}`).toBe(`${topic} ${notAuthorized}`);
    }
    expect(await observer.publish('lab/energy/observer')).toBe(notAuthorized);
    expect(await observer.publish('lab/energy/meter-001')).toBe(notAuthorized);
    // and reading through lab/# goes on
    expect(await meter.publish('lab/energy/meter-002', 'seen')).toBe(0);
    await expect.poll(() => dash.received, patient).toEqual(['lab/energy/meter-002 seen']);
  });

  it('brings commands of the observer to the device they are for, and to no other', async () => {
    const [one, two, observer] = [await as('meter-001'), await as('meter-002'), await as('observer')];
    await one.subscribe('#', 'lab/commands/meter-001');
    await two.subscribe('#', 'lab/commands/+');
    expect(await observer.publish('lab/commands/meter-001', 'on')).toBe(0);
    expect(await observer.publish('lab/commands/meter-002', 'off')).toBe(0);
    await expect.poll(() => two.received, patient).toContain('lab/commands/meter-002 off');
    await expect.poll(() => one.received, patient).toContain('lab/commands/meter-001 on');
    // whatever else was to come has come
    await wait(100);
    expect(new Set(one.received)).toEqual(new Set(['lab/commands/meter-001 on']));
    expect(new Set(two.received)).toEqual(new Set(['lab/commands/meter-002 off']));
  });

  it('shows $SYS to the observer and the administrator, not to a device or a dashboard', async () => {
    const [observer, boss, meter, dash] = [await as('observer'), await as('boss'), await as('meter-001'), await as('dash-1')];
    for (const client of [observer, boss, meter, dash]) await client.subscribe('$SYS/broker/version');
    await expect
      .poll(() => observer.received, patient)
      .toEqual([expect.stringContaining('$SYS/broker/version mosquitto version')]);
    await expect.poll(() => boss.received, patient).toHaveLength(1);
    await wait(100);
    expect([meter.received, dash.received]).toEqual([[], []]);
  });

  it('gives gateways and administrators what their rules say', async () => {
    const [gateway, boss, observer] = [await as('gw-1'), await as('boss'), await as('observer')];
    await observer.subscribe('#');
    expect(await gateway.publish('lab/energy/meter-001', 'for a meter')).toBe(0);
    expect(await gateway.publish('outside/gw-1', 'out')).toBe(0);
    expect(await gateway.publish('outside/gw-2')).toBe(notAuthorized);
    expect(await gateway.publish('lab/gw-1/in the middle')).toBe(notAuthorized);
    expect(await boss.publish('lab/energy/boss', 'any')).toBe(0);
    await expect
      .poll(() => observer.received, patient)
      .toEqual(['lab/energy/meter-001 for a meter', 'outside/gw-1 out', 'lab/energy/boss any']);
  });

  it('refuses no certificate, one of a foreign authority of the same name, and a revoked one', async () => {
    const attempt = (identity?: TestIdentity) => connectTestClient({ port: broker.port, ca: authority.ca, identity });
    await expect(attempt()).rejects.toThrow();
    await expect(attempt(foreign)).rejects.toThrow();
    await expect(attempt(identities.get('canary'))).rejects.toThrow();
    // the broker writes when it has got round to it, not when the client was told
    await expect.poll(async () => (await broker.log()).match(/certificate verify failed/g)?.length).toBe(2);
    await expect.poll(() => broker.log()).toContain('peer did not return a certificate');
  });
});
