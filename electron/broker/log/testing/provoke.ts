import { execFile } from 'node:child_process';
import { appendFile, chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { makeTestAuthority, type TestIdentity } from '../../testing/certificates.ts';
import { freePort, startMosquitto } from '../../testing/mosquitto.ts';

const run = promisify(execFile);

export interface ProvokedLog {
  /** The broker's log, with everything in it that was provoked. */
  readonly file: string;
  readonly text: string;
  /** Ports of the listeners: mutual TLS, and a plain one with passwords. */
  readonly ports: { readonly tls: number; readonly plain: number; readonly narrow: number };
}

/** A CONNECT of MQTT 3.1.1 (level 4) or 5, §3.1. `keepAlive` in seconds. */
function connectPacket(options: {
  readonly id: string;
  readonly level?: 4 | 5;
  readonly user?: string;
  readonly password?: string;
  readonly keepAlive?: number;
  readonly cleanStart?: boolean;
}): Buffer {
  const { id, level = 5, user, password, keepAlive = 60, cleanStart = true } = options;
  const flags = (cleanStart ? 2 : 0) | (user === undefined ? 0 : 0x80) | (password === undefined ? 0 : 0x40);
  const field = (text: string) => {
    const bytes = Buffer.from(text);
    return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);
  };
  // a session that outlives its connection: session expiry interval, §3.1.2.11.2
  const properties = level === 4 ? [] : cleanStart ? [0] : [5, 0x11, 0, 0, 255, 255];
  const body = Buffer.concat([
    field('MQTT'),
    Buffer.from([level, flags, keepAlive >> 8, keepAlive & 255, ...properties]),
    field(id),
    ...(user === undefined ? [] : [field(user)]),
    ...(password === undefined ? [] : [field(password)]),
  ]);
  return packet(0x10, body);
}

function packet(type: number, body: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = body.length; ; rest >>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  return Buffer.concat([Buffer.from([type, ...length]), body]);
}

/** PUBLISH of MQTT 5 with QoS 1 (§3.3). */
function publishPacket(topic: string, bytes: number, identifier = 1): Buffer {
  const name = Buffer.from(topic);
  const head = [name.length >> 8, name.length & 255];
  return packet(0x32, Buffer.concat([Buffer.from(head), name, Buffer.from([0, identifier, 0]), Buffer.alloc(bytes, 120)]));
}

/** SUBSCRIBE of MQTT 5 with QoS 1 (§3.8). */
function subscribePacket(filter: string): Buffer {
  const name = Buffer.from(filter);
  return packet(0x82, Buffer.concat([Buffer.from([0, 7, 0, name.length >> 8, name.length & 255]), name, Buffer.from([1])]));
}

/**
 * Starts a broker whose log says everything, provokes each kind of line that one broker can be made to write, and ends it. Works with
 * Mosquitto 2.0 and 2.1. What came is waited for in the log, never slept for.
 */
export async function provokeLog(
  folder: string,
  options: { readonly binary?: string | undefined; readonly timestamp?: string } = {},
): Promise<ProvokedLog> {
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
  const ours = await makeTestAuthority(join(folder, 'ours'));
  const other = await makeTestAuthority(join(folder, 'other'));
  const meter = await ours.issue('meter-001');
  const revoked = await ours.issue('meter-009');
  await ours.revoke('meter-009');
  const stranger = await other.issue('meter-002');
  const server = await ours.issue('server', 'serverAuth');
  const home = join(folder, 'home');
  await mkdir(home);
  await chmod(home, 0o777);
  const put = async (name: string, text: string) => {
    await writeFile(join(home, name), text);
    await chmod(join(home, name), 0o644);
    return join(home, name);
  };
  const tls = await freePort();
  const plain = await freePort();
  const narrow = await freePort();
  const file = join(home, 'mosquitto.log');
  const lines = [
    'per_listener_settings true',
    `log_dest file ${file}`,
    'log_type all',
    ...(options.timestamp === undefined ? [] : [`log_timestamp_format ${options.timestamp}`]),
    'max_packet_size 2000',
    'max_queued_messages 1',
    'max_inflight_messages 1',
    `listener ${tls}`,
    `cafile ${await put('ca.crt', ours.ca)}`,
    `certfile ${await put('server.crt', server.certificate)}`,
    `keyfile ${await put('server.key', server.key)}`,
    `crlfile ${await put('crl.pem', await ours.crl())}`,
    `acl_file ${await put('acl', 'pattern readwrite lab/energy/%u\n')}`,
    'require_certificate true',
    'use_identity_as_username true',
    'use_username_as_clientid true',
    `listener ${plain}`,
    'allow_anonymous false',
    // nobody's password is in it: whoever comes is refused
    `password_file ${await put('passwd', '')}`,
    `listener ${narrow}`,
    'allow_anonymous true',
    `acl_file ${await put('acl-open', 'topic readwrite #\npattern readwrite u/%u\n')}`,
    'max_connections 2',
  ];
  const broker = await startMosquitto(await put('mosquitto.conf', `${lines.join('\n')}\n`), {
    ...(options.binary === undefined ? {} : { binary: options.binary }),
  });
  const count = async (what: RegExp) => [...(await broker.log()).matchAll(new RegExp(what, 'g'))].length;
  /** Does something and waits until the log has one more line of this kind. */
  const until = async (what: RegExp, act: () => unknown) => {
    const before = await count(what);
    const result = await act();
    for (let tries = 0; (await count(what)) <= before; tries++) {
      if (tries > 400) throw new Error(`the broker did not write ${what}:\n${await broker.log()}`);
      await wait(25);
    }
    return result;
  };
  const open: Socket[] = [];
  const keep = <S extends Socket>(socket: S): S => {
    socket.on('error', () => undefined);
    open.push(socket);
    return socket;
  };
  const raw = (port: number) => keep(connect(port, '127.0.0.1'));
  const secure = (who: TestIdentity | null): TLSSocket =>
    keep(connectTls({ port: tls, host: '127.0.0.1', ca: ours.ca, ...(who && { cert: who.certificate, key: who.key }) }));
  try {
    // comes, says goodbye; comes, is killed; comes twice
    const first = secure(meter);
    await until(/New client connected .* as meter-001/, () => first.write(connectPacket({ id: 'x' })));
    await until(/Client meter-001.* disconnected/, () => first.write(packet(0xe0, Buffer.alloc(0))));
    const second = secure(meter);
    await until(/New client connected .* as meter-001/, () => second.write(connectPacket({ id: 'x', level: 4 })));
    await until(/Client meter-001.*(closed its connection|connection closed by client)/, () => second.destroy());
    for (let turn = 0; turn < 4; turn++) {
      const next = secure(meter);
      await until(/New client connected .* as meter-001/, () => next.write(connectPacket({ id: 'x' })));
    }
    // what the access list denies, and what is too large
    const talker = open[open.length - 1] as Socket;
    await until(/Denied PUBLISH/, () => talker.write(publishPacket('lab/energy/meter-002', 1)));
    await until(/oversize packet/, () => talker.write(publishPacket('lab/energy/meter-001', 4_000)));
    // certificates that do not do
    for (let turn = 0; turn < 12; turn++)
      await until(/certificate verify failed/, () => secure(stranger).write(connectPacket({ id: 'x' })));
    await until(/certificate verify failed/, () => secure(revoked).write(connectPacket({ id: 'x' })));
    await until(/did not return a certificate|did not provide a certificate/, () => secure(null));
    // node:tls only looks at the broker's certificate when the handshake is over; openssl says at once what it thinks of it
    await until(/alert unknown ca/, () => distrust(tls, other.caFile));
    // no TLS at all, and a handshake that somebody gave up
    await until(/wrong version number|http request|did not connect using TLS/, () =>
      raw(tls).write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    );
    await until(/Client (<unknown> closed its connection|127.* connection closed by client)/, () => raw(plain).end());
    // passwords
    await until(/not authorised/i, () =>
      raw(plain).write(connectPacket({ id: 'guest', level: 4, user: 'guest', password: 'x' })),
    );
    await until(/(p|P)rotocol error|malformed packet/, () => raw(plain).write(Buffer.from('ffffffff', 'hex')));
    // a name that could be a filter; a keep alive that runs out; more than the listener takes
    await until(/New client connected .* as danger/, async () => raw(narrow).write(connectPacket({ id: 'danger', user: 'a+b' })));
    await until(/dangerous username/, () => (open[open.length - 1] as Socket).write(publishPacket('any', 1)));
    (open[open.length - 1] as Socket).destroy();
    await until(/exceeded timeout/, () => raw(narrow).write(connectPacket({ id: 'silent', keepAlive: 1 })));
    const slow = raw(narrow);
    await until(/New client connected .* as slow/, () => slow.write(connectPacket({ id: 'slow', cleanStart: false })));
    await until(/Sending SUBACK to slow/, () => slow.write(subscribePacket('many')));
    await until(/Client slow.*(closed its connection|connection closed by client)/, () => slow.destroy());
    const busy = raw(narrow);
    await until(/New client connected .* as busy/, () => busy.write(connectPacket({ id: 'busy' })));
    await until(/being dropped for client slow/, () => {
      for (let turn = 1; turn <= 20; turn++) busy.write(publishPacket('many', 1, turn));
    });
    raw(narrow);
    await until(/max_connections exceeded/, () => {
      for (let turn = 0; turn < 3; turn++) raw(narrow);
    });
    await until(/Reloading config/, () => broker.hangup());
    return { file, text: await ended(), ports: { tls, plain, narrow } };
  } finally {
    for (const socket of open) socket.destroy();
    await broker.stop();
  }

  async function ended(): Promise<string> {
    for (const socket of open) socket.destroy();
    await broker.stop();
    return readFile(file, 'utf8');
  }
}

/** A client that does not trust the broker. It is refused by itself, so its exit status is no error. */
async function distrust(port: number, caFile: string): Promise<void> {
  const options = ['-verify_return_error', '-verify', '3', '-CAfile', caFile];
  await run('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...options]).catch(() => undefined);
}

/** Adds lines to a log as another process would. */
export async function appendLines(file: string, lines: readonly string[]): Promise<void> {
  await appendFile(file, lines.map((line) => `${line}\n`).join(''));
}
