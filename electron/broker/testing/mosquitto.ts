import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export interface RunningMosquitto {
  readonly pid: number;
  readonly port: number;
  /** Everything that the broker has written since it was started: log file, then standard output and error. */
  log(): Promise<string>;
  /** The user that the broker runs as now, from the kernel (Linux). */
  uid(): Promise<number>;
  hangup(): void;
  /** Ends the broker by its process id and waits until it is gone. */
  stop(): Promise<void>;
}

export interface MosquittoOptions {
  /** Another binary than the installed one, e.g. Mosquitto 2.1 from FIELDKEY_MOSQUITTO_21. */
  readonly binary?: string | undefined;
  /** Start as this user at once, as the unit of Mosquitto 2.1 does; otherwise started as whoever runs the test. */
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** A folder of makeBrokerTree that is the broker's whole machine; the configuration is named as it is called there. */
  readonly root?: string | undefined;
}

const candidates = [
  '/usr/sbin/mosquitto',
  '/usr/local/sbin/mosquitto',
  '/opt/homebrew/sbin/mosquitto',
  '/usr/local/opt/mosquitto/sbin/mosquitto',
];

/** Path of the installed broker, or an error that says how to install it: these tests are never skipped. */
export function installedMosquitto(): string {
  const found = candidates.find((path) => existsSync(path));
  if (found) return found;
  throw new Error(
    'Mosquitto is not installed. Debian and Ubuntu: apt-get install -y mosquitto mosquitto-clients. macOS: brew install mosquitto',
  );
}

/**
 * A port of the loopback interface that nobody uses. From below those that systems hand out by themselves: another test, or the
 * other end of any connection, would be given the same one before the broker has taken it.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_768);
    if ((await isReserved(port)) && (await isFree(port))) return port;
  }
}

/** Longer than any test takes. */
const reservation = 3_600_000;

/** Tests run beside each other, and some programs take seconds until they listen: whoever was given a port keeps it. */
async function isReserved(port: number): Promise<boolean> {
  const folder = join(tmpdir(), 'fieldkey-ports');
  const file = join(folder, String(port));
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(file, '', { flag: 'wx' });
    return true;
  } catch {
    const since = await stat(file).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    );
    if (since < reservation) return false;
    await writeFile(file, '');
    return true;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** The ids of the user mosquitto, from /etc/passwd. */
export async function mosquittoUser(): Promise<{ uid: number; gid: number }> {
  const line = (await readFile('/etc/passwd', 'utf8')).split('\n').find((entry) => entry.startsWith('mosquitto:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  if (uid === undefined || gid === undefined) throw new Error('there is no user mosquitto: install the package mosquitto');
  return { uid: Number(uid), gid: Number(gid) };
}

/**
 * Starts a broker with an exported configuration, exactly as it is, and waits until it says that it runs. Started by root
 * it becomes the user mosquitto by itself. The configuration has to log `notice` to a file.
 */
export async function startMosquitto(conf: string, options: MosquittoOptions = {}): Promise<RunningMosquitto> {
  const { root = '' } = options;
  const text = await configurationText(root, conf);
  const named = /^log_dest file (.+)$/m.exec(text)?.[1];
  const port = Number(/^listener (\d+)/m.exec(text)?.[1]);
  if (!named || !port) throw new Error(`${conf} names no log file or no listener`);
  const logFile = join(root, named);
  // a second start appends to the log of the first one
  const skip = await stat(logFile).then(
    (s) => s.size,
    () => 0,
  );
  const as = options.user ? [`--userspec=${options.user.uid}:${options.user.gid}`] : [];
  const [program, args, user] = root
    ? ['chroot', [...as, root, '/usr/sbin/mosquitto', '-c', conf], undefined]
    : [options.binary ?? installedMosquitto(), ['-c', conf], options.user];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...user });
  let printed = '';
  const collect = (chunk: Buffer) => {
    printed += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  child.on('error', collectError);
  function collectError(error: Error): void {
    printed += `${error.message}\n`;
  }
  const log = async () => {
    const written = await readFile(logFile).catch(() => Buffer.alloc(0));
    return written.subarray(skip).toString() + printed;
  };
  await running(child, log);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`Mosquitto did not start:\n${printed}`);
  return {
    pid,
    port,
    log,
    uid: async () => Number(/^Uid:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]),
    hangup: () => void child.kill('SIGHUP'),
    stop: () => stopped(child),
  };
}

/** A configuration with what it includes. */
async function configurationText(root: string, conf: string): Promise<string> {
  const text = await readFile(join(root, conf), 'utf8');
  const folder = /^include_dir (.+)$/m.exec(text)?.[1];
  if (!folder) return text;
  const names = (await readdir(join(root, folder))).filter((name) => name.endsWith('.conf')).sort();
  const parts = await Promise.all(names.map((name) => readFile(join(root, folder, name), 'utf8')));
  return [text, ...parts].join('\n');
}

const patience = 10_000;

async function running(child: ChildProcess, log: () => Promise<string>): Promise<void> {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    if (/mosquitto version \S+ running/.test(await log())) return;
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      // what it printed last may still be on its way
      await wait(50);
      throw new Error(`Mosquitto did not start (exit ${child.exitCode ?? child.signalCode}):\n${await log()}`);
    }
    await wait(20);
  }
  await stopped(child);
  throw new Error(`Mosquitto did not say that it runs within ${patience} ms:\n${await log()}`);
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await gone;
  clearTimeout(late);
}
