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
      target: 'mosquitto-2.0',
      directory: join(scratch, 'etc/em qx'),
      data: join(scratch, 'data'),
      log: join(scratch, 'log'),
      days: 397,
      kit: standardKit,
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

  it('has access rules that Erlang reads, every one of them, to the letter', { timeout: 60_000 }, async () => {
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

  it('has a configuration that a HOCON parser reads as it is meant', { timeout: 60_000 }, async () => {
    const get = async (key: string) =>
      (await run('hocon', ['-f', path('emqx.conf'), 'get', key])).stdout.trim().replace(/^"|"$/g, '');
    expect(await get('listeners.ssl.default.bind')).toBe('8883');
    expect(await get('listeners.ssl.default.ssl_options.verify')).toBe('verify_peer');
    expect(await get('listeners.ssl.default.ssl_options.fail_if_no_peer_cert')).toBe('true');
    expect(await get('listeners.tcp.default.enable')).toBe('false');
    expect(await get('dashboard.listeners.http.bind')).toBe('0');
    expect(await get('mqtt.peer_cert_as_username')).toBe('cn');
    expect(await get('authorization.no_match')).toBe('deny');
    expect(await get('listeners.ssl.default.ssl_options.cacertfile')).toContain(`\${EMQX_ETC_DIR}/certs/ca.crt`);
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
