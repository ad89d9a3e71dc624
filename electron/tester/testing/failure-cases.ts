import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createTcpServer, type Server } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { promisify } from 'node:util';
import type { ConnectionCause } from '../../../shared/model/connection.ts';
import { makeTestAuthority } from '../../broker/testing/certificates.ts';
import { freePort, type RunningMosquitto, startMosquitto } from '../../broker/testing/mosquitto.ts';
import { issueDated } from './dated-certificate.ts';

const run = promisify(execFile);

/** A connection that cannot come about, for a real reason, and what has to be said of it. */
export interface FailureCase {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly identity: { readonly id: string; readonly certificateChain: string; readonly key: string; readonly ca: string };
  /** `connected` for those that come about after all. */
  readonly expected: ConnectionCause | 'connected';
  readonly alert?: number;
  readonly protocolVersion?: 4 | 5;
  /** Version of TLS where it is not 1.3. */
  readonly tls?: string;
}

/** How long a silent peer is waited for in these cases, ms. */
export const patienceOfCases = 1_500;

/** Starts brokers and things that are no brokers in `folder`; gives the cases and what ends them all. */
export async function startFailureCases(folder: string) {
  await chmod(folder, 0o755);
  const ours = await makeTestAuthority(join(folder, 'ours'));
  // the same name, as when somebody makes the CA once more
  const other = await makeTestAuthority(join(folder, 'other'));
  const brokers: RunningMosquitto[] = [];
  const servers: Server[] = [];

  const broker = async (name: string, server: { certificate: string; key: string } | null, crl: string, extra = '') => {
    const port = await freePort();
    const home = join(folder, name);
    await mkdir(home, { mode: 0o777 });
    await chmod(home, 0o777);
    const file = async (part: string, text: string) => {
      await writeFile(join(home, part), text);
      return join(home, part);
    };
    const tls = server && [
      `cafile ${await file('ca.crt', ours.ca)}`,
      `certfile ${await file('server.crt', server.certificate)}`,
      `keyfile ${await file('server.key', server.key)}`,
      `crlfile ${await file('crl.pem', crl)}`,
      'require_certificate true',
      'use_identity_as_username true',
    ];
    const lines = [
      'allow_anonymous true',
      `log_dest file ${join(home, 'log')}`,
      'log_type all',
      `listener ${port}`,
      ...(tls ?? []),
      extra,
    ];
    brokers.push(await startMosquitto(await file('mosquitto.conf', `${lines.join('\n')}\n`)));
    return port;
  };
  const listen = (server: Server): Promise<number> => {
    servers.push(server);
    return new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
    });
  };

  const client = await ours.issue('client');
  const revoked = await ours.issue('revoked');
  await ours.revoke('revoked');
  const stranger = await other.issue('client');
  const wrongUse = await ours.issue('wrong-use', 'serverAuth');
  const expired = await issueDated(ours, 'expired', 'clientAuth', '20200101000000Z', '20210101000000Z');
  const early = await issueDated(ours, 'early', 'clientAuth', '20400101000000Z', '20410101000000Z');
  const server = await ours.issue('server', 'serverAuth');
  const crl = await ours.crl();
  await run(
    'openssl',
    [
      'ca',
      '-config',
      'openssl.cnf',
      '-keyfile',
      'ca.key',
      '-cert',
      'ca.crt',
      '-gencrl',
      '-crl_lastupdate',
      '20200101000000Z',
      '-crl_nextupdate',
      '20210101000000Z',
      '-out',
      'old.pem',
    ],
    { cwd: ours.folder },
  );
  const oldCrl = await readFile(join(ours.folder, 'old.pem'), 'utf8');
  const selfSigned = join(folder, 'self');
  await mkdir(selfSigned);
  await run(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      'k',
      '-out',
      'c',
      '-subj',
      '/CN=localhost',
      '-addext',
      'subjectAltName=IP:127.0.0.1',
    ],
    { cwd: selfSigned },
  );

  const good = await broker('good', server, crl);
  const tls12 = await broker('tls12', server, crl, 'ciphers_tls1.3 TLS_AES_128_CCM_8_SHA256');
  const ports = {
    untrusted: await broker('untrusted', await other.issue('server', 'serverAuth'), crl),
    selfSigned: await broker(
      'selfsigned',
      { certificate: await readFile(join(selfSigned, 'c'), 'utf8'), key: await readFile(join(selfSigned, 'k'), 'utf8') },
      crl,
    ),
    expired: await broker(
      'expired',
      await issueDated(ours, 'old-server', 'serverAuth', '20200101000000Z', '20210101000000Z'),
      crl,
    ),
    early: await broker('early', await issueDated(ours, 'early-server', 'serverAuth', '20400101000000Z', '20410101000000Z'), crl),
    purpose: await broker(
      'purpose',
      await issueDated(ours, 'client-as-server', 'clientAuth', '20200101000000Z', '20400101000000Z'),
      crl,
    ),
    oldCrl: await broker('oldcrl', server, oldCrl),
    plain: await broker('plain', null, crl),
    nobody: await freePort(),
    http: await listen(createHttpServer((_q, answer) => void answer.end('hello'))),
    ssh: await listen(createTcpServer((socket) => void socket.on('error', () => undefined).end('SSH-2.0-OpenSSH_9.2\r\n'))),
    silent: await listen(createTcpServer((socket) => void socket.on('error', () => undefined))),
  };
  const tlsOptions = { cert: server.certificate, key: server.key, ca: ours.ca, requestCert: true };
  const mqtt = (answer: (version: number) => string | null, options: TlsOptions = {}) =>
    listen(
      createTlsServer({ ...tlsOptions, ...options }, (socket) => {
        socket.on('error', () => undefined);
        // the protocol level stands after the name "MQTT" (MQTT 5 §3.1.2.2)
        socket.once('data', (connect: Buffer) => {
          const bytes = answer(connect[8] ?? 0);
          if (bytes === null) socket.end();
          else socket.write(Buffer.from(bytes, 'hex'));
        });
      }),
    );
  const old = await mqtt((version) => (version === 5 ? '20020001' : '20020000'));
  const oldSilent = await mqtt((version) => (version === 5 ? null : '20020000'));
  const mute = await mqtt(() => '');
  const web = await mqtt(() => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n').toString('hex'));
  const tls12Good = await mqtt(() => '2003000000', { maxVersion: 'TLSv1.2' });
  const stranger12 = await other.issue('server12', 'serverAuth');
  const tls12Untrusted = await mqtt(() => '2003000000', {
    maxVersion: 'TLSv1.2',
    cert: stranger12.certificate,
    key: stranger12.key,
  });
  const tls12Strict = await mqtt(() => '2003000000', { maxVersion: 'TLSv1.2', rejectUnauthorized: true });
  const refusing = (code: string) => mqtt(() => `2003 00 ${code} 00`.replaceAll(' ', ''));

  const as = (who: { certificate: string; key: string }, id = 'client') => ({
    id,
    certificateChain: who.certificate,
    key: who.key,
    ca: ours.ca,
  });
  const me = as(client);
  const at = (name: string, port: number, expected: FailureCase['expected'], more: Partial<FailureCase> = {}): FailureCase => ({
    name,
    host: '127.0.0.1',
    port,
    identity: me,
    expected,
    ...more,
  });
  const cases: FailureCase[] = [
    at('a good broker', good, 'connected', { protocolVersion: 5 }),
    at('by name', good, 'connected', { host: 'localhost', protocolVersion: 5 }),
    at('a name that does not exist', good, 'name-not-found', { host: 'no-such-host.invalid' }),
    at('nobody listens', ports.nobody, 'refused'),
    at('nobody listens, by name', ports.nobody, 'refused', { host: 'localhost' }),
    at('opens and says nothing', ports.silent, 'no-answer'),
    at('TLS and then silence', mute, 'no-connack'),
    at('plain MQTT', ports.plain, 'plain-port'),
    at('a web server without TLS', ports.http, 'not-tls'),
    at('another service', ports.ssh, 'not-tls'),
    at('a web server with TLS', web, 'not-mqtt'),
    at('a broker of an authority made anew under the same name', ports.untrusted, 'broker-authority-recreated'),
    at('a broker that signed itself', ports.selfSigned, 'broker-self-signed'),
    at('an expired broker', ports.expired, 'broker-expired'),
    at('a broker of the future', ports.early, 'broker-not-yet-valid'),
    at('an address that the certificate lacks', good, 'broker-name-mismatch', { host: '127.0.0.2' }),
    at('a client certificate on the broker', ports.purpose, 'broker-purpose'),
    at('a client of another authority', good, 'client-certificate-unknown-authority', { identity: as(stranger), alert: 48 }),
    at('a revoked client', good, 'client-certificate-revoked', { identity: as(revoked), alert: 44 }),
    at('an expired client', good, 'client-certificate-expired', { identity: as(expired), alert: 45 }),
    at('an expired revocation list', ports.oldCrl, 'broker-list-ended', { alert: 45 }),
    at('a client of the future', good, 'client-certificate-not-yet-valid', { identity: as(early), alert: 42 }),
    at('a client without clientAuth', good, 'client-certificate-unsupported', { identity: as(wrongUse), alert: 43 }),
    at('key and certificate of two', good, 'key-mismatch', { identity: { ...me, key: revoked.key } }),
    at('a broker that speaks 3.1.1 and says so', old, 'connected', { protocolVersion: 4 }),
    at('a broker that speaks 3.1.1 and hangs up', oldSilent, 'connected', { protocolVersion: 4 }),
    at('CONNACK 134', await refusing('86'), 'credentials'),
    at('CONNACK 135', await refusing('87'), 'not-authorized'),
    at('CONNACK 133', await refusing('85'), 'client-id-rejected'),
    at('CONNACK 137', await refusing('89'), 'server-busy'),
    at('TLS 1.2', tls12Good, 'connected', { protocolVersion: 5, tls: 'TLSv1.2' }),
    at('TLS 1.2, a broker of an authority made anew', tls12Untrusted, 'broker-authority-recreated'),
    at('TLS 1.2, a client of another authority', tls12Strict, 'closed-during-tls', { identity: as(stranger) }),
    at('no common cipher', tls12, 'no-common-cipher', { alert: 40 }),
  ];
  return {
    cases,
    /** For further cases with the same brokers (doctor-cases.ts). */
    ours,
    other,
    client,
    server,
    crl,
    ports: { ...ports, good },
    broker,
    listen,
    mqtt,
    refusing,
    async close() {
      for (const one of servers) one.close();
      await Promise.all(brokers.map((one) => one.stop()));
    },
  };
}
