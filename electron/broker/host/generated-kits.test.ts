import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrokerTarget, foldersOf, formsOf } from '../../../shared/model/broker.ts';
import { identityModes, type KitSettings, standardKit } from '../../../shared/model/kit.ts';
import { emqxKit } from '../emqx/kit.ts';
import { rabbitmqKit } from '../rabbitmq/kit.ts';
import { makeTestAuthority } from '../testing/certificates.ts';
import { writeKit } from '../testing/kit-folder.ts';
import { kitLists } from '../testing/kit-lists.ts';

/** Everything that the kits for RabbitMQ and EMQX can be, judged by the programs that it is for. */
const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}${delimiter}/usr/sbin${delimiter}/sbin` };
const exec = promisify(execFile);
const run = (program: string, ...args: string[]) => exec(program, args, { env, maxBuffer: 16_000_000 });
const has = (program: string) => env.PATH.split(delimiter).some((folder) => existsSync(join(folder, program)));

const rich: Partial<KitSettings> = {
  networks: ['192.168.100.0/24', 'fd00:1::/64'],
  connectionRate: 20,
  shipping: 'syslog',
  shippingTarget: 'logs.example:1514',
  maxConnections: 100_000,
  ciphersTls13: 'TLS_AES_256_GCM_SHA384',
  logDetail: 'debug',
};
const loki = {
  ...rich,
  connectionRate: null,
  shipping: 'loki',
  shippingTarget: 'https://l.example/push',
  tlsMinimum: 'tlsv1.3',
} as const;
const targets = ['rabbitmq-3', 'emqx-5'] as const satisfies readonly BrokerTarget[];
const variants = targets.flatMap((target) =>
  formsOf(target).flatMap((form) =>
    identityModes.flatMap((identity) =>
      [{}, rich, loki].map((more, index) => ({
        target,
        keyHere: index !== 1,
        // a port that only root may open, once
        port: index === 2 ? 443 : 8883,
        kit: { ...standardKit, form, identity, ...more },
      })),
    ),
  ),
);

let scratch: string;
const folders: { target: BrokerTarget; folder: string }[] = [];

/** All files of this name, each text once. */
function every(name: string, target?: BrokerTarget): string[] {
  const files = folders
    .filter((each) => target === undefined || each.target === target)
    .map(({ folder }) => join(folder, name))
    .filter((file) => existsSync(file));
  return [...new Map(files.map((file) => [readFileSync(file, 'utf8'), file])).values()];
}

describe.runIf(process.platform === 'linux')('what is generated for RabbitMQ and EMQX', () => {
  beforeAll(async () => {
    scratch = await mkdtemp(join(tmpdir(), 'fieldkey-kits-'));
    const authority = await makeTestAuthority(join(scratch, 'authority'));
    const server = await authority.issue('broker', 'serverAuth');
    const crl = await authority.crl();
    for (const [index, { target, kit, keyHere, port }] of variants.entries()) {
      const common = {
        project: 'lab',
        settings: { names: ['localhost'], addresses: [], port, target, ...foldersOf(target, kit.form), days: 397, kit },
        access: [{ role: 'device', write: ['{project}/energy/{device}'], read: [] }],
        observer: 'observer',
        crlNextUpdate: Date.UTC(2030, 0, 1),
        users: [{ user: 'm-1@2', hash: '$6$x$y', password: 'secret', device: { id: 'm-1', role: 'device' } }],
      };
      const tls = { ca: authority.ca, certificate: server.certificate, key: keyHere ? server.key : null };
      const files =
        target === 'emqx-5'
          ? emqxKit({ ...common, members: [], blocked: ['m-9'], deviceCount: 2, tls })
          : rabbitmqKit({
              ...common,
              members: [{ id: 'm-1', role: 'device' }],
              tls: { ...tls, crls: kitLists(crl), leftOut: [], outsideAbove: false },
            });
      folders.push({ target, folder: await writeKit(join(scratch, String(index)), files) });
    }
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));

  it('scripts are sound to sh and shellcheck', async () => {
    const scripts = [...every('install.sh'), ...every('lists.sh')];
    expect(scripts.length).toBeGreaterThan(20);
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

  it('RabbitMQ’s own reader takes every option, and Erlang every term', async () => {
    const confs = ['rabbitmq.conf', '90-fieldkey.conf', 'rabbitmq.conf.part'].flatMap((name) => every(name));
    // of the definitions it wants to see that the file is there
    for (const conf of confs) {
      const text = readFileSync(conf, 'utf8');
      await writeFile(conf, text.replace(/^load_definitions = .*$/m, `load_definitions = ${conf}`));
    }
    const terms = [...every('advanced.config'), ...every('enabled_plugins')];
    expect([confs.length > 10, terms.length > 8]).toEqual([true, true]);
    const code = `Home = "/usr/lib/rabbitmq/lib/rabbitmq_server-*/plugins",
      [code:add_path(P) || P <- filelib:wildcard(Home ++ "/*/ebin")],
      Schema = cuttlefish_schema:files(filelib:wildcard(Home ++ "/*/priv/schema/*.schema")),
      [begin Conf = cuttlefish_conf:file(F), Made = cuttlefish_generator:map(Schema, Conf),
        is_list(Made) orelse io:format("~s: ~p~n", [F, Made]) end || F <- init:get_plain_arguments(), filename:extension(F) =/= ".config", filename:basename(F) =/= "enabled_plugins"],
      [case file:consult(F) of {ok, [_]} -> ok; Other -> io:format("~s: ~p~n", [F, Other]) end
        || F <- init:get_plain_arguments(), filename:extension(F) =:= ".config" orelse filename:basename(F) =:= "enabled_plugins"],
      io:format("read~n"), halt().`;
    const { stdout } = await run('erl', '-noshell', '-eval', code, '-extra', ...confs, ...terms);
    expect(stdout).toBe('read\n');
  });

  it('EMQX’s configuration is HOCON, and means what it should', async () => {
    const files = [...every('emqx.conf'), ...every('fieldkey.conf')];
    expect(files).toHaveLength(27);
    const ruby =
      'require "json"; puts ARGV.map { |f| Hocon.parse(File.read(f).gsub("$" + "{EMQX_ETC_DIR}", "/opt/emqx/etc")) }.to_json';
    const read = JSON.parse((await run('ruby', '-rhocon', '-e', ruby, ...files)).stdout) as Read[];
    for (const conf of read) {
      const listener = conf.listeners.ssl.default ?? conf.listeners.ssl.fieldkey;
      const authentication = conf.authentication ?? listener?.authentication ?? [];
      const passwords = (conf.mqtt ?? conf.zones?.fieldkey.mqtt)?.use_username_as_clientid === true;
      expect(authentication.map(({ bootstrap_type: type }) => type)).toEqual(passwords ? ['hash'] : []);
      expect([listener?.ssl_options.verify, passwords]).not.toEqual(['verify_none', false]);
      const suites = listener?.ssl_options.ciphers?.filter((name) => !name.startsWith('TLS_')).length ?? 0;
      expect(suites > 0).toBe(listener?.ssl_options.versions.length === 2);
    }
    expect(new Set(read.map((conf) => JSON.stringify(conf))).size).toBe(27);
  });

  it('log rotation, proxy and log shipping are taken by their programs', async () => {
    for (const file of every('logrotate')) {
      const { stderr } = await run('logrotate', '-d', '-s', join(scratch, 'state'), file);
      expect(stderr).not.toMatch(/error/i);
      expect(stderr).toContain('weekly (52 rotations)');
    }
    const proxies = every('haproxy.cfg');
    expect(proxies.length).toBeGreaterThan(0);
    for (const file of proxies) await run('haproxy', '-c', '-f', file);
    const shipped = every('rsyslog.conf');
    expect(shipped.length).toBeGreaterThan(2);
    for (const file of shipped) {
      await writeFile(`${file}.whole`, `global(workDirectory="/tmp")\n${readFileSync(file, 'utf8')}`);
      const { stderr } = await run('rsyslogd', '-N1', '-f', `${file}.whole`);
      expect(stderr).not.toMatch(/error/i);
    }
  });

  it('YAML is that, and a compose file has the parts of one', async () => {
    const composed = every('docker-compose.yml');
    expect(composed.length).toBeGreaterThan(4);
    const code = 'import sys, json, yaml\nprint(json.dumps([yaml.safe_load(open(f)) for f in sys.argv[1:]]))';
    const read = JSON.parse((await run('python3', '-c', code, ...composed, ...every('promtail.yaml'))).stdout) as Compose[];
    for (const { services } of read.slice(0, composed.length)) {
      const [name, service] = Object.entries(services ?? {})[0] ?? [];
      expect(service?.image).toMatch(new RegExp(`${name}:\\d+\\.\\d+\\.\\d+$`));
      expect(service?.ports).toEqual([expect.stringMatching(/^(127\.0\.0\.1:18883|8883|443):8883$/)]);
      expect(JSON.stringify(service?.volumes)).toMatch(/log/);
    }
    const compose = has('docker') && (await run('docker', 'compose', 'version').catch(() => null)) !== null;
    for (const file of compose ? composed : []) await run('docker', 'compose', '-f', file, 'config', '--quiet');
    if (!compose) console.warn('there is no docker compose: docker-compose.yml is judged as YAML only');
  });
});

interface Compose {
  readonly services?: Record<string, { readonly image: string; readonly ports: string[]; readonly volumes: unknown[] }>;
}

interface Listener {
  readonly ssl_options: { readonly verify: string; readonly versions: string[]; readonly ciphers?: string[] };
  readonly authentication?: { readonly bootstrap_type: string }[];
}

interface Read {
  readonly listeners: { readonly ssl: { readonly default?: Listener; readonly fieldkey?: Listener } };
  readonly authentication?: { readonly bootstrap_type: string }[];
  readonly mqtt?: { readonly use_username_as_clientid?: boolean };
  readonly zones?: { readonly fieldkey: { readonly mqtt: { readonly use_username_as_clientid?: boolean } } };
}
