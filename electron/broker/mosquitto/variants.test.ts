import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SecureVersion } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccessRule } from '../../../shared/model/access.ts';
import type { BrokerSettings, BrokerTarget } from '../../../shared/model/broker.ts';
import { type IdentityMode, type KitForm, type KitSettings, standardKit } from '../../../shared/model/kit.ts';
import { makeBrokerTree } from '../testing/broker-tree.ts';
import { makeTestAuthority, type TestAuthority, type TestIdentity } from '../testing/certificates.ts';
import { install, treeOf, writeKit } from '../testing/kit-folder.ts';
import { kitLists } from '../testing/kit-lists.ts';
import { freePort, installedMosquitto, mosquittoUser, type RunningMosquitto, startMosquitto } from '../testing/mosquitto.ts';
import { connectTestClient, type TestClient } from '../testing/mqtt-client.ts';
import { canChown } from '../testing/readme-commands.ts';
import { mosquittoKit } from './kit.ts';
import { pbkdf2Hash, saltBytes } from './password-hash.ts';

/**
 * Every form of the kit with every way to tell clients apart: installed by its own install.sh on a machine in a folder, started
 * exactly as exported, and tried by a device, a gateway, a dashboard, the observer and strangers. With FIELDKEY_MOSQUITTO_20 or
 * FIELDKEY_MOSQUITTO_21 set to another Mosquitto, that one has to agree.
 */
const brokers: { name: string; target: BrokerTarget; binary: string }[] = [
  { name: 'the installed 2.0', target: 'mosquitto-2.0', binary: installedMosquitto() },
];
const { FIELDKEY_MOSQUITTO_20: other20, FIELDKEY_MOSQUITTO_21: other21 } = process.env;
if (other20) brokers.push({ name: 'another 2.0', target: 'mosquitto-2.0', binary: other20 });
if (other21) brokers.push({ name: '2.1', target: 'mosquitto-2.1', binary: other21 });

const run = promisify(execFile);
const notAuthorized = 135;
const access: AccessRule[] = [
  { role: 'device', write: ['{project}/energy/{device}'], read: ['{project}/commands/{device}'] },
  { role: 'gateway', write: ['{project}/energy/#'], read: [] },
  { role: 'dashboard', write: [], read: ['{project}/#'] },
];
const people = ['meter-001', 'meter-002', 'gw-1', 'dash-1', 'observer'] as const;
type Person = (typeof people)[number];
const passwordOf = (person: Person) => `pass of ${person}`;

let scratch: string;
let authority: TestAuthority;
let foreign: TestIdentity;
const identities = new Map<string, TestIdentity>();
const running: RunningMosquitto[] = [];
const clients: TestClient[] = [];

if (!canChown) console.warn('not root: kits are not started here (chroot and owners need root)');
if (!canChown && process.env.CI) throw new Error('this test gives files to the user mosquitto and must run as root in CI');

describe.runIf(canChown)('the kit in all its forms', () => {
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'fieldkey kits '));
    await chmod(scratch, 0o755);
    authority = await makeTestAuthority(join(scratch, 'authority'));
    foreign = await (await makeTestAuthority(join(scratch, 'foreign'))).issue('meter-001');
    await Promise.all([...people, 'canary'].map(async (name) => identities.set(name, await authority.issue(name))));
    identities.set('broker', await authority.issue('broker', 'serverAuth'));
    await authority.revoke('canary');
  });
  afterAll(async () => {
    await rm(scratch, { recursive: true, force: true });
  });

  let trees = 0;
  /** A machine with the kit installed and the broker running. */
  async function machine(
    { target, binary }: (typeof brokers)[number],
    kit: Partial<KitSettings>,
    prepare?: (root: string, settings: BrokerSettings) => Promise<void>,
  ) {
    const root = join(scratch, `machine ${++trees}`);
    await makeBrokerTree(root, binary);
    const server = identities.get('broker') as TestIdentity;
    const settings: BrokerSettings = {
      names: ['localhost'],
      addresses: ['127.0.0.1'],
      port: await freePort(),
      target,
      directory: '/etc/mosquitto',
      data: '/var/lib/mosquitto',
      log: '/var/log/mosquitto',
      days: 397,
      kit: { ...standardKit, ...kit },
    };
    const salted = async (user: Person) => ({
      user,
      device: null,
      hash: await pbkdf2Hash(passwordOf(user), randomBytes(saltBytes)),
    });
    const users = await Promise.all(people.map(salted));
    const files = mosquittoKit({
      project: 'lab',
      settings,
      access,
      members: [
        { id: 'gw-1', role: 'gateway' },
        { id: 'dash-1', role: 'dashboard' },
      ],
      deviceCount: 2,
      observer: 'observer',
      users,
      tls: {
        ca: authority.ca,
        certificate: server.certificate,
        key: server.key,
        crls: kitLists(await authority.crl()),
        leftOut: [],
      },
      crlNextUpdate: Date.now() + 20 * 86_400_000,
    });
    const folder = await writeKit(join(scratch, `stick ${trees}`), files);
    await prepare?.(root, settings);
    if (settings.kit.form !== 'fragments') await install(folder, { root, binary });
    return { root, folder, settings };
  }

  async function start(root: string, target: BrokerTarget, form: KitForm): Promise<RunningMosquitto> {
    const conf = form === 'container' ? '/mosquitto/config/mosquitto.conf' : '/etc/mosquitto/mosquitto.conf';
    // the image's user, and the one that the unit of 2.1 starts the broker as; 2.0 gives up root by itself
    const user = form === 'container' ? { uid: 1883, gid: 1883 } : target === 'mosquitto-2.1' ? await mosquittoUser() : undefined;
    const broker = await startMosquitto(conf, { root, user });
    running.push(broker);
    return broker;
  }

  /** How somebody connects who does what the mode asks for. */
  const properly = (identity: IdentityMode, person: Person) => ({
    identity: identity === 'password' ? undefined : identities.get(person),
    login: identity === 'certificate' ? undefined : { username: person, password: passwordOf(person) },
  });
  const connect = async (port: number, who: Parameters<typeof connectTestClient>[0] | object) => {
    const client = await connectTestClient({ port, ca: authority.ca, ...who });
    clients.push(client);
    return client;
  };

  async function tryEverybody(port: number, identity: IdentityMode): Promise<void> {
    const as = (person: Person) => connect(port, properly(identity, person));
    const [meter, gateway, dash, observer] = [await as('meter-001'), await as('gw-1'), await as('dash-1'), await as('observer')];
    await dash.subscribe('lab/#');
    await meter.subscribe('lab/commands/#');
    expect(await meter.publish('lab/energy/meter-001', 'mine')).toBe(0);
    expect(await meter.publish('lab/energy/meter-002')).toBe(notAuthorized);
    expect(await gateway.publish('lab/energy/meter-002', 'for another')).toBe(0);
    expect(await gateway.publish('lab/commands/meter-001')).toBe(notAuthorized);
    expect(await dash.publish('lab/energy/dash-1')).toBe(notAuthorized);
    expect(await observer.publish('lab/commands/meter-001', 'on')).toBe(0);
    const expected = ['lab/energy/meter-001 mine', 'lab/energy/meter-002 for another', 'lab/commands/meter-001 on'];
    await expect.poll(() => dash.received, { timeout: 10_000 }).toEqual(expected);
    await expect.poll(() => meter.received, { timeout: 10_000 }).toEqual(['lab/commands/meter-001 on']);
    // strangers
    const { login } = properly(identity, 'meter-001');
    const refused = (who: object) => expect(connect(port, who)).rejects.toThrow();
    await refused({});
    if (identity !== 'password') {
      await refused({ login });
      await refused({ identity: foreign, login });
      await refused({ identity: identities.get('canary'), login });
    }
    if (identity !== 'certificate') {
      const certificate = identity === 'password' ? undefined : identities.get('meter-001');
      await refused({ identity: certificate });
      await refused({ identity: certificate, login: { username: 'meter-001', password: 'wrong' } });
      await refused({ identity: certificate, login: { username: 'nobody', password: 'x' } });
    }
    await Promise.all(clients.splice(0).map((client) => client.close()));
  }

  describe.each(brokers)('$name', (broker) => {
    const forms: KitForm[] = ['whole', 'drop-in', 'container'];
    const modes: IdentityMode[] = ['certificate', 'certificate-password', 'password'];
    const variants = forms.flatMap((form) => modes.map((identity) => ({ form, identity })));

    it.each(variants)('$form, $identity', async ({ form, identity }) => {
      const { root, folder, settings } = await machine(broker, { form, identity });
      const mosquitto = await start(root, broker.target, form);
      try {
        if (form !== 'container') expect(await mosquitto.uid()).toBe((await mosquittoUser()).uid);
        await tryEverybody(settings.port, identity);
        const log = await mosquitto.log();
        const trouble = log.split('\n').filter((line) => /warning|deprecated|unable|error/i.test(line));
        // what strangers provoke
        expect(trouble.filter((line) => !/OpenSSL Error|protocol error|SSL routines/i.test(line))).toEqual([]);
      } finally {
        await mosquitto.stop();
      }
      // a second run changes nothing, neither files nor users' passwords
      const before = await treeOf(join(root, 'etc'));
      await install(folder, { root, binary: broker.binary });
      expect(await treeOf(join(root, 'etc'))).toEqual(before);
    });

    it('fragments become part of a configuration that somebody else keeps', async () => {
      const { root, folder, settings } = await machine(broker, { form: 'fragments' });
      const commands = (await readFile(join(folder, 'README.txt'), 'utf8')).match(/^ {4}(.*)$/gm)?.map((line) => line.slice(4));
      const atRoot = (line: string) => line.replaceAll("'/etc/", `'${root}/etc/`);
      const place = commands?.slice(0, commands.findIndex((line) => line.includes('mv -f')) + 1) ?? [];
      await run('sh', ['-eu', '-c', place.map(atRoot).join('\n')], { cwd: folder });
      await expect(readFile(join(folder, 'install.sh'))).rejects.toThrow('ENOENT');
      const [global, listener] = await Promise.all(
        ['global.conf', 'listener.conf'].map((name) => readFile(join(folder, name), 'utf8')),
      );
      // theirs: another listener of their own, and the one that the project uses
      const theirs = `listener ${await freePort()} 127.0.0.1\nlistener ${settings.port}\n`;
      const main = `persistence false\nlog_dest file /var/log/mosquitto/mosquitto.log\n${global}${theirs}${listener}`;
      await writeFile(join(root, 'etc/mosquitto/mosquitto.conf'), main);
      await mkdir(join(root, 'var/log/mosquitto'), { recursive: true });
      const { uid, gid } = await mosquittoUser();
      await run('chown', [`${uid}:${gid}`, join(root, 'var/log/mosquitto')]);
      const mosquitto = await start(root, broker.target, 'fragments');
      try {
        await tryEverybody(settings.port, 'certificate');
      } finally {
        await mosquitto.stop();
      }
    });

    it('speaks the versions and ciphers that were chosen', async () => {
      const only12 = { tls: { maxVersion: 'TLSv1.2' as SecureVersion } };
      const old = { tls: { maxVersion: 'TLSv1.2' as SecureVersion, ciphers: 'ECDHE-ECDSA-AES128-SHA256' } };
      const chosen: [Partial<KitSettings>, { only12: boolean; old: boolean; modern: boolean }][] = [
        [{}, { only12: true, old: false, modern: true }],
        [{ ciphers: '' }, { only12: true, old: true, modern: true }],
        [
          { tlsMinimum: 'tlsv1.3', ciphersTls13: 'TLS_AES_256_GCM_SHA384' },
          { only12: false, old: false, modern: true },
        ],
      ];
      for (const [kit, expected] of chosen) {
        const { root, settings } = await machine(broker, kit);
        const mosquitto = await start(root, broker.target, 'whole');
        const works = async (tls: object) => {
          try {
            await (
              await connectTestClient({ port: settings.port, ca: authority.ca, ...properly('certificate', 'meter-001'), ...tls })
            ).close();
            return true;
          } catch {
            return false;
          }
        };
        expect({ only12: await works(only12), old: await works(old), modern: await works({}) }).toEqual(expected);
        await mosquitto.stop();
      }
    });
  });
});
