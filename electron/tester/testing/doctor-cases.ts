import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { promisify } from 'node:util';
import { connect as connectMqtt } from 'mqtt';
import type { DoctorReport, DoctorTransport } from '../../../shared/model/doctor.ts';
import type { DoctorCode } from '../../../shared/model/doctor-findings.ts';
import { makeTestAuthority, type TestAuthority } from '../../broker/testing/certificates.ts';
import type { DiagnoseOrder } from '../doctor/order.ts';
import { type FailureCase, startFailureCases } from './failure-cases.ts';

const run = promisify(execFile);

/** A row of the table "symptom, cause, fix", produced on this machine, and what the doctor has to say of it. */
export interface DoctorCase {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly transport: DoctorTransport;
  readonly serverName: string | null;
  /** Texts or, for DER, base64. */
  readonly certificate: Given;
  readonly key: Given;
  readonly authorities: Given;
  readonly passphrase: string | null;
  readonly clientId: string;
  readonly login: { readonly username: string; readonly password: string } | null;
  /** PEM of authorities that a project knows besides those that are trusted; null = there is no project. */
  readonly known: string | null;
  /** The verdict's cause; `works` = there is none. */
  readonly expected: DoctorCode | 'works';
  /** Where the two TLS libraries are not of one mind: what is said inside Electron. */
  readonly electron?: DoctorCode | 'works';
  readonly alternatives?: readonly DoctorCode[];
  readonly alert?: number;
  /** Findings that have to be among those that are told. */
  readonly remarks?: readonly DoctorCode[];
  readonly tls?: 'TLSv1.2' | 'TLSv1.3';
  /** Is watched for a while, since what it is about takes its time. */
  readonly patient?: boolean;
}
type Given = { readonly text: string } | { readonly base64: string } | null;

/** The order for a case; `bytes` are made where it runs, since it crosses processes as JSON. */
export function orderOf(one: DoctorCase, runId: string): DiagnoseOrder {
  const bytes = (given: Given) =>
    given === null ? null : new Uint8Array('text' in given ? Buffer.from(given.text) : Buffer.from(given.base64, 'base64'));
  const { host, port, transport, serverName, passphrase, clientId, login, known } = one;
  const certificate = bytes(one.certificate);
  return {
    runId,
    host,
    port,
    transport,
    serverName,
    quick: one.patient !== true,
    identity: {
      kind: certificate ? 'files' : login ? 'password' : 'none',
      clientId,
      deviceId: null,
      certificate,
      key: bytes(one.key),
      passphrase,
      authorities: bytes(one.authorities),
      login,
    },
    connection: null,
    project:
      known === null
        ? null
        : {
            name: 'lab',
            client: null,
            nextUpdate: null,
            broker: null,
            authorities: known,
            places: [],
            port,
            warnDays: 5,
            knownTime: null,
          },
    systemTopics: null,
    filters: ['fieldkey-doctor/case'],
    trips: [{ from: 'self', to: 'self', topic: 'fieldkey-doctor/case' }],
    observer: null,
    access: null,
    refusals: [],
  };
}

/** What was said of a case, beside what has to be said; only what the case is about. `electron`: seen from inside it. */
export function compared(
  one: DoctorCase,
  { verdict, steps }: DoctorReport,
  electron: boolean,
): { found: unknown; expected: unknown } {
  const { code = 'works', alternatives = [], alert = null, raw = '' } = verdict.cause ?? {};
  const told = new Set(steps.flatMap(({ findings }) => findings.map((finding) => finding.code)));
  const expected = electron ? (one.electron ?? one.expected) : one.expected;
  const protocol = steps.flatMap((step) => (step.step === 'tls' ? [step.evidence?.protocol] : []))[0];
  const works = expected === 'works';
  return {
    found: {
      code,
      ...(code === expected ? {} : { raw }),
      ...(one.alternatives ? { alternatives } : {}),
      ...(one.alert === undefined ? {} : { alert }),
      ...(one.remarks && works === (one.expected === 'works') ? { remarks: one.remarks.filter((each) => told.has(each)) } : {}),
      ...(one.tls && works ? { protocol } : {}),
    },
    expected: {
      code: expected,
      ...(one.alternatives ? { alternatives: one.alternatives } : {}),
      ...(one.alert === undefined ? {} : { alert: one.alert }),
      ...(one.remarks && works === (one.expected === 'works') ? { remarks: one.remarks } : {}),
      ...(one.tls && works ? { protocol: one.tls } : {}),
    },
  };
}

/** All cases, with the brokers behind them; `failures` are those of plain connections, on the same brokers. `close` ends those. */
export async function startDoctorCases(
  folder: string,
): Promise<{ failures: FailureCase[]; cases: DoctorCase[]; close: () => Promise<void> }> {
  const lab = await startFailureCases(folder);
  const { ours, client, server, crl, ports, broker, listen, refusing, mqtt } = lab;
  const base = {
    host: '127.0.0.1',
    port: ports.good,
    transport: 'mqtts',
    serverName: null,
    certificate: { text: client.certificate },
    key: { text: client.key },
    authorities: { text: ours.ca },
    passphrase: null,
    clientId: 'client',
    login: null,
    known: null,
  } as const;
  const at = (name: string, expected: DoctorCode | 'works', more: Partial<DoctorCase> = {}): DoctorCase => ({
    ...base,
    name,
    expected,
    ...more,
  });
  // sockets that accept and then know no more of MQTT are connected to, and no more
  const real = lab.cases.filter(({ expected, port }) => expected !== 'connected' || port === ports.good);
  const same = real.map(({ name, host, port, identity, expected, alert }) =>
    at(name, expected === 'connected' ? 'works' : expected, {
      host,
      port,
      certificate: { text: identity.certificateChain },
      key: { text: identity.key },
      authorities: { text: identity.ca },
      clientId: identity.id,
      ...(alert === undefined ? {} : { alert }),
    }),
  );
  const files = await oddFiles(join(folder, 'files'), ours, client);
  const strange = await makeAuthorityNamed(join(folder, 'strange'), 'Somebody Else');
  const strangeServer = await strange.issue('server', 'serverAuth');
  const middle = await intermediate(join(folder, 'middle'), ours);
  const noSignature = await serverWithout(join(folder, 'ours'), 'no-signature');
  const older = await olderTls(folder, () => broker('older', server, crl));
  const untrusted = await broker('strange-broker', strangeServer, crl);
  const rooted = await broker('rooted', { certificate: strangeServer.certificate + strange.ca, key: strangeServer.key }, crl);
  const short = await broker('short', middle.server, crl);
  const lax = await broker('lax', noSignature, crl);
  const limited = await broker('limited', server, crl, 'max_keepalive 20');
  const small = await broker('small', server, crl, 'max_packet_size 4096');
  const locked = await lockedBroker(lab, folder);
  const ancient = await listen(
    createTlsServer({
      cert: server.certificate,
      key: server.key,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    }),
  );
  const closing = await listen(
    createTcpServer((socket) => void socket.once('data', () => socket.destroy()).on('error', () => undefined)),
  );
  const noVersion = await mqtt((version) => (version === 5 ? '2003008400' : '20020001'));
  const silentMqtt = await mqtt(() => '2003000000');
  const twins = [
    await ours.issue('twin'),
    await ours.issue('revoked-12'),
    await ours.issue('wrong-use-12', 'serverAuth'),
  ] as const;
  const twin = connectMqtt({
    host: '127.0.0.1',
    port: ports.good,
    protocol: 'mqtts',
    ca: ours.ca,
    cert: twins[0].certificate,
    key: twins[0].key,
    clientId: 'twin',
    reconnectPeriod: 150,
  });
  twin.on('error', () => undefined);
  const as = ({ certificate, key }: { certificate: string; key: string }) => ({
    certificate: { text: certificate },
    key: { text: key },
  });
  const of12 = (name: string, expected: DoctorCode | 'works', more: Partial<DoctorCase> = {}) =>
    at(`TLS 1.2, ${name}`, expected, { port: older, tls: 'TLSv1.2', ...more });
  const identityOf = (name: string) => {
    const found = lab.cases.find((one) => one.name === name)?.identity;
    if (!found) throw new Error(`no case ${name}`);
    return { certificate: { text: found.certificateChain }, key: { text: found.key } };
  };
  const nobody = { certificate: null, key: null };
  const cases: DoctorCase[] = [
    ...same,
    // files
    at('an encrypted key without its passphrase', 'passphrase-missing', { key: { text: files.encrypted } }),
    at('an encrypted key with a wrong passphrase', 'passphrase-wrong', { key: { text: files.encrypted }, passphrase: 'wrong' }),
    at('an encrypted key with its passphrase', 'works', { key: { text: files.encrypted }, passphrase: 'secret' }),
    at('an older encrypted key without its passphrase', 'passphrase-missing', { key: { text: files.traditional } }),
    at('PKCS#12 with a wrong passphrase', 'passphrase-wrong', {
      certificate: { base64: files.pkcs12 },
      key: null,
      passphrase: 'wrong',
      alternatives: ['file-unreadable'],
    }),
    at('PKCS#12 without a passphrase', 'passphrase-missing', { certificate: { base64: files.pkcs12 }, key: null }),
    at('PKCS#12', 'works', { certificate: { base64: files.pkcs12 }, key: null, passphrase: 'secret' }),
    at('DER', 'works', {
      certificate: { base64: files.certificateDer },
      key: { base64: files.keyDer },
      remarks: ['file-converted'],
    }),
    at('certificate and key in one file', 'works', { certificate: { text: client.certificate + client.key }, key: null }),
    at('files swapped', 'file-unreadable', { certificate: { text: client.key }, key: { text: client.certificate } }),
    at('a key that was cut short', 'file-unreadable', { key: { text: 'nothing of a key' } }),
    at('an authority file without a certificate', 'authority-unreadable', { authorities: { text: 'hello' } }),
    at('a device as authority', 'authority-is-no-authority', { authorities: { text: client.certificate } }),
    at('a key on secp256k1', 'key-unsupported', as(files.koblitz)),
    at('RSA 1024', 'client-certificate-weak', as(files.short)),
    // TLS 1.3
    at('no certificate', 'client-certificate-required', { ...nobody, alert: 116 }),
    at('a broker of a strange authority', 'broker-untrusted', { port: untrusted, alternatives: ['broker-chain-incomplete'] }),
    at('a broker with a strange root', 'broker-other-root', { port: rooted }),
    at('a broker that leaves out a link of ours', 'broker-chain-incomplete', { port: short, known: middle.ca }),
    at('a broker whose key must not sign', 'works', {
      port: lax,
      electron: 'broker-key-usage',
      remarks: ['broker-key-usage-lax'],
    }),
    at('only TLS 1.1', 'protocol-version', { port: ancient, alert: 70 }),
    at('a closing proxy', 'closed-during-tls', { port: closing }),
    at('another server name', 'works', { host: '127.0.0.2', serverName: 'localhost', remarks: ['server-name-overridden'] }),
    // TLS 1.2, a real broker
    of12('a good broker', 'works'),
    of12('no certificate', 'client-certificate-required', { ...nobody, alert: 40 }),
    of12('a client of an authority made anew', 'client-certificate-unknown-authority', {
      ...identityOf('a client of another authority'),
      alert: 48,
    }),
    of12('a revoked client', 'client-certificate-revoked', { ...identityOf('a revoked client'), alert: 44 }),
    of12('an expired client', 'client-certificate-expired', {
      ...identityOf('an expired client'),
      alert: 45,
      remarks: ['client-ended'],
    }),
    of12('a client of the future', 'client-certificate-not-yet-valid', {
      ...identityOf('a client of the future'),
      alert: 42,
      remarks: ['client-not-begun'],
    }),
    of12('a client without clientAuth', 'client-certificate-unsupported', {
      ...identityOf('a client without clientAuth'),
      alert: 43,
      remarks: ['client-purpose'],
    }),
    of12('an address that the certificate lacks', 'broker-name-mismatch', { host: '127.0.0.2' }),
    // MQTT
    at('no login where one is wanted', 'not-authorized', { ...nobody, port: locked }),
    at('a wrong login', 'not-authorized', { ...nobody, port: locked, login: { username: 'somebody', password: 'guessed' } }),
    at('CONNACK 138', 'banned', { port: await refusing('8a') }),
    at('CONNACK 140', 'authentication-method', { port: await refusing('8c') }),
    at('CONNACK 149', 'packet-too-large', { port: await refusing('95') }),
    at('CONNACK 151', 'quota-exceeded', { port: await refusing('97') }),
    at('CONNACK 156', 'server-moved', { port: await refusing('9c') }),
    at('CONNACK 159', 'rate-limited', { port: await refusing('9f') }),
    at('no version of MQTT in common', 'mqtt-version', { port: noVersion }),
    at('accepted, and then silence', 'subscription-refused', { port: silentMqtt }),
    at('a lowered keep-alive', 'works', { port: limited, remarks: ['keep-alive-lowered'] }),
    at('a small limit for packets', 'works', { port: small, remarks: ['packet-limit'] }),
    at('a twin that comes back', 'taken-over', {
      ...as(twins[0]),
      clientId: 'twin',
      patient: true,
      alternatives: ['closed-by-broker'],
    }),
    // in the clear
    at('plain MQTT, asked for', 'works', { ...nobody, port: ports.plain, transport: 'mqtt', remarks: ['unencrypted'] }),
    at('TLS where plain was asked for', 'tls-port', { ...nobody, transport: 'mqtt' }),
    at('a web server that knows no MQTT', 'websocket-refused', { ...nobody, port: ports.http, transport: 'ws' }),
  ];
  return {
    failures: lab.cases,
    cases,
    async close() {
      await twin.endAsync(true);
      await lab.close();
    },
  };
}

/** Asks for a login and for no certificate. */
async function lockedBroker(lab: Awaited<ReturnType<typeof startFailureCases>>, folder: string): Promise<number> {
  const home = join(folder, 'locked-files');
  await mkdir(home, { mode: 0o755 });
  const file = async (name: string, text: string) => {
    await writeFile(join(home, name), text);
    return join(home, name);
  };
  const { server, ours } = lab;
  const lines = [
    `certfile ${await file('server.crt', server.certificate)}`,
    `keyfile ${await file('server.key', server.key)}`,
    `cafile ${await file('ca.crt', ours.ca)}`,
    'allow_anonymous false',
  ];
  return lab.broker('locked', null, lab.crl, `${lines.join('\n')}`);
}

/** What a broker offers whose OpenSSL is told to go no further than TLS 1.2. */
async function olderTls(folder: string, start: () => Promise<number>): Promise<number> {
  const file = join(folder, 'older.cnf');
  await writeFile(
    file,
    'openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = limits\n[limits]\nMaxProtocol = TLSv1.2\n',
  );
  const before = process.env['OPENSSL_CONF'];
  process.env['OPENSSL_CONF'] = file;
  try {
    return await start();
  } finally {
    if (before === undefined) delete process.env['OPENSSL_CONF'];
    else process.env['OPENSSL_CONF'] = before;
  }
}

/** The same identity in other forms, and identities of kinds that are not for today. */
async function oddFiles(folder: string, ours: TestAuthority, client: { certificateFile: string; keyFile: string }) {
  await mkdir(folder, { recursive: true });
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder });
  const text = (name: string) => readFile(join(folder, name), 'utf8');
  const base64 = async (name: string) => (await readFile(join(folder, name))).toString('base64');
  const { certificateFile, keyFile } = client;
  await openssl('pkcs8', '-topk8', '-in', keyFile, '-out', 'encrypted.key', '-passout', 'pass:secret');
  await openssl('ec', '-in', keyFile, '-aes128', '-passout', 'pass:secret', '-out', 'traditional.key');
  await openssl('pkcs12', '-export', '-in', certificateFile, '-inkey', keyFile, '-passout', 'pass:secret', '-out', 'client.p12');
  await openssl('x509', '-in', certificateFile, '-outform', 'DER', '-out', 'client.der');
  await openssl('pkcs8', '-topk8', '-nocrypt', '-in', keyFile, '-outform', 'DER', '-out', 'key.der');
  const signing = [
    '-CA',
    join(ours.folder, 'ca.crt'),
    '-CAkey',
    join(ours.folder, 'ca.key'),
    '-days',
    '10',
    '-extfile',
    join(ours.folder, 'openssl.cnf'),
    '-extensions',
    'clientAuth',
  ];
  const odd = async (name: string, serial: string, ...newKey: string[]) => {
    await openssl(
      'req',
      '-new',
      '-newkey',
      ...newKey,
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-subj',
      `/CN=${name}`,
      '-out',
      `${name}.csr`,
      '-config',
      join(ours.folder, 'openssl.cnf'),
    );
    await openssl('x509', '-req', '-in', `${name}.csr`, ...signing, '-set_serial', serial, '-out', `${name}.crt`);
    return { certificate: await text(`${name}.crt`), key: await text(`${name}.key`) };
  };
  return {
    encrypted: await text('encrypted.key'),
    traditional: await text('traditional.key'),
    pkcs12: await base64('client.p12'),
    certificateDer: await base64('client.der'),
    keyDer: await base64('key.der'),
    koblitz: await odd('koblitz', '0x7001', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1'),
    short: await odd('short', '0x7002', 'rsa:1024'),
  };
}

/** As makeTestAuthority, under another name. */
async function makeAuthorityNamed(folder: string, name: string): Promise<TestAuthority> {
  const made = await makeTestAuthority(folder);
  await run(
    'openssl',
    [
      'req',
      '-x509',
      '-new',
      '-key',
      'ca.key',
      '-subj',
      `/CN=${name}`,
      '-days',
      '30',
      '-out',
      'ca.crt',
      '-config',
      'openssl.cnf',
      '-addext',
      'basicConstraints=critical,CA:TRUE',
      '-addext',
      'keyUsage=critical,keyCertSign,cRLSign',
    ],
    { cwd: folder },
  );
  return { ...made, ca: await readFile(join(folder, 'ca.crt'), 'utf8') };
}

/** An authority below ours, and a broker certificate of it. */
async function intermediate(folder: string, ours: TestAuthority) {
  const made = await makeTestAuthority(folder);
  const at = (name: string) => join(folder, name);
  await writeFile(at('ca.ext'), 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n');
  await run('openssl', ['req', '-new', '-key', 'ca.key', '-subj', '/CN=Middle CA', '-out', 'ca.csr', '-config', 'openssl.cnf'], {
    cwd: folder,
  });
  await run(
    'openssl',
    [
      'x509',
      '-req',
      '-in',
      'ca.csr',
      '-CA',
      join(ours.folder, 'ca.crt'),
      '-CAkey',
      join(ours.folder, 'ca.key'),
      '-set_serial',
      '0x7003',
      '-days',
      '20',
      '-extfile',
      'ca.ext',
      '-out',
      'ca.crt',
    ],
    { cwd: folder },
  );
  return { ca: await readFile(at('ca.crt'), 'utf8'), server: await made.issue('server', 'serverAuth') };
}

/** A broker certificate of ours whose keyUsage has no digitalSignature. */
async function serverWithout(folder: string, name: string) {
  const ext = [
    'basicConstraints=critical,CA:FALSE',
    'keyUsage=critical,keyAgreement',
    'extendedKeyUsage=serverAuth',
    'subjectAltName=DNS:localhost,IP:127.0.0.1',
  ];
  await writeFile(join(folder, `${name}.ext`), `${ext.join('\n')}\n`);
  await run(
    'openssl',
    [
      'req',
      '-new',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-subj',
      `/CN=${name}`,
      '-out',
      `${name}.csr`,
      '-config',
      'openssl.cnf',
    ],
    { cwd: folder },
  );
  await run(
    'openssl',
    [
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      'ca.crt',
      '-CAkey',
      'ca.key',
      '-set_serial',
      '0x7004',
      '-days',
      '10',
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.crt`,
    ],
    { cwd: folder },
  );
  return {
    certificate: await readFile(join(folder, `${name}.crt`), 'utf8'),
    key: await readFile(join(folder, `${name}.key`), 'utf8'),
  };
}
