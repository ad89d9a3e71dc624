import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultAccess } from '../../../shared/model/access.ts';
import { standardKit } from '../../../shared/model/kit.ts';
import {
  compileEmqxAccess,
  type EmqxQuery,
  emqxAclText,
  emqxEvaluator,
  widerFilters,
} from '../../../shared/rules/access-emqx.ts';
import { newSalt, pbkdf2Hash } from '../mosquitto/password-hash.ts';
import { makeTestAuthority } from '../testing/certificates.ts';
import { type EmqxKitInput, emqxKit } from './kit.ts';

/**
 * There is no EMQX to judge this. Erlang reads the access rules as EMQX does (file:consult/1), a HOCON parser that is not ours
 * reads the configuration, and the shell reads install.sh.
 */
const run = promisify(execFile);
const pem = (label: string) => `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`;

let scratch: string;
let input: EmqxKitInput;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'fk-emqx-'));
  input = {
    project: 'lab',
    settings: {
      names: ['localhost'],
      addresses: [],
      port: 8883,
      target: 'emqx-5',
      directory: join(scratch, 'etc/em qx'),
      data: join(scratch, 'data'),
      log: join(scratch, 'log'),
      days: 397,
      kit: { ...standardKit, form: 'container' },
    },
    access: [
      ...defaultAccess.filter(({ role }) => role !== 'device'),
      {
        role: 'device',
        write: ['{project}/energy/{device}', '{project}/"ü\\/{device}'],
        read: ['{project}/commands/{device}', '{project}/all/#'],
        deny: ['{project}/all/secret'],
      },
    ],
    exceptions: [{ device: 'meter-7', write: ['{project}/extra'], read: [], deny: ['{project}/energy/{device}'] }],
    members: [
      { id: 'dash-1', role: 'dashboard' },
      { id: 'gw-1', role: 'gateway' },
    ],
    blocked: ['meter-9'],
    deviceCount: 3,
    observer: 'observer',
    tls: { ca: pem('CERTIFICATE'), certificate: pem('CERTIFICATE'), key: pem('PRIVATE KEY') },
  };
  for (const file of emqxKit(input)) {
    await mkdir(dirname(join(scratch, file.path)), { recursive: true });
    await writeFile(join(scratch, file.path), file.content);
  }
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

const path = (name: string) => join(scratch, 'broker', name);

describe('the kit for EMQX 5', () => {
  it('has the files of the layout, marks the key as secret, and does not change with a device more', () => {
    expect(emqxKit(input).map((file) => [file.path, file.secret])).toEqual([
      ['broker/docker-compose.yml', false],
      ['broker/emqx.conf', false],
      ['broker/acl.conf', false],
      ['broker/certs/ca.crt', false],
      ['broker/certs/server.crt', false],
      ['broker/certs/server.key', true],
      ['broker/install.sh', false],
      ['broker/README.txt', false],
    ]);
    expect(emqxKit({ ...input, deviceCount: 2_000 })).toEqual(emqxKit(input));
  });

  it('says in its README that no EMQX was run', async () => {
    expect(await readFile(path('README.txt'), 'utf8')).toContain('NOT RUN WITH EMQX');
    expect(await readFile(path('README.txt'), 'utf8')).toMatch(/^[\n -~]*$/);
  });

  it('has access rules that Erlang reads, every one of them, to the letter', async () => {
    // back to text in another form: what was read, not what was written
    const code = `[F] = init:get_plain_arguments(), {ok, Terms} = file:consult(F),
      T = fun(B) when is_binary(B) -> B; (L) -> unicode:characters_to_binary(L) end,
      W = fun(all) -> "*"; ({username, N}) -> T(N) end,
      [case R of {P, all} -> io:format("~s * all~n", [P]);
        {P, Who, A, Topics} -> io:format("~s ~s ~s ~ts~n", [P, W(Who), A, lists:join(<<"|">>, [case X of {eq, Y} -> [<<"=">>, T(Y)]; Y -> T(Y) end || X <- Topics])]) end || R <- Terms],
      halt().`;
    const { stdout } = await run('erl', [
      '-noshell',
      '-eval',
      `io:setopts([{encoding, unicode}]), ${code}`,
      '-extra',
      path('acl.conf'),
    ]);
    const { rules } = compileEmqxAccess(input);
    expect(stdout.trim().split('\n')).toEqual([
      ...rules.map(
        (rule) =>
          `${rule.permission} ${rule.user ?? '*'} ${rule.action} ${rule.topics.map((topic) => (rule.exact ? '=' : '') + topic).join('|')}`,
      ),
      'deny * all',
    ]);
    expect(rules.length).toBeGreaterThan(12);
  });

  it('has a configuration that a HOCON parser reads as it is meant', async () => {
    const ruby = 'require "json"; puts Hocon.parse(File.read(ARGV[0]).gsub("$" + "{EMQX_ETC_DIR}", "ETC")).to_json';
    const read = JSON.parse((await run('ruby', ['-rhocon', '-e', ruby, path('emqx.conf')])).stdout);
    expect(read).toMatchObject({
      listeners: {
        ssl: {
          default: {
            bind: 8883,
            ssl_options: { verify: 'verify_peer', fail_if_no_peer_cert: true, cacertfile: 'ETC/certs/ca.crt' },
          },
        },
        tcp: { default: { enable: false } },
      },
      dashboard: { listeners: { http: { bind: 0 } } },
      mqtt: { peer_cert_as_username: 'cn' },
      authorization: { no_match: 'deny' },
    });
    // the list of ciphers is one of names, those of TLS 1.3 among them
    expect(read.listeners.ssl.default.ssl_options.ciphers).toHaveLength(3 + 9);
  });

  it('has an install.sh that puts everything in place, twice the same, and keeps the secret that it made', async () => {
    await run('sh', ['-n', path('install.sh')]);
    const files = () => run('sh', [path('install.sh'), '--files']);
    if (process.getuid?.() !== 0) return expect(files()).rejects.toThrow('run it as root');
    await files();
    const env = await readFile(join(scratch, 'etc/em qx/emqx.env'), 'utf8');
    expect(env).toMatch(/^EMQX_NODE__COOKIE=[0-9a-f]{48}\n$/);
    await files();
    expect(await readFile(join(scratch, 'etc/em qx/emqx.env'), 'utf8')).toBe(env);
    const at = async (name: string) => {
      const { mode, uid, gid } = await stat(join(scratch, name));
      return `${(mode & 0o7777).toString(8)} ${uid}:${gid}`;
    };
    expect(await at('etc/em qx/emqx.env')).toBe('600 0:0');
    expect(await at('etc/em qx/certs/server.key')).toBe('640 0:1000');
    expect(await at('data')).toBe('750 1000:1000');
  });
});

describe('with passwords, from EMQX’s package', () => {
  const secret = async (user: string, password: string | null, of: string | null = user) => ({
    user,
    password,
    hash: await pbkdf2Hash(password ?? 'nobody knows', user === 'meter-3' ? Buffer.alloc(12, 200) : newSalt()),
    device: of === null ? null : { id: of, role: 'device' },
  });
  const folder = () => join(scratch, 'host/broker');
  let bin: string;

  const write = async (users: NonNullable<EmqxKitInput['users']>) => {
    const kit = { ...standardKit, form: 'whole', identity: 'password' } as const;
    const to = (name: string) => join(scratch, 'machine', name);
    const settings = { ...input.settings, directory: to('etc'), data: to('lib'), log: to('log'), kit };
    const files = emqxKit({ ...input, settings, users, tls: { ...input.tls, ...pair } });
    for (const file of files) {
      await mkdir(dirname(join(scratch, 'host', file.path)), { recursive: true });
      const text = new TextDecoder().decode(file.content);
      // there is no EMQX on this machine, and so nobody of its name
      await writeFile(
        join(scratch, 'host', file.path),
        text.replace('id emqx ', 'id daemon ').replace('owner=emqx', 'owner=daemon'),
      );
    }
    return files;
  };
  const install = (...args: string[]) =>
    run('sh', ['install.sh', ...args], {
      cwd: folder(),
      env: { ...process.env, PATH: `${bin}:${process.env['PATH']}`, SYSTEMD_D: join(scratch, 'machine/systemd') },
    });
  const told = async () => {
    const lines = (await readFile(join(bin, 'told'), 'utf8')).trim().split('\n');
    await writeFile(join(bin, 'told'), '');
    return lines.filter((line) => line !== 'emqx ctl status');
  };
  let pair: { certificate: string; key: string };

  beforeAll(async () => {
    bin = join(scratch, 'tools');
    await mkdir(bin);
    for (const name of ['systemctl', 'emqx'])
      await writeFile(join(bin, name), `#!/bin/sh\necho "${name} $*" >>'${bin}/told'\n[ "$1" != eval ] || echo '{atomic,ok}'\n`, {
        mode: 0o755,
      });
    const authority = await makeTestAuthority(join(scratch, 'authority'));
    pair = await authority.issue('broker', 'serverAuth');
  });

  it('has a file of users whose hashes are those that EMQX computes, and leaves out whom nobody knows', async () => {
    const known = { 'meter-1': 'first pass wörd', 'meter-1@2': 'second', 'meter-3': 'three', observer: 'eye' };
    const users = await Promise.all([
      secret('meter-1', known['meter-1']),
      secret('meter-1@2', known['meter-1@2'], 'meter-1'),
      // with a salt that is no text, as Mosquitto's own
      secret('meter-3', known['meter-3']),
      { ...(await secret('meter-4', null)), hash: await pbkdf2Hash('x', Buffer.alloc(12, 201)) },
      secret('observer', known.observer, null),
    ]);
    const files = await write(users);
    expect(files.map(({ path: name, secret: hidden }) => [name, hidden])).toContainEqual(['broker/users.csv', true]);
    const lines = (await readFile(join(folder(), 'users.csv'), 'utf8')).trim().split('\n');
    expect(lines[0]).toBe('user_id,password_hash,salt,is_superuser');
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(Object.keys(known));
    for (const line of lines.slice(1)) {
      const [user = '', hash, salt = '', superuser] = line.split(',');
      const code = `[P, S] = init:get_plain_arguments(),
        io:format("~s", [string:lowercase(binary:encode_hex(crypto:pbkdf2_hmac(sha512, unicode:characters_to_binary(P), list_to_binary(S), 1000, 64)))]), halt().`;
      const password = known[user as keyof typeof known];
      const { stdout } = await run('erl', ['-noshell', '-eval', code, '-extra', password, salt]);
      expect([user, hash, superuser]).toEqual([user, stdout, 'false']);
    }
    expect(await readFile(join(folder(), 'README.txt'), 'utf8')).toContain('NOT LET IN: of meter-4');
    // the same bytes again, and the second name has the first one's rights
    expect(emqxKit({ ...input, users })).toEqual(emqxKit({ ...input, users }));
    const { rules } = compileEmqxAccess({ ...input, aliases: [{ user: 'meter-1@2', id: 'meter-1', role: 'device' }] });
    const decide = emqxEvaluator(rules);
    expect(decide({ user: 'meter-1@2', verb: 'write', topic: 'lab/energy/meter-1' }).allowed).toBe(true);
    expect(decide({ user: 'meter-1@2', verb: 'write', topic: 'lab/energy/meter-1@2' }).allowed).toBe(false);
  });

  it('has EMQX forget the users of before when they have changed, and only then', async () => {
    if (process.getuid?.() !== 0) return expect(install()).rejects.toThrow('run it as root');
    await write([await secret('meter-1', 'one')]);
    expect((await install('check')).stdout).toBe('This folder is good.\n');
    const started = ['systemctl daemon-reload', 'systemctl restart emqx'];
    const cleared = ['emqx eval mria:clear_table(emqx_authn_mnesia).'];
    expect((await install()).stdout).toMatch(/done\n$/);
    expect(await told()).toEqual([...started, ...cleared, ...started]);
    await install();
    expect(await told()).toEqual(started);
    await write([await secret('meter-1', 'two')]);
    await install();
    expect(await told()).toEqual([...started, ...cleared, ...started]);
    const unit = await readFile(join(scratch, 'machine/systemd/emqx.service.d/fieldkey.conf'), 'utf8');
    expect(unit).toContain(`EnvironmentFile=${scratch}/machine/etc/emqx.env`);
    const { mode } = await stat(join(scratch, 'machine/etc/users.csv'));
    expect((mode & 0o777).toString(8)).toBe('640');
  });
});

describe('what EMQX would decide', () => {
  const decide = () => emqxEvaluator(compileEmqxAccess(input).rules);
  const may = (user: string, verb: EmqxQuery['verb'], topic: string) => decide()({ user, verb, topic }).allowed;

  it('gives devices their own topics, others only theirs, and the blocked nothing', () => {
    expect(may('meter-1', 'write', 'lab/energy/meter-1')).toBe(true);
    expect(may('meter-1', 'write', 'lab/energy/meter-2')).toBe(false);
    expect(may('meter-1', 'read', 'lab/commands/meter-1')).toBe(true);
    expect(may('dash-1', 'write', 'lab/energy/dash-1')).toBe(false);
    expect(may('dash-1', 'subscribe', 'lab/#')).toBe(true);
    expect(may('dash-1', 'subscribe', '#')).toBe(false);
    expect(may('gw-1', 'write', 'lab/energy/meter-1')).toBe(true);
    expect(may('observer', 'write', 'lab/commands/meter-1')).toBe(true);
    expect(may('observer', 'write', 'lab/energy/meter-1')).toBe(false);
    expect(may('meter-9', 'write', 'lab/energy/meter-9')).toBe(false);
  });

  it('takes exceptions of one device, and denials, also from wider subscriptions', () => {
    expect(may('meter-7', 'write', 'lab/extra')).toBe(true);
    expect(may('meter-1', 'write', 'lab/extra')).toBe(false);
    expect(may('meter-7', 'write', 'lab/energy/meter-7')).toBe(false);
    expect(may('meter-7', 'read', 'lab/commands/meter-7')).toBe(true);
    expect(may('meter-1', 'subscribe', 'lab/all/x')).toBe(true);
    for (const filter of ['lab/all/secret', 'lab/all/#', 'lab/all/+'])
      expect([filter, may('meter-1', 'subscribe', filter)]).toEqual([filter, false]);
    expect(may('meter-1', 'read', 'lab/all/secret')).toBe(false);
    expect(widerFilters('a/b')).toEqual(['#', 'a/#', '+/#', 'a/b/#', 'a/+/#', '+/b/#', '+/+/#', 'a/+', '+/b', '+/+']);
  });

  it('by client id takes the name of that client, which the kit makes the proved one', () => {
    const settings = { ...input.settings, kit: { ...input.settings.kit, deviceIs: 'client' as const } };
    const { rules } = compileEmqxAccess({ ...input, deviceIs: 'client' });
    const decides = emqxEvaluator(rules);
    const write = (clientId: string | undefined, topic: string) =>
      decides({ user: 'meter-1', clientId, verb: 'write', topic }).allowed;
    expect(write(undefined, 'lab/energy/meter-1')).toBe(true);
    expect(write('meter-2', 'lab/energy/meter-1')).toBe(false);
    expect(write('meter-2', 'lab/energy/meter-2')).toBe(true);
    const files = new Map(
      emqxKit({ ...input, settings }).map(({ path: name, content }) => [name, new TextDecoder().decode(content)]),
    );
    expect(files.get('broker/acl.conf')).toContain(`{allow, all, publish, ["lab/energy/\${clientid}"]}.`);
    expect(files.get('broker/emqx.conf')).toContain('peer_cert_as_clientid = cn');
    expect(files.get('broker/README.txt')).toContain('proves nothing by itself');
  });

  it('tells where a denial cannot hold', () => {
    const access = [{ role: 'dashboard', write: [], read: ['{project}/#'], deny: ['{project}/+/secret'] }];
    expect(compileEmqxAccess({ ...input, access, exceptions: [] }).gaps).toEqual([
      { member: 'dash-1', topic: 'lab/+/secret', access: 'read' },
    ]);
  });

  it('names the line of each rule', () => {
    const { rules } = compileEmqxAccess(input);
    const { text, lines } = emqxAclText(rules, 'lab');
    const { rule } = decide()({ user: 'gw-1', verb: 'write', topic: 'lab/energy/x' });
    expect(text.split('\n')[(lines[rule ?? -1] ?? 0) - 1]).toBe('{allow, {username, "gw-1"}, publish, ["lab/energy/#"]}.');
  });
});
