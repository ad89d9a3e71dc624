import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BrokerSettings } from '../../../shared/model/broker.ts';
import { identityModes, type KitSettings, kitForms, standardKit } from '../../../shared/model/kit.ts';
import { makeTestAuthority, type TestAuthority, type TestIdentity } from '../testing/certificates.ts';
import { writeKit } from '../testing/kit-folder.ts';
import { kitLists } from '../testing/kit-lists.ts';
import { freePort, installedMosquitto, type RunningMosquitto, startMosquitto } from '../testing/mosquitto.ts';
import { connectTestClient } from '../testing/mqtt-client.ts';
import { canChown, readmeCommands, runAsReadmeSays } from '../testing/readme-commands.ts';
import { mosquittoKit } from './kit.ts';

/** Everything that is generated beside the broker's own configuration, judged by the programs that it is for. */
const exec = promisify(execFile);
const run = (program: string, ...args: string[]) => exec(program, args, { env });
const env = { ...process.env, PATH: `${process.env.PATH ?? ''}${delimiter}/usr/sbin${delimiter}/sbin` };
const has = (program: string) => env.PATH.split(delimiter).some((folder) => existsSync(join(folder, program)));

const rich: Partial<KitSettings> = {
  networks: ['192.168.100.0/24', '192.168.100.128/25', '10.1.2.3', 'fd00:1::/64', '2001:db8::7'],
  connectionRate: 20,
  shipping: 'syslog',
  shippingTarget: 'logs.example:1514',
  maxConnections: 500,
};
const variants = kitForms.flatMap((form) =>
  identityModes.flatMap((identity) =>
    [
      {},
      rich,
      {
        ...rich,
        connectionRate: null,
        networks: ['10.0.0.0/8'],
        shipping: 'loki',
        shippingTarget: 'https://l.example/push',
      } as const,
    ].flatMap((more) => [true, false].map((keyHere) => ({ keyHere, kit: { ...standardKit, form, identity, ...more } }))),
  ),
);

let scratch: string;
let authority: TestAuthority;
let server: TestIdentity;
const folders: { folder: string; kit: KitSettings }[] = [];

function kitOf(kit: KitSettings, keyHere: boolean, settings: Partial<BrokerSettings> = {}) {
  return mosquittoKit({
    project: 'lab',
    settings: {
      names: ['localhost'],
      addresses: [],
      port: 8883,
      target: 'mosquitto-2.0',
      directory: keyHere ? '/etc/mosquitto' : '/srv/my mq',
      data: '/var/lib/mosquitto',
      log: '/var/log/mosquitto',
      days: 397,
      ...settings,
      kit,
    },
    access: [{ role: 'device', write: ['{project}/energy/{device}'], read: [] }],
    members: [],
    deviceCount: 2,
    observer: 'observer',
    tls: {
      ca: authority.ca,
      certificate: server.certificate,
      key: keyHere ? server.key : null,
      crls: kitLists(`${crl}${crl}`),
      leftOut: [],
    },
    crlNextUpdate: Date.UTC(2030, 0, 1),
  });
}
let crl: string;

/** A check that needs rights of the kernel's firewall can only be made where it has them. */
async function permitted(program: string, ...args: string[]): Promise<boolean> {
  return run(program, ...args).then(
    () => true,
    (error: Error & { stderr?: string }) => {
      if (!/not permitted|must be root|Permission denied/i.test(String(error.stderr))) throw error;
      console.warn(`${program} may not look at this machine's firewall: its files are not judged here`);
      return false;
    },
  );
}

describe.runIf(process.platform === 'linux')('what is generated for the machine', () => {
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'fieldkey-generated-'));
    authority = await makeTestAuthority(join(scratch, 'authority'));
    server = await authority.issue('broker', 'serverAuth');
    crl = await authority.crl();
    for (const [index, { kit, keyHere }] of variants.entries())
      folders.push({ kit, folder: await writeKit(join(scratch, String(index)), kitOf(kit, keyHere)) });
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  /** All files of this name, each text once. */
  const every = (name: string) => {
    const files = folders.map(({ folder }) => join(folder, name)).filter((file) => existsSync(file));
    return [...new Map(files.map((file) => [readFileSync(file, 'utf8'), file])).values()];
  };

  it('scripts are sound to sh and shellcheck', async () => {
    const scripts = [...every('install.sh'), ...every('lists.sh'), ...every('firewall/ufw.sh'), ...every('firewall/iptables.sh')];
    expect(scripts.length).toBeGreaterThan(30);
    for (const script of scripts) await run('sh', '-n', script);
    // two at a time are as fast as this machine is
    const half = Math.ceil(scripts.length / 2);
    for (const { stdout } of await Promise.all(
      [scripts.slice(0, half), scripts.slice(half)].map((some) =>
        run('shellcheck', '--shell=sh', ...some).catch((error: { stdout: string }) => error),
      ),
    ))
      expect(stdout).toBe('');
  });

  it('lines for doing it by hand are sound, too', async () => {
    for (const readme of every('README.txt')) {
      const { stdout } = await run('grep', '^    ', readme);
      const script = `${readme}.sh`;
      await writeFile(script, stdout);
      await run('sh', '-n', script);
    }
  });

  it('firewall rules are taken by nft and iptables', async () => {
    const rules = every('firewall/nftables.nft');
    expect(rules.length).toBeGreaterThan(0);
    await writeFile(join(scratch, 'probe.nft'), 'table inet probe\n');
    if (await permitted('nft', '-c', '-f', join(scratch, 'probe.nft')))
      for (const file of rules) await run('nft', '-c', '-f', file);
    await writeFile(join(scratch, 'probe.rules'), '*filter\nCOMMIT\n');
    for (const [program, name] of [
      ['iptables-restore', 'firewall/iptables.rules'],
      ['ip6tables-restore', 'firewall/ip6tables.rules'],
    ] as const) {
      if (!(await permitted(program, '--test', '--noflush', join(scratch, 'probe.rules')))) continue;
      for (const file of every(name)) await run(program, '--test', '--noflush', file);
    }
  });

  it('log rotation is taken by logrotate', async () => {
    for (const file of every('logrotate.conf')) {
      // what it means by an error does not always show in its exit status
      const { stderr } = await run('logrotate', '-d', '-s', join(scratch, 'state'), file);
      expect(stderr).not.toMatch(/error/i);
      expect(stderr).toContain('rotating pattern: "/var/log/mosquitto/mosquitto.log"  weekly (52 rotations)');
    }
  });

  it('configurations of others are taken by those', async () => {
    for (const file of every('haproxy.cfg')) await run('haproxy', '-c', '-f', file);
    if (has('rsyslogd'))
      for (const file of every('rsyslog.conf').slice(0, 2)) {
        await writeFile(`${file}.whole`, '');
        const { stderr } = await run(
          'sh',
          '-c',
          `(echo 'global(workDirectory="/tmp")'; cat '${file}') > '${file}.whole' && rsyslogd -N1 -f '${file}.whole'`,
        );
        expect(stderr).not.toMatch(/error/i);
      }
    const compose =
      has('docker') &&
      (await run('docker', 'compose', 'version').then(
        () => true,
        () => false,
      ));
    if (compose) for (const file of every('docker-compose.yml')) await run('docker', 'compose', '-f', file, 'config', '--quiet');
    else console.warn('there is no docker compose: docker-compose.yml is judged as YAML only');
    for (const file of [...every('docker-compose.yml'), ...every('promtail.yaml')])
      await run(
        'python3',
        '-c',
        'import sys, json\ntry:\n import yaml\nexcept ImportError:\n sys.exit(0)\nyaml.safe_load(open(sys.argv[1]))',
        file,
      );
  });

  it('a proxy before the broker refuses who comes too often, and lets the others through', async () => {
    const tree = join(scratch, 'proxied');
    const etc = join(tree, 'etc/mosquitto');
    const meter = await authority.issue('meter-001');
    const port = await freePort();
    const kit = { ...standardKit, connectionRate: 5 };
    const paths = { directory: etc, data: join(tree, 'lib'), log: join(tree, 'log'), port };
    await mkdir(etc, { recursive: true });
    await run('chmod', '-R', 'a+rX', scratch);
    crl = (await authority.crl()).trimEnd().concat('\n');
    const files = mosquittoKit({
      project: 'lab',
      settings: { names: ['localhost'], addresses: [], target: 'mosquitto-2.0', days: 397, ...paths, kit },
      access: [{ role: 'device', write: ['{project}/energy/{device}'], read: [] }],
      members: [],
      deviceCount: 2,
      observer: 'observer',
      tls: { ca: authority.ca, certificate: server.certificate, key: server.key, crls: kitLists(crl), leftOut: [] },
    });
    const folder = await writeKit(join(scratch, 'proxied-stick'), files);
    await runAsReadmeSays(readmeCommands(readFileSync(join(folder, 'README.txt'), 'utf8')), folder, tree);
    let broker: RunningMosquitto | undefined;
    const proxy = execFile('haproxy', ['-db', '-f', join(folder, 'haproxy.cfg')], { env });
    try {
      broker = await startMosquitto(join(etc, 'mosquitto.conf'), { binary: installedMosquitto() });
      expect(broker.port).not.toBe(port);
      const connects = () =>
        connectTestClient({ port, ca: authority.ca, identity: meter }).then(
          async (client) => {
            const code = await client.publish('lab/energy/meter-001');
            await client.close();
            return code;
          },
          () => 'refused',
        );
      await expect.poll(connects, { timeout: 10_000 }).not.toBe('refused');
      const results: (number | string)[] = [];
      for (let time = 0; time < 8; time++) results.push(await connects());
      expect(results[0]).not.toBe('refused');
      expect(results.at(-1)).toBe('refused');
    } finally {
      proxy.kill();
      await broker?.stop();
    }
  });
});

if (!canChown && process.env.CI) throw new Error('this test gives files to the user mosquitto and must run as root in CI');
