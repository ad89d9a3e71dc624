import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from './mosquitto.ts';

const run = promisify(execFile);
const scripts = '/usr/lib/rabbitmq/bin';
/** Starting takes about five seconds on an idle machine. */
const patience = 90_000;

/** A node of its own: own home and cookie, own epmd, nothing on an interface but loopback, ended by process id. */
export interface RunningRabbitmq {
  readonly port: number;
  readonly pid: number;
  /** Everything that the broker has written to its log file. */
  log(): Promise<string>;
  /** `rabbitmqctl` on this node. Gives its standard output. */
  ctl(...args: string[]): Promise<string>;
  /** Folder with a `rabbitmqctl` and a `rabbitmq-plugins` for this node, to be put first on PATH. */
  readonly bin: string;
  stop(): Promise<void>;
}

/** The ids of the user rabbitmq, or an error that says how to install it: these tests are never skipped. */
export async function rabbitmqUser(): Promise<{ uid: number; gid: number }> {
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((entry) => entry.startsWith('rabbitmq:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined || !existsSync(`${scripts}/rabbitmq-server`))
    throw new Error('RabbitMQ is not installed. Debian and Ubuntu: apt-get install -y --no-install-recommends rabbitmq-server');
  return { uid: Number(uid), gid: Number(gid) };
}

export interface RabbitmqNode {
  readonly env: NodeJS.ProcessEnv;
  readonly user: { readonly uid: number; readonly gid: number } | undefined;
  readonly bin: string;
  ctl(...args: string[]): Promise<string>;
}

/** What a node needs besides the exported files, made in `scratch`: a home with its cookie, ports nobody else uses. */
export async function prepareRabbitmq(envFile: string, scratch: string): Promise<RabbitmqNode> {
  const user = process.getuid?.() === 0 ? await rabbitmqUser() : undefined;
  await rabbitmqUser();
  const [home, bin] = [join(scratch, 'home'), join(scratch, 'bin')];
  await mkdir(home, { recursive: true, mode: 0o700 });
  await mkdir(bin, { recursive: true });
  if (user) await chown(home, user.uid, user.gid);
  const env = {
    PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin',
    LANG: 'C.UTF-8',
    // its schedulers otherwise spin while they wait for work, on processors that other tests need
    ERL_AFLAGS: '+sbwt none +sbwtdcpu none +sbwtdio none',
    HOME: home,
    RABBITMQ_CONF_ENV_FILE: envFile,
    ERL_EPMD_PORT: String(await freePort()),
    RABBITMQ_DIST_PORT: String(await freePort()),
    RABBITMQ_CTL_DIST_PORT_MIN: String(await freePort()),
  };
  const assignments = Object.entries(env).map(([name, value]) => `${name}='${value}'`);
  for (const program of ['rabbitmqctl', 'rabbitmq-plugins']) {
    // Debian runs the second one as root, and a cookie of root's would be none for the broker
    const its = program === 'rabbitmqctl' ? '' : ` HOME='${bin}'`;
    await writeFile(join(bin, program), `#!/bin/sh\nexec env ${assignments.join(' ')}${its} ${scripts}/${program} "$@"\n`);
    await chmod(join(bin, program), 0o755);
  }
  const ctl = async (...args: string[]) =>
    (await run(`${scripts}/rabbitmqctl`, ['--quiet', ...args], { env, cwd: home, ...user, timeout: patience })).stdout;
  return { env, user, bin, ctl };
}

/** Stands for the folders in which Debian's package looks, where a kit is a part of its configuration. */
export async function debianPlaces(file: string, folders: { directory: string; data: string; log: string }): Promise<void> {
  const { directory, data, log } = folders;
  await writeFile(
    file,
    [
      `CONFIG_FILE='${directory}/rabbitmq.conf'`,
      `CONFIG_FILES='${directory}/conf.d'`,
      `ADVANCED_CONFIG_FILE='${directory}/advanced.config'`,
      `ENABLED_PLUGINS_FILE='${directory}/enabled_plugins'`,
      `MNESIA_BASE='${data}/mnesia'`,
      `LOG_BASE='${log}'`,
      'NODENAME=rabbit@localhost',
      'export ERL_EPMD_ADDRESS=127.0.0.1',
      `SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}'`,
      '',
    ].join('\n'),
  );
}

/** A folder of this machine that the broker finds at another place: what a container mounts. */
export interface Mount {
  readonly source: string;
  readonly target: string;
}

/**
 * Starts the installed RabbitMQ with the files that `envFile` names, exactly as they are, and waits until it serves. `mounts`:
 * it sees these folders where a container would (mount namespace, needs root).
 */
export async function startRabbitmq(envFile: string, scratch: string, mounts: readonly Mount[] = []): Promise<RunningRabbitmq> {
  const node = await prepareRabbitmq(envFile, scratch);
  const here = (path: string) => {
    const mount = mounts.find(({ target }) => path.startsWith(`${target}/`));
    return mount ? mount.source + path.slice(mount.target.length) : path;
  };
  const value = (name: string, text: string) => new RegExp(`^${name} *= *'?([^'\n]+)`, 'm').exec(text)?.[1] ?? '';
  const env = await readFile(envFile, 'utf8');
  const main = here(value('CONFIG_FILE', env));
  const more = value('CONFIG_FILES', env);
  const pieces = more === '' ? [] : (await readdir(more).catch(() => [])).map((name) => join(more, name));
  const conf = (await Promise.all([main, ...pieces].map(text))).join('\n');
  const port = Number(/^mqtt\.listeners\.ssl\.default = (?:.*:)?(\d+)$/m.exec(conf)?.[1]);
  const logFile = here(
    conf.includes('log.file = ')
      ? join(value('log\\.dir', conf), value('log\\.file', conf))
      : join(value('LOG_BASE', env), `${value('NODENAME', env)}.log`),
  );
  const before = (await text(logFile)).length;
  const options = { env: node.env, cwd: node.env['HOME'], stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] };
  const epmd = spawn('epmd', ['-address', '127.0.0.1', '-port', String(node.env['ERL_EPMD_PORT'])], { ...options, ...node.user });
  const child =
    mounts.length === 0
      ? spawn(`${scripts}/rabbitmq-server`, [], { ...options, ...node.user })
      : spawn('unshare', ['--mount', 'sh', '-ec', inNamespace(mounts, node.user)], options);
  let printed = '';
  const print = (chunk: Buffer | string) => {
    printed += chunk.toString();
  };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', print);
  for (const process of [child, epmd]) process.on('error', (error) => print(`${error.message}\n`));
  const stop = async () => {
    await stopped(child);
    await stopped(epmd);
  };
  const deadline = Date.now() + patience;
  // it listens a moment before rabbitmqctl is answered
  const serves = async () => (await text(logFile)).slice(before).includes('Server startup complete') && (await listens(port));
  while (!(await serves())) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined || Date.now() > deadline) {
      await stop();
      throw new Error(`RabbitMQ did not start:\n${printed.slice(-4_000)}\n${(await text(logFile)).slice(-4_000)}`);
    }
    await wait(100);
  }
  return { port, pid: child.pid ?? 0, log: () => text(logFile), ctl: node.ctl, bin: node.bin, stop };
}

function inNamespace(mounts: readonly Mount[], user: RabbitmqNode['user']): string {
  if (!user) throw new Error('mounts need root');
  return [
    ...mounts.map(({ source, target }) => `mount --bind '${source}' '${target}'`),
    `exec setpriv --reuid=${user.uid} --regid=${user.gid} --clear-groups ${scripts}/rabbitmq-server`,
  ].join('\n');
}

async function text(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await gone;
  clearTimeout(late);
}
